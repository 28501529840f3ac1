import { isObject, type Json, type JsonObject } from "../../kubernetes/json.ts";
import { bareStep, pathSteps } from "../../kubernetes/path.ts";
import { entryOf } from "../../kubernetes/table.ts";
import { layerOf } from "../input/document.ts";
import type { Issue } from "./issue.ts";

/** Documents as users write them. */
export interface Written {
  service: unknown;
  configs: readonly unknown[];
}

/**
 * The issues of a merged spec with the items of its lists by their names (`containers[name=main]`): the layers have
 * these items at other indexes. An item without a name of its own keeps its index.
 */
export function byName(issues: readonly Issue[], spec: object | undefined): Issue[] {
  const document = { spec: spec as JsonObject };
  return issues.map((issue) => withPaths(issue, "[", (path) => (INDEX.test(path) ? namedPath(path, document) : path)));
}
const INDEX = /\[\d+\]/;
const BRACKET = /[[\]]/;

/**
 * The issues with every named item by its index in the document that has the value, as a user finds it there: in the
 * config that the issue names, otherwise in the service. An item that the document does not have keeps its name.
 */
export function asIndexed(issues: readonly Issue[], { service, configs }: Written): Issue[] {
  return issues.map((issue) => {
    const { layer } = issue;
    const config = layer.startsWith("config ") ? configs.find((one) => layerOf(one, CONFIG) === layer) : undefined;
    return withPaths(issue, "[name=", (path) => indexedPath(path, config ?? service));
  });
}
const CONFIG = "LLMInferenceServiceConfig";

function namedPath(path: string, document: JsonObject): string {
  let value: Json | undefined = document;
  return joined(
    pathSteps(path).map((step) => {
      const list = value;
      value = inside(value, bareStep(step));
      const name = INDEX.test(step) && isObject(value) ? value["name"] : undefined;
      const isOwn = typeof name === "string" && Array.isArray(list) && list.filter(isNamed(name)).length === 1;
      return isOwn && !BRACKET.test(name) ? `[name=${name}]` : step;
    }),
  );
}

/** A path with the index of every named item that the document has. */
export function indexedPath(path: string, document: unknown): string {
  let value = document as Json | undefined;
  return joined(
    pathSteps(path).map((step) => {
      const name = step.startsWith("[name=") ? bareStep(step).slice("name=".length) : undefined;
      // The last of several variables of one name is the one that counts.
      const index = name === undefined || !Array.isArray(value) ? -1 : value.findLastIndex(isNamed(name));
      const shown = index < 0 ? step : `[${index}]`;
      value = inside(value, bareStep(shown));
      return shown;
    }),
  );
}

/** The paths of the spec in a text. */
const IN_TEXT = /\bspec(?:\.[\w-]+|\[[^[\]\s]*\])+/g;

/** An issue with other paths, also in its texts. Issues without the mark have no path that would change. */
function withPaths(issue: Issue, mark: string, change: (path: string) => string): Issue {
  const inText = (text: string): string => (text.includes(mark) ? text.replaceAll(IN_TEXT, change) : text);
  const { path, message, fix } = issue;
  return {
    ...issue,
    path: path.includes(mark) ? change(path) : path,
    message: inText(message),
    ...(fix !== undefined && { fix: inText(fix) }),
  };
}

function joined(steps: readonly string[]): string {
  return steps.map((step, i) => (i === 0 || step.startsWith("[") || step === "{}" ? step : `.${step}`)).join("");
}

function isNamed(name: string): (item: Json) => boolean {
  return (item) => isObject(item) && item["name"] === name;
}

function inside(value: Json | undefined, step: string): Json | undefined {
  if (Array.isArray(value)) return value[Number(step)];
  return isObject(value) ? entryOf(value, step) : undefined;
}
