import { ISSUE_CODES, type Issue, isFine } from "../../core/contract/issues/issue.ts";
import type { Plan } from "../../core/contract/plan.ts";

/** A violation that must never occur, whatever the input is. The name identifies its kind. */
export class Violation extends Error {
  override readonly name = "Violation";
  readonly invariant: string;
  constructor(invariant: string, detail = "") {
    super(detail === "" ? invariant : `${invariant}: ${detail.slice(0, 400)}`);
    this.invariant = invariant;
  }
}

/** What a message shows of JavaScript if a value was not what its code expected. */
export const LEAKED = /\bundefined\b|\bNaN\b|\[object \w+\]|native code|\[Function|=> \{/;
/** The user's own text in a message: it may look like JavaScript's output. */
const QUOTED = /the text "(?:[^"\\]|\\.){0,200}"/g;
const SEVERITIES: ReadonlySet<unknown> = new Set<Issue["severity"]>(["error", "warning", "info"]);
const LONGEST_TEXT = 8_000;

/** Checks every issue for what its reader needs. */
export function judgeIssues(issues: readonly Issue[]): void {
  for (const issue of issues) {
    const { code, severity, path, layer, message, fix } = issue;
    const shown = JSON.stringify(issue);
    if (!Object.hasOwn(ISSUE_CODES, code)) throw new Violation("an issue has a code that is not documented", shown);
    if (!SEVERITIES.has(severity)) throw new Violation("an issue has no severity", shown);
    if (typeof path !== "string") throw new Violation("an issue has no path", shown);
    for (const [field, text] of Object.entries({ layer, message, fix })) {
      if (typeof text !== "string" || text === "") throw new Violation(`an issue of ${code} has no ${field}`, shown);
    }
    const texts = [path, layer, message, fix].join("\n");
    if (code !== "UnreadableInput" && LEAKED.test(texts.replaceAll(QUOTED, "")))
      throw new Violation(`an issue of ${code} contains a JavaScript value such as undefined`, shown);
    if (texts.length > LONGEST_TEXT) throw new Violation(`an issue of ${code} is too long`, shown);
  }
}

/** Checks a plan for what is true of every plan. */
export function judgePlan({ issues, objects, spec, service }: Plan): void {
  judgeIssues(issues);
  if (isFine(issues)) {
    if (spec === undefined || service === undefined) throw new Violation("a plan without an error has no spec");
  } else if (objects.length > 0) throw new Violation("a plan with an error has objects");
  const names = new Set<string>();
  for (const { apiVersion, kind, metadata } of objects) {
    const key = [apiVersion, kind, metadata.namespace, metadata.name].join(" ");
    if (names.has(key)) throw new Violation("two objects have the same name", key);
    names.add(key);
    if (LEAKED.test(key)) throw new Violation("an object's name contains a JavaScript value such as undefined", key);
  }
}

/** The same input must give the same output, to the byte. */
export function judgeSame(one: unknown, other: unknown): void {
  const [first, second] = [one, other].map((value) => JSON.stringify(value));
  if (first !== second) throw new Violation("the same input gives another plan");
}
