import { findings, type Recovery } from "../../cluster/recovery.ts";
import {
  bound,
  foreseen,
  isMarked,
  missingRoots,
  possiblyLost,
  withComponents,
} from "../../core/views/recovery/lost.ts";
import { type Finding, mend } from "../../core/views/recovery/mend.ts";
import type { ExportedState } from "../../core/views/recovery/state.ts";
import { failureOf, pulumi, type StackChoice } from "./pulumi.ts";

/** Objects that the program is about to create although they exist. */
export interface Lost {
  /** The output of `pulumi preview --json`. */
  preview: unknown;
  /** Objects with the mark of this stack, and those named by `--take`. */
  ours: readonly Finding[];
  /** Objects of other owners, or of an unknown owner. */
  others: readonly Finding[];
  /** Objects that the state has as another resource, and those that may not be read. */
  unclear: readonly Finding[];
}

/**
 * Looks in the cluster for what a preview would create. Returns pulumi's error if the preview fails. If the state
 * contains objects that no longer exist (`hasGone`), the preview reads the cluster first, because the kubernetes plugin
 * cannot preview an update of them.
 */
export async function findLost(
  state: ExportedState,
  recovery: Recovery,
  choice: StackChoice,
  hasGone = false,
): Promise<Lost | string> {
  const ran = await pulumi(["preview", "--json", ...(hasGone ? ["--refresh"] : [])], choice);
  if (ran.code !== 0) return failureOf(ran);
  const preview: unknown = JSON.parse(ran.stdout);
  const view = foreseen(preview, state);
  const lost = possiblyLost(preview, state);
  const found = await findings({ ...view, deployment: { ...view.deployment, pending_operations: lost } }, recovery);
  const isUnclear = ({ action }: Finding): boolean => action === "held" || action === "unread";
  const existing = found.filter((one) => one.action !== "drop" && one.action !== "keep" && !isUnclear(one));
  const isOurs = ({ action, operation, subject }: Finding): boolean =>
    action === "adopt" && (isMarked(operation) || recovery.take?.includes(argumentOf(subject)) === true);
  return {
    preview,
    ours: existing.filter(isOurs).map((one) => ({ ...one, why: `${one.why}; the state does not contain it` })),
    others: existing
      .filter((one) => !isOurs(one))
      .map((one) => (one.action === "adopt" ? { ...one, why: UNMARKED } : one)),
    unclear: found.filter(isUnclear),
  };
}

const UNMARKED = "it has no mark of a stack";

/** What the engine must create before the lost objects can be added to the state: the stack and providers. */
export function rootsOf({ preview, ours }: Lost, state: ExportedState): string[] {
  return missingRoots(
    preview,
    ours.map(({ operation }) => operation),
    state,
  );
}

/** The state with the found objects, the lost objects, and the components to which they belong. */
export function mendAll(state: ExportedState, found: readonly Finding[], { preview, ours }: Lost): ExportedState {
  const operations = ours.map(({ operation }) => operation);
  const rooted = withComponents(preview, operations, state);
  const lost = bound(operations, state).flatMap((operation, index): Finding[] => {
    const finding = ours[index];
    return finding === undefined ? [] : [{ ...finding, operation }];
  });
  return mend(rooted, [...found, ...lost]);
}

/** The fix for objects that are not added to the state. */
export function lostText({ others, unclear }: Lost): string {
  return `${othersText(others)}${unclearText(unclear)}`;
}

function unclearText(unclear: readonly Finding[]): string {
  if (unclear.length === 0) return "";
  const lines = unclear.map(({ subject, why }) => `  ${subject}: ${why}`);
  return ["The program is about to create objects that may exist:", ...lines, ""].join("\n");
}

/** The fix for objects that are not known to belong to this stack. */
function othersText(others: readonly Finding[]): string {
  if (others.length === 0) return "";
  const lines = others.map(({ subject, why }) => `  ${subject}: ${why}`);
  const take = others.map(({ subject }) => `--take ${argumentOf(subject)}`).join(" ");
  return [
    `The program is about to create ${others.length === 1 ? "an object that exists" : "objects that exist"}:`,
    ...lines,
    "If an earlier run of this stack created it, take it into the state; otherwise rename your resource, or delete the other object.",
    `  kserve-llm recover ${take}\n`,
  ].join("\n");
}

/** `Deployment default/chat` as `--take` names it: `Deployment/chat`. */
export function argumentOf(subject: string): string {
  const [kind = ""] = subject.split(" ");
  return `${kind}/${subject.split(/[ /]/).at(-1) ?? ""}`;
}
