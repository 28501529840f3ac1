import type { Unread } from "../../cluster/recovery.ts";
import type { Finding } from "../../core/views/recovery/mend.ts";
import type { Action } from "../../core/views/recovery/verdict.ts";
import { table } from "../text/table.ts";
import { shownLines } from "../text/text.ts";
import { argumentOf } from "./lost.ts";

const WORDS: Readonly<Record<Action, string>> = {
  adopt: "take over",
  again: "update again",
  forget: "remove from the state",
  drop: "no change was made",
  refuse: "REFUSED",
  keep: "left as it is",
  unread: "COULD NOT BE READ",
  held: "no change is needed",
};

export function describe(found: readonly Finding[]): string {
  const rows = table(found, [
    { title: "OPERATION", cell: ({ operation }) => operation.type },
    { title: "OBJECT", cell: ({ subject }) => subject },
    { title: "RECOVERY", cell: ({ action }) => WORDS[action] },
    { title: "WHY", cell: ({ why }) => why },
  ]);
  const count = found.length === 1 ? "1 operation" : `${found.length} operations`;
  return `A run was interrupted with ${count} in progress:\n\n${shownLines(rows, false)}`;
}

export function refusedText(refused: readonly Finding[]): string {
  if (refused.length === 0) return "";
  const take = refused.map(({ subject }) => `--take ${argumentOf(subject)}`).join(" ");
  return [
    `${refused.length === 1 ? "One object belongs" : `${refused.length} objects belong`} to another owner.`,
    "Rename your resource, or delete the other object and recover again.",
    `If the object belongs to this stack, take it over: kserve-llm recover ${take}\n`,
  ].join("\n");
}

/** Nothing is removed from a state just because a kubeconfig leads to another cluster. */
export function unsureText(unsure: readonly string[]): string {
  if (unsure.length === 0) return "";
  const named = unsure.slice(0, MOST_NAMED).join(", ");
  const more = unsure.length > MOST_NAMED ? ` and ${unsure.length - MOST_NAMED} more` : "";
  const count = unsure.length === 1 ? "1 object of the state is" : `${unsure.length} objects of the state are`;
  return [
    `${count} not in the cluster (${named}${more}), and no other object shows that it is the cluster of the stack, so the state keeps them.`,
    "Check the kubeconfig and its context. If they name the right cluster, run `pulumi refresh`, which removes these objects from the state.\n\n",
  ].join("\n");
}

const MOST_NAMED = 5;

/** What is unknown about objects of the state. */
export function unreadText(unread: readonly Unread[]): string {
  if (unread.length === 0) return "";
  const count = unread.length === 1 ? "1 object" : `${unread.length} objects`;
  const lines = unread.slice(0, MOST_NAMED).map(({ subject, why }) => `  ${subject}: ${why}`);
  const more = unread.length > MOST_NAMED ? [`  and ${unread.length - MOST_NAMED} more`] : [];
  return [
    `${count} could not be compared with the cluster. The state keeps them as they are:`,
    ...lines,
    ...more,
    "All other objects were compared. Remove the cause, and run `kserve-llm recover` again.\n\n",
  ].join("\n");
}

/** Why an operation stays in the state although no other owner has the object. */
export function unsettledText(unsettled: readonly Finding[]): string {
  if (unsettled.length === 0) return "";
  const count = unsettled.length === 1 ? "One operation stays" : `${unsettled.length} operations stay`;
  return `${count} in the state, because the API server does not let its object be read. Use an identity that may read it, and recover again.\n`;
}
