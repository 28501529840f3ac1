import type { Behaviour } from "../../contract/behaviour.ts";
import type { Issue } from "../../contract/issues/issue.ts";
import { nameOf } from "../../contract/names.ts";
import type { Settings } from "../../contract/options/settings.ts";
import {
  asText,
  formatPath,
  isObject,
  type Json,
  type JsonObject,
  jsonProblem,
  type PathStep,
} from "../../kubernetes/json.ts";
import { hasSameItems } from "../../kubernetes/remember.ts";
import { entryOf, setEntry, withValues } from "../../kubernetes/table.ts";
import { isTemplate } from "../../kubernetes/text.ts";
import { declareUnchanging, isUnchanging } from "../../kubernetes/unchanging.ts";
import { evaluate } from "./evaluate.ts";
import { FUNCTION_NAMES } from "./functions.ts";
import { TemplateSyntaxError } from "./lex.ts";
import { type Node, parse } from "./parse.ts";
import { ROOT, TemplateValueError, type Value } from "./values.ts";
/** The settings that templates see as `.GlobalConfig`; KServe does not include credentials. */
export type GlobalConfig = Partial<
  Pick<
    Settings,
    "systemNamespace" | "ingressGatewayName" | "ingressGatewayNamespace" | "enableTLS" | "modelBasedRoutingHeaderName"
  >
> & { inferencePoolNamespacedName?: string };

/** Expands one config over one service: the conformance cases of kind `replacevars`. Null stands for Go's nil. */
export function replaceVariables(request: {
  config: JsonObject | null;
  service: JsonObject | null;
  globalConfig: JsonObject | null;
  behaviour: Behaviour;
}): { result?: JsonObject; issues: Issue[] } {
  const { config, service, globalConfig, behaviour } = request;
  const metadata = isObject(service?.["metadata"]) ? service["metadata"] : {};
  const name = typeof metadata["name"] === "string" ? metadata["name"] : "";
  const pool = `${asText(metadata["namespace"] ?? "")}/${nameOf(name, "inferencePool")}`;
  const settings = globalConfig === null ? {} : { ...globalConfig, inferencePoolNamespacedName: pool };
  const data = dataOf(service, settings);
  if (behaviour.templates === "document") return expandDocument(config ?? {}, data);
  const issues: Issue[] = [];
  return { result: expandLeaves(config ?? {}, data, [], issues) as JsonObject, issues };
}

export function dataOf(service: object | null, globalConfig: object): Value {
  const { metadata, spec, kind, apiVersion } = (service ?? {}) as Record<string, Json>;
  const json = {
    ...(service !== null && { metadata: metadata ?? {}, spec: spec ?? {}, kind, apiVersion }),
    globalConfig,
  };
  return { json: json as JsonObject, type: ROOT, pointer: false, shape: "struct" };
}

/** The value with the templates of its texts expanded; `path` is its place. A part without templates is not copied. */
export function expandLeaves(
  value: Json | undefined,
  data: Value,
  path: PathStep[],
  issues: Issue[],
): Json | undefined {
  return expand(value, { data, path, issues, texts: new Map() });
}

interface Walk {
  data: Value;
  path: PathStep[];
  issues: Issue[];
  /** Results of templates: many places contain the same template. */
  texts: Map<string, string>;
}

function expand(value: Json | undefined, walk: Walk): Json | undefined {
  if (typeof value === "string") return isTemplate(value) ? expandLeaf(value, walk) : value;
  if (typeof value !== "object" || value === null) return value;
  const part = partOf(value);
  if (part?.places.length === 0) return value;
  if (Array.isArray(value)) return expandItems(value, part, walk);
  if (part !== undefined) return expandFields(value, part, walk);
  return withValues(value, (item, key) => (mayExpand(item) ? expandInside(item, key, walk) : item));
}

function expandInside(value: Json | undefined, step: PathStep, walk: Walk): Json | undefined {
  walk.path.push(step);
  const expanded = expand(value, walk);
  walk.path.pop();
  return expanded;
}

/** What is known of a map or list that comes with every plan. */
interface Part {
  /** The names or positions of its values that hold templates: of a map, only these are expanded. */
  places: readonly string[];
  /**
   * Its last expansion, which must not be changed. If the next one is the same, because the templates read only settings,
   * it is declared unchanging too, so later stages judge it once.
   */
  before: Json[] | JsonObject | undefined;
}

/** Undefined for a value that may change. */
function partOf(value: Json[] | JsonObject): Part | undefined {
  const known = parts.get(value);
  if (known !== undefined || !isUnchanging(value)) return known;
  const places = Object.entries(value).flatMap(([place, item]) => (holdsTemplate(item) ? place : []));
  const part: Part = { places, before: undefined };
  parts.set(value, part);
  return part;
}
const parts = new WeakMap<object, Part>();

function holdsTemplate(value: Json | undefined): boolean {
  if (typeof value !== "object" || value === null) return isTemplate(value);
  const part = partOf(value);
  return part === undefined ? Object.values(value).some(holdsTemplate) : part.places.length > 0;
}

function expandFields(value: JsonObject, part: Part, walk: Walk): JsonObject {
  const before = part.before as JsonObject | undefined;
  const out: JsonObject = { ...value };
  let [isChanged, isSame] = [false, before !== undefined];
  for (const name of part.places) {
    const item = entryOf(value, name);
    const expanded = expandInside(item, name, walk) as Json;
    setEntry(out, name, expanded);
    isChanged ||= expanded !== item;
    isSame &&= expanded === entryOf(before, name);
  }
  return isChanged ? lastOf(part, out, isSame) : value;
}

/** The last expansion instead of this one, if they are the same. */
function lastOf<Value extends Json[] | JsonObject>(part: Part, expanded: Value, isSame: boolean): Value {
  if (isSame) declareUnchanging(part.before);
  else part.before = expanded;
  return part.before as Value;
}

/** Most values of a spec are texts without templates, which need no walk. */
function mayExpand(value: Json | undefined): boolean {
  return typeof value === "string" ? isTemplate(value) : typeof value === "object" && value !== null;
}

function expandLeaf(template: string, { data, path, issues, texts }: Walk): string {
  const before = texts.get(template);
  if (before !== undefined) return before;
  const { text, issue } = expandText(template, data, path);
  if (issue !== undefined) issues.push(issue);
  if (text !== undefined) texts.set(template, text);
  return text ?? template;
}

/** An item that expands to nothing is left out, so a flag can be written conditionally. */
function expandItems(items: Json[], part: Part | undefined, walk: Walk): Json[] {
  let out: Json[] | undefined;
  for (let index = 0; index < items.length; index++) {
    const item = items[index] ?? null;
    const expanded = mayExpand(item) ? (expandInside(item, index, walk) ?? null) : item;
    if (expanded !== items[index]) out ??= items.slice(0, index);
    if (expanded !== "" || item === "") out?.push(expanded);
  }
  if (out === undefined) return items;
  if (part === undefined) return out;
  const before = part.before as Json[] | undefined;
  return lastOf(part, out, before !== undefined && hasSameItems(before, out));
}

export function expandDocument(document: JsonObject, data: Value): { result?: JsonObject; issues: Issue[] } {
  const template = JSON.stringify(document).replace(/[<>&\u2028\u2029]/g, escaped);
  if (!isTemplate(template)) return { result: document, issues: [] };
  const { text, issue } = expandText(template, data, ["spec"]);
  if (issue !== undefined) return { issues: [issue] };
  try {
    return { result: JSON.parse(text ?? "") as JsonObject, issues: [] };
  } catch (error) {
    const message = `a template's value breaks the document: ${jsonProblem(error)}`;
    return {
      issues: [
        templateIssue(
          "TemplateValue",
          "spec",
          message,
          "escape quotes and line breaks in the values that templates insert",
        ),
      ],
    };
  }
}

/** Go's JSON escapes characters of HTML. */
function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

function expandText(template: string, data: Value, steps: readonly PathStep[]): { text?: string; issue?: Issue } {
  try {
    return { text: evaluate(parsed(template), data) };
  } catch (error) {
    const path = formatPath(steps);
    if (error instanceof TemplateSyntaxError) {
      return {
        issue: templateIssue(
          "TemplateSyntax",
          path,
          error.message,
          'correct the template, or write a literal {{ as {{ "{{" }}',
        ),
      };
    }
    if (error instanceof TemplateValueError) {
      return {
        issue: templateIssue("TemplateValue", path, error.message, error.fix),
      };
    }
    throw error;
  }
}

/**
 * Presets are expanded for every service, so their leaves are parsed once. Whole documents are not kept, because each
 * is different.
 */
const PARSED = new Map<string, Node[]>();

const LONGEST_KEPT = 20_000;

const MOST_KEPT = 500;

function parsed(template: string): Node[] {
  const known = PARSED.get(template);
  if (known !== undefined) return known;
  const nodes = parse(template, FUNCTION_NAMES);
  if (template.length <= LONGEST_KEPT && PARSED.size < MOST_KEPT) PARSED.set(template, nodes);
  return nodes;
}

function templateIssue(code: "TemplateSyntax" | "TemplateValue", path: string, message: string, fix: string): Issue {
  return { code, severity: "error", path, layer: "merged", message, fix };
}
