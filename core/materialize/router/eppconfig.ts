import { parseDocument } from "yaml";
import type { Behaviour } from "../../behaviour.ts";
import { isObject, type Json, type JsonObject } from "../../json.ts";
import type { LLMInferenceServiceSpec } from "../../spec/service.ts";
import { defaultConfig } from "./eppdefaults.ts";
import { toGoYaml } from "./goyaml.ts";

/** The endpoint picker's configuration (an EndpointPickerConfig) in its command line. */

/** Go reads flags with one dash or two; llm-d's in kebab-case or camelCase. */
const TEXT_FLAGS = ["--config-text", "-config-text", "--configText", "-configText"] as const;
const FILE_FLAGS = ["--config-file", "-config-file", "--configFile", "-configFile"];

/**
 * The arguments that configure the picker, behind those of its template: what the service writes, else nothing where the
 * template has a configuration, else the default.
 * Source: preserveSchedulerConfig in scheduler.go, KServe v0.20.0. What a running scheduler was given before is no input here.
 */
export function configArgs(
  args: readonly string[],
  spec: LLMInferenceServiceSpec,
  behaviour: Pick<Behaviour, "args">,
): string[] {
  const inline = spec.router?.scheduler?.config?.inline;
  if (inline !== undefined && inline !== null) return [TEXT_FLAGS[0], textOf(inline)];
  return hasConfig(args, behaviour) ? [] : [TEXT_FLAGS[0], toGoYaml(defaultConfig(spec))];
}

function hasConfig(args: readonly string[], behaviour: Pick<Behaviour, "args">): boolean {
  const flags: readonly string[] = [...TEXT_FLAGS, ...FILE_FLAGS];
  if (args.slice(0, -1).some((arg) => flags.includes(arg))) return true;
  // KServe overlooks --flag=value, and adds its default behind it.
  return behaviour.args === "flags" && args.some((arg) => flags.some((flag) => arg.startsWith(`${flag}=`)));
}

/** Text of a ConfigMap stays as it is; a document is stored with sorted keys, and passed as that JSON. */
function textOf(inline: unknown): string {
  return typeof inline === "string" ? inline : JSON.stringify(sorted(inline as Json));
}

function sorted(value: Json): Json {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isObject(value)) return value;
  const keys = Object.keys(value).filter((key) => value[key] !== undefined);
  return Object.fromEntries(keys.sort().map((key) => [key, sorted(value[key] as Json)]));
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

/** An object of the Kubernetes API says its kind; text without one is passed on unread. YAML 1.1, as Go's library reads it. */
function readConfig(text: string): JsonObject | undefined {
  const document = parseDocument(text, { version: "1.1", uniqueKeys: false, merge: true });
  if (document.errors.length > 0) return undefined;
  const config: unknown = document.toJS();
  return isObject(config) && typeof config["kind"] === "string" && config["kind"] !== "" ? config : undefined;
}
