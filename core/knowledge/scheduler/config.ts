import type { SchedulerSpec } from "../../api/router.ts";
import type { LLMInferenceServiceConfigSpec } from "../../api/service.ts";
import type { Behaviour } from "../../contract/behaviour.ts";
import { ANNOTATION } from "../../contract/names.ts";
import { fromGoYaml } from "../../kubernetes/go/readgoyaml.ts";
import { asText, isObject, type JsonObject } from "../../kubernetes/json.ts";
import { isSince, parseVersion } from "../../kubernetes/version.ts";
import { containerNamed, MAIN } from "../../kubernetes/workloads/pods.ts";
import { FLAG_READERS, placeOf } from "../engine/flags/flagplace.ts";
import { isSchedulerSwitch } from "./flags.ts";
import { goFlagValue, parseGoFlags } from "./goflags.ts";

/** The scheduler's configuration (an EndpointPickerConfig), as far as it decides what a service needs. */

/** Go accepts flags with one dash or two; llm-d's are in kebab-case or camelCase. */
export const TEXT_FLAGS = ["--config-text", "-config-text", "--configText", "-configText"] as const;
export const CONFIG_FLAGS: readonly string[] = [
  ...TEXT_FLAGS,
  "--config-file",
  "-config-file",
  "--configFile",
  "-configFile",
];

export function isTextFlag(arg: string): boolean {
  return (TEXT_FLAGS as readonly string[]).includes(arg);
}

export const PLUGIN = {
  /** Predicts latencies with a sidecar. */
  latency: "predicted-latency-producer",
  /** Scores by the prefixes that engines report as cached: all in one plugin, before it was split. */
  precise: "precise-prefix-cache-scorer",
  /** The plugins that it was split into: tokens of the prompt, the engines' cached prefixes, and their score. */
  tokens: "token-producer",
  prefixes: "precise-prefix-cache-producer",
  score: "prefix-cache-scorer",
} as const;

type Where = Pick<Behaviour, "schedulerConfigIn">;
export type TokenizerBehaviour = Pick<Behaviour, "tokenizer" | "schedulerConfigIn">;

/**
 * The configuration that a spec contains: in its own field, or in the arguments of the scheduler's template. One behind
 * a reference or in a file is not read. Source: inlineSchedulerConfigBytes in tokenizer.go, KServe v0.21.
 */
export function writtenConfig(spec: LLMInferenceServiceConfigSpec, { schedulerConfigIn }: Where): unknown {
  const scheduler = spec.router?.scheduler;
  const inline = scheduler?.config?.inline;
  if (inline !== undefined && inline !== null) return inline;
  return schedulerConfigIn === "inlineOrArgs" ? configInArgs(scheduler) : undefined;
}

/** The same after references are resolved: a configuration may then be the text of a ConfigMap. */
export function effectiveConfig(spec: LLMInferenceServiceConfigSpec, where: Where): unknown {
  const config = writtenConfig(spec, where);
  return typeof config === "string" ? fromGoYaml(config) : config;
}

/** The first of the flags that name a configuration counts. */
function configInArgs(scheduler: SchedulerSpec | null | undefined): JsonObject | undefined {
  const args = containerNamed(scheduler?.template ?? {}, MAIN)?.args ?? [];
  const at = args.slice(0, -1).findIndex((arg) => CONFIG_FLAGS.includes(arg));
  return at >= 0 && isTextFlag(args[at] ?? "") ? fromGoYaml(args[at + 1] ?? "") : undefined;
}

/** The configuration with which the scheduler starts, if it is written as text or as a document. */
export function startingConfig({ router }: LLMInferenceServiceConfigSpec): JsonObject | undefined {
  const { config, template } = router?.scheduler ?? {};
  const inline = config?.inline ?? undefined;
  if (inline !== undefined)
    return typeof inline === "string" ? fromGoYaml(inline) : isObject(inline) ? inline : undefined;
  const { command = [], args = [] } = containerNamed(template ?? {}, MAIN) ?? {};
  const line = parseGoFlags([...command.slice(1), ...args], isSchedulerSwitch);
  const text = goFlagValue(line, "config-text", "configText");
  return text === undefined ? undefined : fromGoYaml(text);
}

export const CONFIG_PATH = "spec.router.scheduler.config";

/**
 * The path of the field with the scheduler's configuration: its own field if it is set or if no flag of the template
 * names a configuration, otherwise the command line with that flag.
 */
export function configPath({ router }: LLMInferenceServiceConfigSpec): string {
  const { config, template } = router?.scheduler ?? {};
  const index = template?.containers?.findIndex(({ name }) => name === MAIN) ?? -1;
  const main = template?.containers?.[index];
  const isInline = config?.inline !== undefined && config.inline !== null;
  if (isInline || main === undefined) return CONFIG_PATH;
  const { command = [], args = [] } = main;
  const words = [...command, ...args].map((word) => word.split("=", 1)[0] ?? "");
  const flag = words.find((word) => CONFIG_FLAGS.includes(word))?.replace(/^--?/, "");
  if (flag === undefined) return CONFIG_PATH;
  const place = placeOf(main, flag, FLAG_READERS.go);
  const word = place.index === undefined ? "" : `[${place.index}]`;
  return `spec.router.scheduler.template.containers[${index}].${place.field}${word}`;
}

export function hasPlugin(config: unknown, ...types: readonly string[]): boolean {
  const plugins = isObject(config) ? config["plugins"] : undefined;
  return Array.isArray(plugins) && plugins.some((plugin) => isObject(plugin) && types.includes(asText(plugin["type"])));
}

/** The first release of the scheduler that calls a tokenizer over HTTP. */
export const CALLS_TOKENIZER = "0.9.0";

/**
 * Whether a service has a separate tokenizer: its scheduler calls one, and its pool is its own. If the presets decide,
 * a preset must have added one, and the scheduler's release must be able to call it.
 */
export function hasTokenizer(spec: LLMInferenceServiceConfigSpec, behaviour: TokenizerBehaviour): boolean {
  const { scheduler } = spec.router ?? {};
  if (behaviour.tokenizer === "beside" || scheduler?.pool?.ref?.name) return false;
  if (behaviour.tokenizer === "service") return callsTokenizer(spec, effectiveConfig(spec, behaviour));
  return Boolean(scheduler?.tokenizer) && canCallTokenizer(spec);
}

/** Whether the scheduler's release calls tokenizers over HTTP; an unknown release counts as the oldest. */
export function canCallTokenizer({ router }: LLMInferenceServiceConfigSpec): boolean {
  const version = parseVersion(router?.scheduler?.annotations?.[ANNOTATION.version] || "0.0.0");
  return version !== undefined && isSince(version, CALLS_TOKENIZER);
}

/** Whether the scheduler calls a tokenizer: the spec has one, or a plugin that uses it. */
export function callsTokenizer({ router }: LLMInferenceServiceConfigSpec, config: unknown): boolean {
  if (!router?.scheduler) return false;
  return Boolean(router.scheduler.tokenizer) || hasPlugin(config, PLUGIN.tokens, PLUGIN.precise);
}
