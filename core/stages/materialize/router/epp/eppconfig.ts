import type { LLMInferenceServiceSpec } from "../../../../api/service.ts";
import type { Behaviour } from "../../../../contract/behaviour.ts";
import { CONFIG_FLAGS, isTextFlag, TEXT_FLAGS } from "../../../../knowledge/scheduler/config.ts";
import { toGoYaml } from "../../../../kubernetes/go/goyaml.ts";
import { fromGoYaml } from "../../../../kubernetes/go/readgoyaml.ts";
import { isObject, type Json, type JsonObject } from "../../../../kubernetes/json.ts";
import { entryOf } from "../../../../kubernetes/table.ts";
import { defaultConfig } from "./eppdefaults.ts";

/** The endpoint picker's configuration (an EndpointPickerConfig) in its command line. */

/**
 * The arguments that configure the picker, after those of its template: the configuration that the service writes;
 * otherwise none if the template has one; otherwise that of the running scheduler; otherwise the default. Source:
 * preserveSchedulerConfig in scheduler.go, KServe v0.20.0.
 */
export function configArgs(
  args: readonly string[],
  running: readonly string[],
  { spec, behaviour }: { spec: LLMInferenceServiceSpec; behaviour: Pick<Behaviour, "args" | "schedulerApi"> },
): string[] {
  const inline = spec.router?.scheduler?.config?.inline;
  if (inline !== undefined && inline !== null) return [TEXT_FLAGS[0], textOf(inline)];
  if (hasConfig(args, behaviour)) return [];
  const kept = running.slice(0, -1).findIndex((arg) => CONFIG_FLAGS.includes(arg));
  return kept < 0 ? [TEXT_FLAGS[0], toGoYaml(defaultConfig(spec, behaviour))] : running.slice(kept, kept + 2);
}

function hasConfig(args: readonly string[], behaviour: Pick<Behaviour, "args">): boolean {
  if (args.slice(0, -1).some((arg) => CONFIG_FLAGS.includes(arg))) return true;
  // KServe does not recognise --flag=value, and adds its default after it.
  return behaviour.args === "flags" && args.some((arg) => CONFIG_FLAGS.some((flag) => arg.startsWith(`${flag}=`)));
}

/** A ConfigMap's text stays as it is; a document is stored with sorted keys, and passed as that JSON. */
function textOf(inline: unknown): string {
  return typeof inline === "string" ? inline : JSON.stringify(sorted(inline as Json));
}

function sorted(value: Json): Json {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isObject(value)) return value;
  const keys = Object.keys(value).filter((key) => entryOf(value, key) !== undefined);
  return Object.fromEntries(keys.sort().map((key) => [key, sorted(entryOf(value, key) as Json)]));
}

/** Whether the arguments contain a configuration as text, so that it can be read and changed. */
export function hasConfigText(args: readonly string[]): boolean {
  return args.slice(0, -1).some(isTextFlag);
}

/** The configurations in the arguments, as documents. */
export function readConfigs(args: readonly string[]): JsonObject[] {
  return args.flatMap((arg, i) => {
    const config = i > 0 && isTextFlag(args[i - 1] ?? "") ? readConfig(arg) : undefined;
    return config === undefined ? [] : [config];
  });
}

/** The arguments with each configuration edited; a text that is not a configuration stays, and so do all after it. */
export function editConfigs(args: readonly string[], edit: (config: JsonObject) => JsonObject): string[] {
  let isReadable = true;
  return args.map((arg, i) => {
    if (i === 0 || !isReadable || !isTextFlag(args[i - 1] ?? "")) return arg;
    const config = readConfig(arg);
    isReadable = config !== undefined;
    return config === undefined ? arg : toGoYaml(edit(config));
  });
}

/** An object of the Kubernetes API has a kind; a text without one is passed on unread. */
function readConfig(text: string): JsonObject | undefined {
  const config = fromGoYaml(text);
  return typeof config?.["kind"] === "string" && config["kind"] !== "" ? config : undefined;
}
