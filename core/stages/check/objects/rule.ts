import type { IssueCode } from "../../../contract/issues/issue.ts";
import { isObject, type Json, type JsonObject } from "../../../kubernetes/json.ts";
import { inOtherLetters } from "../../../kubernetes/schema/rightfix.ts";
import { entryOf } from "../../../kubernetes/table.ts";

/** What the API server would refuse of an object, with the path inside of the judged value. */
export interface Refusal {
  code: IssueCode;
  path: string;
  message: string;
  fix: string;
  /** Set if the verdict depends on the cluster; otherwise it is an error. */
  severity?: "warning";
  /** The fix, if only one value is right: at the path, or at the mapping around it. */
  right?: { path: string; value: Json };
  /** Whether it is about two items with one key of their list: CRDs refuse those too. */
  isTwice?: true;
}

/** The result for most values; it is never changed. */
export const NOTHING: Refusal[] = [];

export function invalid(path: string, message: string, fix: string): Refusal {
  return { code: "InvalidValue", path, message, fix };
}

export function missing(path: string, message: string, fix: string, right?: Json): Refusal {
  return { code: "MissingField", path, message, fix, ...(right !== undefined && { right: { path, value: right } }) };
}

/** A value that is not known while the plan is made; see components/inputs/deferred.ts. */
const UNKNOWN = /deferred-[0-9a-f]+-\d+-x/;

/** Whether a text is not known yet, in whole or in part. */
export function isUnknown(text: string): boolean {
  return UNKNOWN.test(text);
}

/** Why a rule refuses a text; nothing if the text is not set, not a text, or not known yet. */
export function judgeText(
  value: Json | undefined,
  path: string,
  problem: (text: string) => string | undefined,
  fix: string,
): Refusal[] {
  if (typeof value !== "string") return NOTHING;
  const why = problem(value);
  return why === undefined || isUnknown(value)
    ? NOTHING
    : [invalid(path, `${shown(value)} is refused by the API server: ${why}`, fix)];
}

/** Values in words: the empty text is a value too. */
function listed(choices: readonly string[]): string {
  const texts = choices.map((choice) => (choice === "" ? '""' : choice));
  return texts.length > 2 ? `one of ${texts.join(", ")}` : texts.join(" or ");
}

/** One of a closed set of values. */
export function judgeChoice(value: Json | undefined, path: string, choices: readonly string[]): Refusal[] {
  if (typeof value !== "string" || choices.includes(value)) return NOTHING;
  const meant = inOtherLetters(value, choices);
  const refusals = judgeText(value, path, () => "it is not an allowed value", `write ${meant ?? listed(choices)}`);
  return meant === undefined ? refusals : refusals.map((one) => ({ ...one, right: { path, value: meant } }));
}

/** A number within limits. */
export function judgeNumber(value: Json | undefined, path: string, least: number, most: number): Refusal[] {
  if (typeof value !== "number" || (value >= least && value <= most)) return NOTHING;
  return [
    invalid(
      path,
      `${value} is refused by the API server: it is outside the range ${least} to ${most}`,
      `write a number from ${least} to ${most}`,
    ),
  ];
}

/** The items of a list that are mappings, each with its path. */
export function itemsOf(holder: JsonObject, field: string, path: string): { item: JsonObject; at: string }[] {
  const list = entryOf(holder, field);
  if (!Array.isArray(list)) return [];
  return list.flatMap((item, index) => (isObject(item) ? [{ item, at: `${path}.${field}[${index}]` }] : []));
}

/** Items that share a value that must be unique. */
export function judgeUnique(items: readonly { key: Json | undefined; at: string }[], what: string): Refusal[] {
  const seen = new Map<string, string>();
  return items.flatMap(({ key, at }): Refusal[] => {
    if (typeof key !== "string" || key === "") return [];
    const first = seen.get(key);
    if (first === undefined) seen.set(key, at);
    return first === undefined
      ? []
      : [invalid(at, `the ${what} ${shown(key)} is already used ${placeOf(first)}`, `choose another ${what}`)];
  });
}

/**
 * Where the first item is: by fields without indexes, because documents have the items at other indexes than the
 * object.
 */
function placeOf(path: string): string {
  const fields = path.split("emplate.spec.").at(-1) ?? path;
  return `by another item of ${fields.replace(INDEX, "")}`;
}
const INDEX = /\[\d+\]/g;

const MOST_SHOWN = 80;

export function shown(text: string): string {
  return JSON.stringify(text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}…` : text);
}

export function mapping(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {};
}
