import { celEvaluator } from "../cel/evaluate.ts";
import type { TypeProblem } from "../go/gourl.ts";
import { asText, formatPath, isObject, type Json, type JsonObject, objectOf, type PathStep } from "../json.ts";
import { isDirective } from "../patch/directives.ts";
import { eachEntry, entryOf } from "../table.ts";
import { isTemplate } from "../text.ts";
import { isUnchanging } from "../unchanging.ts";
import { coerced } from "./coerce.ts";
import { formatFix } from "./formats.ts";
import { formFix } from "./formfix.ts";
import { fieldNode, nodeOf, type SchemaNode } from "./node.ts";
import { matchesPattern } from "./pattern.ts";
import { inOtherLetters, isBlock, rightFix } from "./rightfix.ts";
import type { CelRule, StructuralSchema } from "./schema.ts";
import { switchFix } from "./switches.ts";
import { typeProblem } from "./typecheck.ts";

/** What a fix writes in place of a value; without one, the current value is removed. */
interface Change {
  value?: Json;
}

/** A problem at a place of the document; the caller adds the document and the severity. */
export interface StructureFinding {
  code: "WrongType" | "MissingField" | "InvalidValue" | "Conflict";
  path: string;
  message: string;
  fix?: string;
  /** The fix as a change, if the document is the user's own. */
  fixes?: readonly (Change & { path: string })[];
}

export interface StructureOptions {
  /**
   * Whether null and fractions of quantities are accepted, as in a patch and in Go's decoder; the API server accepts
   * neither.
   */
  lenient: boolean;
  /** Whether a text with a template is accepted in place of a text of another form, because it may expand to that. */
  templates: boolean;
  /** Whether pod templates are one layer of several: then only the keys of list items are required. */
  partialPods: boolean;
  /**
   * Whether a null item of a list is refused: null unsets a field, but an item is not a field. Go's decoder makes it a
   * zero value.
   */
  wholeItems: boolean;
  /** Whether CEL rules that the rule table covers with better messages are left to that table. */
  skipCovered: boolean;
  /** Whether only the types of values are judged, as in a decoder. Default: false. */
  typesOnly?: boolean;
}

/**
 * Judges a value by its schema as the API server judges a custom resource: types, required fields, limits, patterns,
 * keys of lists, CEL rules. Returns all findings in the order of the document; CEL rules come last, and only if the
 * types are right. Unknown fields are not judged here, but where the document is pruned.
 */
export function judgeStructure(
  value: Json,
  schema: StructuralSchema,
  path: readonly PathStep[],
  options: StructureOptions,
): StructureFinding[] {
  const findings: StructureFinding[] = [];
  new Judge(findings, options, [...path]).value(value, nodeOf(schema));
  return findings;
}

const NULL_ITEM = [
  "null is not allowed as an item of a list: null only unsets fields",
  "remove the item, or write a value in place of null",
] as const;

/** The schemas that unchanging values satisfied, by value. */
type Sound = WeakMap<object, SchemaNode | Set<SchemaNode>>;

/** The same by options, as bits, and by place: inside and outside of a pod template that another layer may complete. */
const soundBefore = new Map<number, Sound>();

function soundWith(options: number): Sound {
  const before = soundBefore.get(options);
  if (before !== undefined) return before;
  const made: Sound = new WeakMap();
  soundBefore.set(options, made);
  return made;
}

function isSound(sound: Sound, value: object, node: SchemaNode): boolean {
  const known = sound.get(value);
  return known === node || (known instanceof Set && known.has(node));
}

/** Nearly every value has one schema. */
function addSound(sound: Sound, value: object, node: SchemaNode): void {
  const known = sound.get(value);
  if (known === undefined) sound.set(value, node);
  else if (known instanceof Set) known.add(node);
  else sound.set(value, new Set([known, node]));
}

/** Options as bits; the lowest is free. */
function bitsOf(options: StructureOptions): number {
  const { lenient, templates, partialPods, wholeItems, skipCovered, typesOnly = false } = options;
  return [lenient, templates, partialPods, wholeItems, skipCovered, typesOnly].reduce(
    (bits, isSet) => 2 * (bits + (isSet ? 1 : 0)),
    0,
  );
}

class Judge {
  readonly #findings: StructureFinding[];
  readonly #options: StructureOptions;
  /** What is known of unchanging values inside and outside of a pod template that another layer may complete. */
  readonly #sound: { readonly inside: Sound; readonly outside: Sound };
  readonly #evaluate = celEvaluator();
  /** The path of the walk; it becomes a text only if something is found. */
  readonly #path: PathStep[];
  /** Number of findings so far that leave a value without the form that CEL rules rely on. */
  #formless = 0;
  /** Whether the place is inside of a pod template that another layer may complete. */
  #partial = false;

  constructor(findings: StructureFinding[], options: StructureOptions, path: PathStep[]) {
    this.#findings = findings;
    this.#options = options;
    const bits = bitsOf(options);
    this.#sound = { inside: soundWith(bits + 1), outside: soundWith(bits) };
    this.#path = path;
  }

  value(value: Json, node: SchemaNode): void {
    const before = this.#partial;
    if (node.isPod) this.#partial = this.#options.partialPods;
    if (typeof value === "object" && value !== null && isUnchanging(value)) this.#unchanging(value, node);
    else this.#changing(value, node);
    this.#partial = before;
  }

  /** An unchanging value without findings is not judged again. */
  #unchanging(value: Json[] | JsonObject, node: SchemaNode): void {
    const sound = this.#partial ? this.#sound.inside : this.#sound.outside;
    if (isSound(sound, value, node)) return;
    const before = this.#findings.length;
    this.#changing(value, node);
    if (this.#findings.length === before) addSound(sound, value, node);
  }

  #inside(step: PathStep, value: Json, node: SchemaNode): void {
    this.#path.push(step);
    this.value(value, node);
    this.#path.pop();
  }

  #changing(value: Json, node: SchemaNode): void {
    if (value === null && this.#options.lenient) return;
    const template = this.#options.templates && isTemplate(value);
    if (template && takesText(node)) return;
    const problem = typeProblem(value, node, this.#options.lenient);
    if (problem !== undefined) {
      this.#wrongType(value, node, problem, template);
      return;
    }
    const before = this.#formless;
    if (Array.isArray(value)) this.#list(value, node);
    else if (isObject(value)) this.#object(value, node);
    else if (!this.#options.typesOnly) this.#scalar(value, node);
    if (this.#options.typesOnly) return;
    const rules = node["x-kubernetes-validations"];
    if (rules === undefined || this.#formless > before) return;
    if (!(this.#options.templates && holdsTemplate(value))) this.#rules(value, rules);
  }

  #wrongType(value: Json, node: SchemaNode, { message, fix: plain }: TypeProblem, template: boolean): void {
    const report = (fix: string, change?: Change): void => this.#report("WrongType", [], message, fix, change);
    if (template) {
      report(`${plain}: a template always produces a text`);
      return;
    }
    const name = asText(this.#path.at(-1) ?? "");
    const right = coerced(value, node, name);
    const form = value === null || isBlock(value) ? undefined : formFix(node, value);
    const {
      fix = rightFix(right, value) ?? form ?? plain,
      change = right === undefined ? undefined : { value: right },
    } = switchFix(value, node, name) ?? {};
    report(fix, change);
  }

  #object(value: { [key: string]: Json | undefined }, node: SchemaNode): void {
    const whole = !this.#partial && value["$patch"] !== "delete";
    for (const name of whole ? (node.required ?? []) : []) {
      if ((entryOf(value, name) ?? null) !== null) continue;
      this.#report("MissingField", [name], "a required field is not set", `set ${name}`);
    }
    if (node.minProperties !== undefined || node.maxProperties !== undefined) {
      const count = Object.values(value).filter((item) => item !== undefined).length;
      this.#limit(count, node.minProperties, node.maxProperties, "entries");
    }
    eachEntry(value, (name, item) => {
      const field = item === undefined || isDirective(name) ? undefined : fieldNode(node, name);
      if (field !== undefined) this.#inside(name, item as Json, field);
    });
  }

  #list(items: readonly Json[], node: SchemaNode): void {
    this.#limit(items.length, node.minItems, node.maxItems, "items");
    const inner = node.items && nodeOf(node.items);
    const mergeKey = node["x-kubernetes-patch-merge-key"];
    const outside = this.#partial;
    this.#partial = outside && mergeKey !== undefined;
    for (let i = 0; i < items.length; i++) {
      const item = items[i] as Json;
      if (item === null && this.#options.wholeItems) this.#report("WrongType", [i], ...NULL_ITEM);
      else if (inner !== undefined) this.#inside(i, item, inner);
      const keyless =
        this.#partial && mergeKey !== undefined && isObject(item) && (entryOf(item, mergeKey) ?? null) === null;
      if (keyless && item["$patch"] !== "replace") {
        const message = `${mergeKey} is not set, but it identifies the items of this list`;
        this.#report("MissingField", [i, mergeKey], message, `set ${mergeKey}`);
      }
    }
    this.#partial = outside;
    if (!this.#options.typesOnly) this.#doubles(items, node);
  }

  #doubles(items: readonly Json[], node: SchemaNode): void {
    if (items.length < 2 || !hasKeys(node)) return;
    const seen = new Map<string, number>();
    for (const [i, item] of items.entries()) {
      const key = keyOf(item, node);
      if (key === undefined) continue;
      const first = seen.get(key) ?? i;
      seen.set(key, first);
      if (first === i) continue;
      this.#report(
        "InvalidValue",
        [i],
        `item ${first} of the list already has ${keyShown(key, node)}`,
        "remove one of the two items",
      );
    }
  }

  #scalar(value: Json, node: SchemaNode): void {
    if (node.enum !== undefined && !node.enum.includes(value)) {
      const meant = inOtherLetters(value, node.enum);
      const fix = `write ${meant ?? `one of ${node.enum.join(", ")}`}`;
      const change = meant === undefined ? undefined : { value: meant };
      this.#report("InvalidValue", [], `${shown(value)} is not an allowed value`, fix, change);
    }
    if (typeof value === "number") {
      if (node.minimum !== undefined && value < node.minimum)
        this.#invalid(`${shown(value)} is too small`, `write ${node.minimum} or more`);
      if (node.maximum !== undefined && value > node.maximum)
        this.#invalid(`${shown(value)} is too large`, `write ${node.maximum} or less`);
    }
    if (typeof value !== "string") return;
    const { minLength = 0, maxLength = Number.POSITIVE_INFINITY } = node;
    // A character takes one or two places of a text, so most texts need not be counted.
    if (value.length > maxLength || value.length < 2 * minLength)
      this.#limit(charactersIn(value), minLength, maxLength, "characters");
    if (node.pattern !== undefined && !matchesPattern(value, node.pattern)) {
      this.#invalid(`${shown(value)} does not have the expected format`, formatFix(node.pattern));
    }
  }

  #limit(count: number, least: number | undefined, most: number | undefined, unit: Unit): void {
    if (least !== undefined && count < least)
      this.#invalid(`${counted(count, unit)} too few`, `write at least ${unitsOf(least, unit)}`);
    if (most !== undefined && count > most)
      this.#invalid(`${counted(count, unit)} too many`, `write at most ${unitsOf(most, unit)}`);
  }

  #rules(value: Json, rules: readonly CelRule[]): void {
    for (const { rule, message = `the rule ${rule} is not satisfied`, coveredBy } of rules) {
      if (coveredBy !== undefined && this.#options.skipCovered) continue;
      const outcome = this.#evaluate(rule, { self: value });
      if ("error" in outcome) this.#invalid(`${message} (the rule cannot be evaluated: ${outcome.error})`, meet(rule));
      else if (outcome.value !== true) this.#report("Conflict", [], message, meet(rule));
    }
  }

  #invalid(message: string, fix: string): void {
    this.#report("InvalidValue", [], message, fix);
  }

  /** `steps` lead on from the current path of the walk. */
  #report(
    code: StructureFinding["code"],
    steps: readonly PathStep[],
    message: string,
    fix: string,
    change?: Change,
  ): void {
    if (this.#options.typesOnly && code !== "WrongType") return;
    if (code === "WrongType" || code === "MissingField") this.#formless += 1;
    const path = formatPath([...this.#path, ...steps]);
    this.#findings.push({ code, path, message, fix, ...(change && { fixes: [{ path, ...change }] }) });
  }
}

function shown(value: Json): string {
  return typeof value === "number" ? String(value) : JSON.stringify(value);
}

/** The counted unit, and one of it. */
const ONE = { characters: "1 character", items: "1 item", entries: "1 entry" };
type Unit = keyof typeof ONE;

/** The number of characters of a text; JavaScript counts some of them as two. */
function charactersIn(text: string): number {
  return SURROGATE.test(text) ? [...text].length : text.length;
}
const SURROGATE = /[\ud800-\udfff]/;

function unitsOf(count: number, unit: Unit): string {
  return count === 1 ? ONE[unit] : `${count} ${unit}`;
}

function counted(count: number, unit: Unit): string {
  return `${unitsOf(count, unit)} ${count === 1 ? "is" : "are"}`;
}

/**
 * How to satisfy a rule that has no description. A long rule does not help a reader, who has the rule's
 * message.
 */
function meet(rule: string): string {
  const satisfied = "change the fields so that this rule is satisfied";
  return rule.length <= LONGEST_RULE ? `${satisfied}: ${rule}` : satisfied;
}

const LONGEST_RULE = 120;

/** Whether the items of a list must be unique. */
function hasKeys(node: StructuralSchema): boolean {
  return node["x-kubernetes-list-type"] === "set" || node["x-kubernetes-list-map-keys"] !== undefined;
}

/** What identifies an item of a list; undefined if the list may contain equal ones. */
function keyOf(item: Json, node: SchemaNode): string | undefined {
  if (node["x-kubernetes-list-type"] === "set") return JSON.stringify(item);
  const keys = node["x-kubernetes-list-map-keys"];
  if (keys === undefined || !isObject(item) || item["$patch"] !== undefined) return undefined;
  const fields = node.items === undefined ? {} : (nodeOf(node.items).properties ?? {});
  return JSON.stringify(keys.map((key) => entryOf(item, key) ?? entryOf(fields, key)?.default ?? null));
}

/** A key as a reader writes it: `name A`, or the whole item. */
function keyShown(key: string, node: SchemaNode): string {
  const value = JSON.parse(key) as Json;
  const keys = node["x-kubernetes-list-map-keys"];
  const isOfMap = node["x-kubernetes-list-type"] !== "set" && keys !== undefined && Array.isArray(value);
  if (!isOfMap && !isObject(value)) return shown(value);
  const entries = isOfMap ? keys.map((name, index) => [name, value[index]] as const) : Object.entries(objectOf(value));
  return entries.map(([name, of]) => `${name} ${typeof of === "string" ? of : JSON.stringify(of)}`).join(", ");
}

/**
 * Whether a text can be right at a place of the schema. KServe expands templates inside of the quotes of a JSON text, so they never
 * become a mapping, a list, a number or a boolean.
 * Source: ReplaceVariables in config_merge.go, KServe v0.20.0.
 */
function takesText({ type, format, ...node }: StructuralSchema): boolean {
  if (node["x-kubernetes-int-or-string"] === true || format === "quantity") return true;
  return type === "string" || (type === undefined && node.properties === undefined);
}

function holdsTemplate(value: Json | undefined): boolean {
  if (typeof value !== "object" || value === null) return value !== undefined && isTemplate(value);
  return Object.entries(value).some(([key, item]) => isTemplate(key) || holdsTemplate(item));
}
