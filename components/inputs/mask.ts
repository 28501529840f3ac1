import type { Issue } from "../../core/contract/issues/issue.ts";
import { entryOf } from "../../core/kubernetes/table.ts";
import { isPlainObject } from "./deferred.ts";
import type { Followed, Planning } from "./dependence.ts";

/** Stands where an issue would quote a secret. */
const SECRET = "[secret]";

/**
 * Issues without the secrets that they quote, quote a part of, or count: messages are printed, and stored as an output. Each
 * is compared with an issue of the twin plan, and only words that the two share are shown, because these do not depend on a secret.
 */
export function withoutSecrets({ planning, secrets }: Followed<Planning>, args: unknown): Issue[] {
  return secrets === undefined ? [...planning.issues] : masked(planning.issues, secrets.issues, args);
}

/** The same for issues that were found later, of the planning and of its twin. */
export function masked(issues: readonly Issue[], twins: readonly Issue[], args: unknown): Issue[] {
  const left = [...twins];
  const take = (isIt: (twin: Issue) => boolean): Issue | undefined => {
    const index = left.findIndex(isIt);
    return index < 0 ? undefined : left.splice(index, 1)[0];
  };
  const isEqual = (issue: Issue) => (twin: Issue) =>
    TEXTS.every((text) => twin[text] === issue[text]) && isKind(issue)(twin);
  const equals = issues.map((issue) => take(isEqual(issue)));
  return issues.map((issue, index) => {
    const equal = equals[index];
    if (equal !== undefined) return withSharedFixes(issue, equal);
    const twin = take((one) => isKind(issue)(one) && one.path === issue.path) ?? take(isKind(issue));
    return twin === undefined ? withheld(issue, args) : sharedWith(twin, issue);
  });
}

/**
 * Fixes hold values of the arguments. If one of them depends on a secret, all fixes of the issue are left out, because
 * a part of a fix does not help.
 */
function withSharedFixes({ fixes, ...issue }: Issue, twin: Issue): Issue {
  const isShared = JSON.stringify(fixes) === JSON.stringify(twin.fixes);
  return isShared && fixes !== undefined ? { ...issue, fixes } : issue;
}

const TEXTS = ["path", "layer", "message", "fix"] as const;

function isKind(issue: Issue): (twin: Issue) => boolean {
  return (twin) => twin.code === issue.code && twin.severity === issue.severity;
}

function sharedWith(twin: Issue, issue: Issue): Issue {
  const { code, severity } = issue;
  const [path, layer, message] = [
    shared(issue.path, twin.path),
    shared(issue.layer, twin.layer),
    shared(issue.message, twin.message),
  ];
  return { code, severity, path, layer, message, ...(issue.fix && { fix: shared(issue.fix, twin.fix ?? "") }) };
}

/**
 * The words that two texts begin and end with, and what stands for the others. A document of which a part is hidden is hidden as a
 * whole: the twin of a JSON text has the same names of fields.
 */
function shared(text: string, twin: string): string {
  if (text === twin) return text;
  const [words, others] = [wordsOf(text), wordsOf(twin)];
  const most = Math.min(words.length, others.length);
  let start = 0;
  while (start < most && words[start] === others[start]) start++;
  let end = 0;
  while (end < most - start && words.at(-1 - end) === others.at(-1 - end)) end++;
  const [head, tail] = [words.slice(0, start), words.slice(words.length - end)];
  return [...head.slice(0, firstOpen(head)), SECRET, ...tail.slice(lastOpen(tail))].join("");
}

/** The position of the first brace that is never closed; the end of the text if there is none. */
function firstOpen(words: readonly string[]): number {
  const open: number[] = [];
  for (const [index, word] of words.entries()) {
    if (word === "{") open.push(index);
    if (word === "}") open.pop();
  }
  return open[0] ?? words.length;
}

/** The position after the last brace that closes nothing; the start of the text if there is none. */
function lastOpen(words: readonly string[]): number {
  let [depth, behind] = [0, 0];
  for (const [index, word] of words.entries()) {
    if (word === "{") depth++;
    if (word === "}" && depth-- === 0) [depth, behind] = [0, index + 1];
  }
  return behind;
}

function wordsOf(text: string): string[] {
  return text.match(/[\p{L}\p{N}_.+-]+|./gsu) ?? [];
}

/** Where the twin has no such issue, only its code is shown, and its path as far as it names fields of the arguments. */
function withheld({ code, severity, path }: Issue, args: unknown): Issue {
  return {
    code,
    severity,
    path: argumentPath(path, args),
    layer: "service",
    message: "the text of this issue depends on a secret value, so it is not shown",
    fix: "check the secret values, or plan the service with values that are not secret (`kserve-llm validate`) to read it",
  };
}

/** The first steps of a path that are names of fields, or places of items, in the arguments. */
function argumentPath(path: string, args: unknown): string {
  const documents = isPlainObject(args) ? [args["service"], args["config"], args] : [];
  const lengths = documents.map((document) => lengthWithin(path, document));
  return path.slice(0, Math.max(0, ...lengths));
}

function lengthWithin(path: string, document: unknown): number {
  const [step, dot, bracket] = /^\.?([A-Za-z_$][\w$-]*)|^\[([^\]]*)\]/.exec(path) ?? [];
  const name = dot ?? bracket;
  if (step === undefined || name === undefined || typeof document !== "object" || document === null) return 0;
  if (!Object.hasOwn(document, name)) return 0;
  return step.length + lengthWithin(path.slice(step.length), entryOf(document as Record<string, unknown>, name));
}
