import { isObject, type Json, type JsonObject } from "../../../kubernetes/json.ts";
import { remembering } from "../../../kubernetes/remember.ts";
import { eachEntry, entryOf } from "../../../kubernetes/table.ts";
import { isUnchanging } from "../../../kubernetes/unchanging.ts";
import {
  invalid,
  judgeChoice,
  judgeNumber,
  judgeText,
  judgeUnique,
  mapping,
  missing,
  NOTHING,
  type Refusal,
} from "./rule.ts";

/** The path of a place before it is needed: most objects have no fault, so they are judged without paths first. */
export const UNTRACED = "";

function inItem(path: string, item: string | number): string {
  return path === UNTRACED ? UNTRACED : `${path}[${item}]`;
}

/** Where a value is: its path, the mapping (or list) that contains it, and the pod around it. */
export interface Place {
  path: string;
  holder: JsonObject;
  pod: Pod;
}

/** A pod as rules see it. A finding that did not look at the pod depends only on the judged value. */
export class Pod {
  readonly #spec: JsonObject;
  #looks = 0;

  constructor(spec: JsonObject) {
    this.#spec = spec;
  }

  get spec(): JsonObject {
    this.#looks += 1;
    return this.#spec;
  }

  get looks(): number {
    return this.#looks;
  }
}
/** The place of a value outside of any pod. */
export const NO_POD = new Pod({});

/**
 * What the API server requires of a value. Rules are written as tables of fields, and ignore values of another type,
 * which the schema reports. A null field counts as not set.
 */
export type Rule = (value: Json | undefined, place: Place) => Refusal[];
type Fields = Readonly<Record<string, Rule>>;
type Fix = string;

export function isSet(value: Json | undefined): boolean {
  return value !== undefined && value !== null;
}

/** Whether a field of a mapping is set, and not to an empty text. */
export function hasText(holder: JsonObject, field: string): boolean {
  return isSet(entryOf(holder, field)) && entryOf(holder, field) !== "";
}

/** Rules that find nothing if nothing is set: most fields of a pod are not set, and need no visit. */
const onlyOfSet = new WeakSet<Rule>();

export function ofSet(rule: Rule): Rule {
  onlyOfSet.add(rule);
  return rule;
}

/** The findings in each of some items. Most have none, so a list is only made if there are any. */
function found<Item>(items: readonly Item[], judge: (item: Item, index: number) => Refusal[]): Refusal[] {
  let all = NOTHING;
  for (let index = 0; index < items.length; index++) {
    const refusals = judge(items[index] as Item, index);
    if (refusals.length > 0) all = all.length === 0 ? refusals : [...all, ...refusals];
  }
  return all;
}

/** All rules together. */
export function all(...rules: readonly Rule[]): Rule {
  const [only, ...others] = rules;
  if (only !== undefined && others.length === 0) return only;
  const rule: Rule = (value, place) => found(rules, (one) => one(value, place));
  return rules.every((one) => onlyOfSet.has(one)) ? ofSet(rule) : rule;
}

/**
 * A mapping, judged by its fields; further rules judge the mapping as a whole. Findings are in the order of the table.
 * Most fields of a table are not set in a mapping, so only set fields and fields that are always required are visited.
 * A mapping that comes with every plan is not judged again if nothing was found without a look at the pod.
 */
export function fields(table: Fields, ...whole: readonly Rule[]): Rule {
  const rules = new Map(Object.entries(table).map(([name, rule], index) => [name, { rule, index }]));
  const always = Object.entries(table).flatMap(([name, rule]) => (onlyOfSet.has(rule) ? [] : [name]));
  const sound = new WeakSet<JsonObject>();
  return ofSet((value, { path, pod }) => {
    if (!isObject(value) || sound.has(value)) return NOTHING;
    const looks = pod.looks;
    const untraced = { path: UNTRACED, holder: value, pod };
    const ofFields: Refusal[][] = [];
    const judge = (name: string, item: Json | undefined): void => {
      const field = rules.get(name);
      if (field === undefined) return;
      const refusals = field.rule(item, path === UNTRACED ? untraced : { ...untraced, path: `${path}.${name}` });
      if (refusals.length > 0) ofFields[field.index] = refusals;
    };
    eachEntry(value, judge);
    for (const name of always) if (!Object.hasOwn(value, name)) judge(name, undefined);
    const ofWhole = found(whole, (rule) => rule(value, { path, holder: value, pod }));
    if (ofFields.length > 0) return [...ofFields.flat(), ...ofWhole];
    if (ofWhole.length === 0 && pod.looks === looks && isUnchanging(value)) sound.add(value);
    return ofWhole;
  });
}

/** The items of a list. */
export function each(...rules: readonly Rule[]): Rule {
  const rule = all(...rules);
  return ofSet((value, { path, holder, pod }) =>
    Array.isArray(value)
      ? found(value, (item, index) => rule(item, { path: inItem(path, index), holder, pod }))
      : NOTHING,
  );
}

/** The entries of a map: a rule for its keys, which are judged at the entry, and one for its values. */
export function entries(key: Rule, value: Rule): Rule {
  return ofSet((map, { path, pod }) => {
    if (!isObject(map)) return NOTHING;
    let all = NOTHING;
    eachEntry(map, (name, item) => {
      const at = { path: inItem(path, name), holder: map, pod };
      const [ofKey, ofValue] = [key(name, at), value(item, at)];
      if (ofKey.length > 0 || ofValue.length > 0) all = [...all, ...ofKey, ...ofValue];
    });
    return all;
  });
}

/** A field that must be set, and not to an empty text. */
export function required(...rules: readonly Rule[]): Rule {
  const rule = all(...rules);
  return (value, place) => {
    if (isSet(value) && value !== "") return rule(value, place);
    const name = place.path.slice(place.path.lastIndexOf(".") + 1);
    return [missing(place.path, "a required field is not set", `set ${name}`)];
  };
}

/** A field in which an empty text counts as not set. */
export function optional(...rules: readonly Rule[]): Rule {
  const rule = all(...rules);
  const filled: Rule = (value, place) => (value === "" ? NOTHING : rule(value, place));
  return onlyOfSet.has(rule) ? ofSet(filled) : filled;
}

/** The same names and labels occur in many objects, so the last verdicts are kept. */
export function text(problem: (text: string) => string | undefined, fix: Fix): Rule {
  const known = remembering(problem);
  return ofSet((value, { path }) => judgeText(value, path, known, fix));
}

export function oneOf(...choices: readonly string[]): Rule {
  return ofSet((value, { path }) => judgeChoice(value, path, choices));
}

export function range(least: number, most: number): Rule {
  return ofSet((value, { path }) => judgeNumber(value, path, least, most));
}

/** No two items of a list share the field. */
export function unique(field: string, what: string): Rule {
  return ofSet((value, { path }) =>
    judgeUnique(
      (Array.isArray(value) ? value : []).map((item, index) => ({
        key: entryOf(mapping(item), field),
        at: `${path}[${index}].${field}`,
      })),
      what,
    ),
  );
}

/** The same for the field that is the key of the list. */
export function uniqueKey(field: string, what: string): Rule {
  const rule = unique(field, what);
  return ofSet((...judged) => rule(...judged).map((refusal) => ({ ...refusal, isTwice: true })));
}

/** A list with a maximum number of items. */
export function most(count: number, what: string): Rule {
  return ofSet((value, { path }) =>
    Array.isArray(value) && value.length > count
      ? [
          invalid(
            path,
            `the list has ${value.length} ${what}, but at most ${count} are allowed`,
            `keep at most ${count}`,
          ),
        ]
      : [],
  );
}

/** Exactly one of the fields of a mapping. */
export function exactlyOne(...names: readonly string[]): Rule {
  const notTwo = atMostOne(...names);
  return ofSet((value, place) => {
    if (isObject(value) && !names.some((name) => isSet(entryOf(value, name))))
      return [missing(place.path, `one of ${names.join(", ")} must be set`, `set one of ${names.join(", ")}`)];
    return notTwo(value, place);
  });
}

/** At most one of the fields of a mapping. */
export function atMostOne(...names: readonly string[]): Rule {
  const all = new Set(names);
  return ofSet((value, { path }) => {
    if (!isObject(value) || Object.keys(value).filter((name) => all.has(name)).length < 2) return NOTHING;
    const given = names.filter((name) => isSet(entryOf(value, name)));
    return given.length < 2
      ? []
      : [
          invalid(
            path,
            `${given.join(" and ")} cannot be set together`,
            `remove ${given.length === 2 ? given.join(" or ") : `all but one of ${given.join(", ")}`}`,
          ),
        ];
  });
}

/** A field that must not be set if `is` is true of the mapping that contains it. */
export function never(why: string, fix: Fix, is: (place: Place) => boolean = () => true): Rule {
  return ofSet((value, place) => (isSet(value) && is(place) ? [invalid(place.path, why, fix)] : []));
}
