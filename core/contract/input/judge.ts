import type { z } from "zod";
import { formatPath, isObject, type PathStep } from "../../kubernetes/json.ts";
import { didYouMean, nearest, removeBeside } from "../../kubernetes/nearest.ts";
import { rememberingOf } from "../../kubernetes/remember.ts";
import { fieldsFix } from "../../kubernetes/schema/formfix.ts";
import { eachEntry, entryOf, setEntry, tableOf } from "../../kubernetes/table.ts";
import type { Issue } from "../issues/issue.ts";
import { DECIMAL, numberMeant, onlyItemOf, renamed, spelledBy } from "./meantvalue.ts";
import { isNotYetKnown } from "./unknown.ts";

/** The place of the value, and the document that it belongs to. */
export interface Place {
  path?: string | readonly PathStep[];
  layer: string;
  /** Where to read which fields there are, where no name is near. */
  see?: string;
  /** Whether names that the schema does not have are skipped: a newer release may have written them. */
  allowUnknownNames?: boolean;
}

type ZodIssue = z.core.$ZodIssue;
/** One problem without its place. */
type Problem = Pick<Issue, "code" | "message" | "fix">;

/** Everything that is wrong with a value, by its schema: each problem at its path, with what was expected and what was found. */
export function judge(schema: z.ZodType, value: unknown, place: Place): Issue[] {
  const { success, error } = schema.safeParse(value, { reportInput: true });
  const found = success ? [] : zodIssues(error, schema, place);
  const isNew = ({ path }: Issue): boolean => !found.some((other) => other.path === path);
  return [...found, ...droppedNames(schema, value, place).filter(isNew)];
}

/** A name that zod drops silently from maps. No map of options has such a name. */
const DROPPED = "__proto__";

function droppedNames(schema: z.ZodType, value: unknown, place: Place, inner: readonly PathStep[] = []): Issue[] {
  if (typeof value !== "object" || value === null || !mayDrop(schema)) return [];
  return formsOf(schema).flatMap(({ shape = {}, element, valueType }) =>
    Object.entries(value).flatMap(([key, item]): Issue[] => {
      const path = [...inner, Array.isArray(value) ? Number(key) : key];
      const isDropped = key === DROPPED && valueType !== undefined;
      if (isDropped)
        return [
          {
            severity: "error",
            layer: place.layer,
            path: below(place.path ?? "", path),
            ...unknownName(key, [], place),
          },
        ];
      const field = Array.isArray(value) ? element : (entryOf(shape, key) ?? valueType);
      return field === undefined ? [] : droppedNames(field, item, place, path);
    }),
  );
}

/** What a schema found, as issues; the value must have been parsed with `reportInput`. */
export function zodIssues({ issues }: z.ZodError, schema: z.ZodType, place: Place): Issue[] {
  const { path = [], layer, allowUnknownNames = false } = place;
  return issues
    .map((issue): ZodIssue => issue)
    .flatMap(atAlternative)
    .filter((issue) => !isAllowed(issue, allowUnknownNames))
    .flatMap((issue): Issue[] => {
      const inner = issue.path.map((step) => (typeof step === "number" ? step : String(step)));
      const at = (...more: string[]): string => below(path, [...inner, ...more]);
      if (issue.code === "unrecognized_keys") {
        const known = namesAt(schema, inner);
        return issue.keys.map((key) => ({
          severity: "error",
          layer,
          path: at(key),
          ...unknownName(key, known, place, issue.input),
          ...(layer === "service" && renamed(key, known, issue.input, at)),
        }));
      }
      const fields = schemasAt(schema, inner);
      const unquoted = unquotedOf(issue, fields, inner.at(-1)) ?? onlyItemOf(issue, fields);
      // A program changes a service, not an option.
      const fixes = layer === "service" && unquoted !== undefined ? { fixes: [{ path: at(), value: unquoted }] } : {};
      const problem = problemOf(issue, inner.at(-1), fields);
      const written =
        Array.isArray(issue.input) && unquoted !== undefined && `write its item without the list: ${unquoted}`;
      return [{ severity: "error", layer, path: at(), ...problem, ...(written && { fix: written }), ...fixes }];
    });
}

/** The path of a place below another one. */
function below(path: string | readonly PathStep[], inner: readonly PathStep[]): string {
  if (typeof path !== "string") return formatPath([...path, ...inner]);
  const rest = formatPath(inner);
  return path === "" || rest === "" || rest.startsWith("[") ? `${path}${rest}` : `${path}.${rest}`;
}

/** A text that is not known yet is accepted as any text; its form is judged once it is known. */
function isAllowed({ code, input }: ZodIssue, allowUnknownNames: boolean): boolean {
  if (code === "unrecognized_keys") return allowUnknownNames;
  const isForm = code === "invalid_format" || code === "custom" || code === "too_small" || code === "too_big";
  return isForm && typeof input === "string" && isNotYetKnown(input);
}

/** Of a union, the alternative of the value's own type, where there is one: its problems say more than "invalid". */
function atAlternative(issue: ZodIssue): ZodIssue[] {
  if (issue.code !== "invalid_union") return [issue];
  const isOfType = (found: ZodIssue): boolean => found.code !== "invalid_type" || found.path.length > 0;
  const meant = issue.errors.find((found) => found.length > 0 && found.every(isOfType));
  if (meant === undefined) return [issue];
  return meant.flatMap((inner) => atAlternative({ ...inner, path: [...issue.path, ...inner.path] }));
}

/** `around` is the mapping that has the name. */
function unknownName(name: string, known: readonly string[], { see }: Place, around?: unknown): Problem {
  const near = nearest(name, known);
  const isBeside = near !== undefined && isObject(around) && entryOf(around, near) !== undefined;
  if (isBeside) return { code: "UnknownField", message: `unknown field ${name}`, fix: removeBeside(name, near) };
  const fields = known.length > 0 && see === undefined ? `use one of: ${known.join(", ")}` : (see ?? "remove it");
  return { code: "UnknownField", message: `unknown field ${name}`, fix: didYouMean(name, known) ?? fields };
}

function problemOf(issue: ZodIssue, field: PathStep | undefined, schemas: readonly z.ZodType[] = []): Problem {
  const { input } = issue;
  switch (issue.code) {
    case "invalid_type":
      if (input === undefined) return missing(field);
      return wrongType(expectedOf(issue, schemas), input, {
        unquoted: unquotedOf(issue, schemas, field),
        ...(issue.expected === "object" && input !== null && { form: formOfFields(schemas, input) }),
      });
    case "invalid_union":
      return wrongType(alternativesOf(issue.errors), input);
    case "invalid_value": {
      const values = issue.values.map((value) => JSON.stringify(value)).join(", ");
      if (input === undefined) return missing(field);
      if (typeof input !== typeof issue.values[0]) return wrongType(`one of ${values}`, input);
      return {
        code: "InvalidValue",
        message: `${shown(input)} is not an allowed value`,
        fix: `write one of ${values}`,
      };
    }
    case "too_small":
    case "too_big":
      return outOfRange(issue);
    case "custom":
      return customProblem(issue);
    case "invalid_key": {
      const [inner] = issue.issues;
      return inner === undefined ? { code: "InvalidValue", message: issue.message } : problemOf(inner, field);
    }
    default:
      return { code: "InvalidValue", message: `${shown(input)} does not have the expected format`, fix: formOf(issue) };
  }
}

const EXPECTED: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "a mapping",
  record: "a mapping",
};

/** What was expected; zod calls a whole number a number where it finds another type. */
function expectedOf({ expected }: z.core.$ZodIssueInvalidType, schemas: readonly z.ZodType[]): string {
  const isWhole = expected === "number" && schemas.some((one) => formsOf(one).some(({ format }) => format === INT));
  return EXPECTED[isWhole ? "int" : expected] ?? expected;
}
const INT = "safeint";

function missing(field: PathStep | undefined): Problem {
  return { code: "MissingField", message: "a required field is not set", fix: `set ${field}` };
}

/** The number or switch that a text in quotes spells, where one is expected and the field takes this one. */
function unquotedOf(
  issue: ZodIssue,
  schemas: readonly z.ZodType[],
  field: PathStep | undefined,
): number | boolean | undefined {
  const spelled = spelledBy(issue) ?? numberMeant(issue, String(field));
  return spelled !== undefined && schemas.some((one) => one.safeParse(spelled).success) ? spelled : undefined;
}

/** The fields of the object that is expected, of which any may be written. */
function formOfFields(schemas: readonly z.ZodType[], input: unknown): string | undefined {
  const takes = (name: string): boolean =>
    schemas.some((one) => schemasAt(one, [name]).some((field) => field.safeParse(input).success));
  const names = [...new Set(schemas.flatMap((one) => namesAt(one, [])))];
  const switches = input === true ? names.filter(takes) : [];
  return fieldsFix(switches.length > 0 ? switches.map((name) => `${name}: true`) : names);
}

function wrongType(
  wanted: string,
  input: unknown,
  { unquoted, form }: { unquoted?: number | boolean | undefined; form?: string | undefined } = {},
): Problem {
  const plain = input === null ? `write ${wanted}, or remove the field` : (form ?? `write ${wanted}`);
  const isInQuotes = String(input) === String(unquoted) || DECIMAL.test(String(input));
  const isOfQuotes = typeof input === "string" && isInQuotes;
  const fix = unquoted === undefined ? plain : `${isOfQuotes ? "remove the quotes:" : "write"} ${unquoted}`;
  return { code: "WrongType", message: `${wanted} was expected, not ${describe(input)}`, fix };
}

function alternativesOf(errors: readonly (readonly ZodIssue[])[]): string {
  const wanted = errors.flatMap((found) =>
    found.flatMap((one) => (one.code === "invalid_type" ? (EXPECTED[one.expected] ?? one.expected) : [])),
  );
  return [...new Set(wanted)].join(" or ") || "another value";
}

/** What the length of a value is counted in, by its type. */
const UNITS = tableOf({ string: " characters", array: " items", set: " items" });

function outOfRange(issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig): Problem {
  const isSmall = issue.code === "too_small";
  const limit = isSmall ? issue.minimum : issue.maximum;
  const units = UNITS.get(issue.origin) ?? "";
  const unit = Number(limit) === 1 ? units.replace(/s$/, "") : units;
  const inclusive = isSmall ? `at least ${limit}${unit}` : `at most ${limit}${unit}`;
  const bound = issue.inclusive === false ? `${isSmall ? "above" : "below"} ${limit}` : inclusive;
  const value = unit === "" ? shown(issue.input) : describe(issue.input);
  return {
    code: "InvalidValue",
    message: `${value} is too ${unit === "" ? (isSmall ? "small" : "large") : isSmall ? "short" : "long"}`,
    fix: unit === "" ? `write a number ${bound.replace(/^at (least|most)/, "of at $1")}` : `write ${bound}`,
  };
}

/** A refinement has its own message; a value of a specific type names the type that was expected. */
function customProblem({ input, message, params }: z.core.$ZodIssueCustom): Problem {
  if (message === "Invalid input") return wrongType("a mapping", input);
  const fix: unknown = params?.["fix"];
  return { code: "InvalidValue", message, ...(typeof fix === "string" && { fix }) };
}

function formOf(issue: ZodIssue): string {
  if (issue.code !== "invalid_format") return "write a value of the field's type and range";
  // A message of a schema about its format; zod's default message starts like this.
  if (issue.message !== undefined && !issue.message.startsWith("Invalid ")) return issue.message;
  return issue.pattern === undefined ? `write a ${issue.format}` : `write a text that matches ${issue.pattern}`;
}

/** A value as messages show it: scalars as they are written, the rest by kind. */
function describe(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "string") return `the text ${shown(value)}`;
  if (typeof value === "number" && !Number.isFinite(value)) return "a number that is not finite";
  return ["number", "boolean"].includes(typeof value)
    ? `the ${typeof value} ${String(value)}`
    : (KINDS[typeof value] ?? "a mapping");
}

const KINDS: Readonly<Record<string, string>> = { function: "a function", symbol: "a symbol", bigint: "a big integer" };

function shown(value: unknown): string {
  return typeof value === "string"
    ? JSON.stringify(value)
    : typeof value === "object"
      ? describe(value)
      : String(value);
}

/** The names of an object's fields at a path below a schema. */
export function namesAt(schema: z.ZodType, path: readonly PathStep[]): string[] {
  const forms = schemasAt(schema, path).flatMap(formsOf);
  return [...new Set(forms.flatMap(({ shape = {} }) => Object.keys(shape)))];
}

/** The schemas of the field at a path below a schema: below a union, one of each alternative that has the field. */
function schemasAt(schema: z.ZodType, [step, ...rest]: readonly PathStep[]): z.ZodType[] {
  if (step === undefined) return [schema];
  return formsOf(schema).flatMap(({ shape = {}, valueType, element }) => {
    const field = entryOf(shape, String(step)) ?? valueType ?? element;
    return field === undefined ? [] : schemasAt(field, rest);
  });
}

interface Form {
  shape?: Readonly<Record<string, z.ZodType>>;
  element?: z.ZodType;
  valueType?: z.ZodType;
  innerType?: z.ZodType;
  options?: readonly z.ZodType[];
  /** The kind of a number. */
  format?: string;
  /** What fields without a schema may hold; in a closed object nothing (never). */
  catchall?: z.ZodType;
}

/** The schema without its wrappers; for a union, each alternative. */
const formsOf = rememberingOf((schema: z.ZodType): readonly Form[] => {
  const form = schema.def as Form;
  if (form.innerType !== undefined) return formsOf(form.innerType);
  return form.options === undefined ? [form] : form.options.flatMap(formsOf);
});

/** Whether a schema has a map inside: only those drop a name. */
const mayDrop = rememberingOf((schema: z.ZodType): boolean =>
  formsOf(schema).some(({ shape = {}, element, valueType }) => {
    const inner = [element, ...Object.values(shape)].filter((one) => one !== undefined);
    return valueType !== undefined || inner.some(mayDrop);
  }),
);

/**
 * The value without fields that are null: files and clusters write null for what is not set. Only a few levels are
 * read, because YAML aliases can make a document contain itself.
 */
export function withoutNulls<T>(value: T, depth = 2): T {
  if (!isObject(value) || depth < 0) return value;
  const entries = Object.entries(value).filter(([, item]) => item !== null);
  return Object.fromEntries(entries.map(([key, item]) => [key, withoutNulls(item, depth - 1)])) as T;
}

/**
 * The options that can be used, and what is wrong with the others. Of maps, lists and closed objects the sound
 * entries are used, so that one mistake does not hide another. Names that are not options are left out of both.
 */
export function soundOptions<Shape extends Readonly<Record<string, z.ZodType>>>(
  shape: Shape,
  given: Readonly<Record<string, unknown>>,
  place: Place,
): { sound: Partial<z.infer<z.ZodObject<Shape>>>; issues: Issue[] } {
  const sound: Record<string, unknown> = {};
  const issues: Issue[] = [];
  const { path = [] } = place;
  eachEntry<z.ZodType>(shape, (name, schema) => {
    const value = entryOf(given, name);
    if (value === undefined) return;
    if (isKnownSound(schema, value)) {
      setEntry(sound, name, value);
      return;
    }
    const found = judge(schema, value, {
      ...place,
      path: typeof path === "string" ? below(path, [name]) : [...path, name],
    });
    if (found.length === 0) keepSound(schema, value);
    const part = found.length === 0 ? value : soundPart(schema, value);
    if (part !== undefined) setEntry(sound, name, part);
    issues.push(...found);
  });
  return { sound: sound as Partial<z.infer<z.ZodObject<Shape>>>, issues };
}

/** The words that a schema accepted, and EMPTY for a map without entries: most options are such, and the same in every plan. */
const soundBefore = rememberingOf((_schema: z.ZodType) => new Set<unknown>());
const EMPTY = Symbol("empty");
const MOST_KEPT = 64;
/** The longest text that counts as a word: a kubeconfig, for example, is not kept. */
const LONGEST_KEPT = 64;

function isKnownSound(schema: z.ZodType, value: unknown): boolean {
  return soundBefore(schema).has(isEmptyMap(value) ? EMPTY : value);
}

function keepSound(schema: z.ZodType, value: unknown): void {
  const known = soundBefore(schema);
  if (known.size >= MOST_KEPT) return;
  if (typeof value === "string" && value.length <= LONGEST_KEPT) known.add(value);
  else if (isEmptyMap(value)) known.add(EMPTY);
}

function isEmptyMap(value: unknown): boolean {
  return isObject(value) && Object.getPrototypeOf(value) === Object.prototype && Object.keys(value).length === 0;
}

/** The entries of a value that can be used although others cannot; undefined where it can only be used as a whole. */
function soundPart(schema: z.ZodType, value: unknown): unknown {
  const isSound = (part: unknown): boolean => schema.safeParse(part).success;
  const isDivisible = formsOf(schema).some(
    ({ valueType, element, catchall }) => (valueType ?? element) !== undefined || catchall?.def.type === "never",
  );
  if (!isDivisible) return undefined;
  const part = Array.isArray(value)
    ? value.filter((item) => isSound([item]))
    : isObject(value) && Object.fromEntries(Object.entries(value).filter(([key, item]) => isSound({ [key]: item })));
  return isSound(part) ? part : undefined;
}

/** Names that are not options, each with the option whose name is nearest. */
export function unknownOptions(names: readonly string[], known: readonly string[], place: Place): Issue[] {
  return names
    .filter((name) => !known.includes(name))
    .map((name) => ({
      severity: "error",
      layer: place.layer,
      path: below(place.path ?? "", [name]),
      ...unknownName(name, known, place),
    }));
}
