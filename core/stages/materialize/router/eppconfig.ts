import { parseDocument, type ScalarTag, type Tags } from "yaml";
import type { LLMInferenceServiceSpec } from "../../../api/service.ts";
import type { Behaviour } from "../../../contract/behaviour.ts";
import { toGoYaml } from "../../../kubernetes/goyaml.ts";
import { isObject, type Json, type JsonObject } from "../../../kubernetes/json.ts";
import { entryOf } from "../../../kubernetes/table.ts";
import { defaultConfig } from "./eppdefaults.ts";

/** The endpoint picker's configuration (an EndpointPickerConfig) in its command line. */

/** Go reads flags with one dash or two; llm-d's in kebab-case or camelCase. */
const TEXT_FLAGS = ["--config-text", "-config-text", "--configText", "-configText"] as const;
const FLAGS: readonly string[] = [...TEXT_FLAGS, "--config-file", "-config-file", "--configFile", "-configFile"];

/**
 * The arguments that configure the picker, behind those of its template: what the service writes, else nothing where the
 * template has a configuration, else that of the scheduler that runs, else the default.
 * Source: preserveSchedulerConfig in scheduler.go, KServe v0.20.0.
 */
export function configArgs(
  args: readonly string[],
  running: readonly string[],
  { spec, behaviour }: { spec: LLMInferenceServiceSpec; behaviour: Pick<Behaviour, "args"> },
): string[] {
  const inline = spec.router?.scheduler?.config?.inline;
  if (inline !== undefined && inline !== null) return [TEXT_FLAGS[0], textOf(inline)];
  if (hasConfig(args, behaviour)) return [];
  const kept = running.slice(0, -1).findIndex((arg) => FLAGS.includes(arg));
  return kept < 0 ? [TEXT_FLAGS[0], toGoYaml(defaultConfig(spec))] : running.slice(kept, kept + 2);
}

function hasConfig(args: readonly string[], behaviour: Pick<Behaviour, "args">): boolean {
  if (args.slice(0, -1).some((arg) => FLAGS.includes(arg))) return true;
  // KServe overlooks --flag=value, and adds its default behind it.
  return behaviour.args === "flags" && args.some((arg) => FLAGS.some((flag) => arg.startsWith(`${flag}=`)));
}

/** Text of a ConfigMap stays as it is; a document is stored with sorted keys, and passed as that JSON. */
function textOf(inline: unknown): string {
  return typeof inline === "string" ? inline : JSON.stringify(sorted(inline as Json));
}

function sorted(value: Json): Json {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isObject(value)) return value;
  const keys = Object.keys(value).filter((key) => entryOf(value, key) !== undefined);
  return Object.fromEntries(keys.sort().map((key) => [key, sorted(entryOf(value, key) as Json)]));
}

/** Whether the arguments hold a configuration as text, so that it can be read and changed. */
export function hasConfigText(args: readonly string[]): boolean {
  return args.slice(0, -1).some(isTextFlag);
}

function isTextFlag(arg: string): boolean {
  return (TEXT_FLAGS as readonly string[]).includes(arg);
}

/** The configurations in the arguments, as documents. */
export function readConfigs(args: readonly string[]): JsonObject[] {
  return args.flatMap((arg, i) => {
    const config = i > 0 && isTextFlag(args[i - 1] ?? "") ? readConfig(arg) : undefined;
    return config === undefined ? [] : [config];
  });
}

/** The arguments with each configuration edited; text that is no configuration stays, as do all behind it. */
export function editConfigs(args: readonly string[], edit: (config: JsonObject) => JsonObject): string[] {
  let isReadable = true;
  return args.map((arg, i) => {
    if (i === 0 || !isReadable || !isTextFlag(args[i - 1] ?? "")) return arg;
    const config = readConfig(arg);
    isReadable = config !== undefined;
    return config === undefined ? arg : toGoYaml(edit(config));
  });
}

/** An object of the Kubernetes API says its kind; text without one is passed on unread. */
function readConfig(text: string): JsonObject | undefined {
  const document = parseDocument(text, { version: "1.1", uniqueKeys: false, merge: true, customTags: asGoReads });
  if (document.errors.length > 0) return undefined;
  const config = documentValue(document);
  return isObject(config) && typeof config["kind"] === "string" && config["kind"] !== "" ? config : undefined;
}

/** The library throws on aliases that multiply beyond reason: such text is unreadable too. */
function documentValue(document: ReturnType<typeof parseDocument>): unknown {
  try {
    return document.toJS();
  } catch {
    return undefined;
  }
}

/** Go's library reads YAML 1.1 without its times and sexagesimal numbers, which are text; a float has a digit before its end. */
function asGoReads(tags: Tags): Tags {
  return tags.flatMap((tag): Tags => {
    if (typeof tag === "string") return [tag];
    const format = "format" in tag ? tag.format : undefined;
    if (tag.tag.endsWith(":timestamp") || format === "TIME") return [];
    const test = tag.tag.endsWith(":float") ? entryOf(FLOATS, format ?? "POINT") : undefined;
    return test === undefined || !("test" in tag) || isWord(tag.test) ? [tag] : [{ ...tag, test } as ScalarTag];
  });
}

/** `.inf` and `.nan` are tags of their own, and as they should be. */
function isWord(test: RegExp | undefined): boolean {
  return test === undefined || test.test(".inf") || test.test(".nan");
}

const FLOATS: Readonly<Record<string, RegExp>> = {
  EXP: /^[-+]?(?:\.[0-9]+|[0-9][0-9_]*(?:\.[0-9_]*)?)[eE][-+]?[0-9]+$/,
  POINT: /^[-+]?(?:\.[0-9][0-9_]*|[0-9][0-9_]*\.[0-9_]*)$/,
};
