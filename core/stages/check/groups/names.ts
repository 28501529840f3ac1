import { parseArgs } from "../../../knowledge/engine/flags/commandline.ts";
import { hasPlugin } from "../../../knowledge/scheduler/config.ts";
import { field, jsonOf } from "../../../kubernetes/json.ts";
import type { CheckFinding } from "../check.ts";
import type { Engine } from "../engine.ts";
import {
  atFlag,
  flagWords,
  type GroupFinding,
  hasNoPods,
  isOpen,
  LATER,
  type PlannedGroup,
  type Serving,
} from "./planned.ts";

/** The model names to which the pods of a group answer, and the flag that sets them. */
interface Names {
  group: Serving;
  names: readonly string[];
}

/**
 * Names that requests give the model. The pool sends a request to any of its pods, whatever model it names: the scheduler filters by
 * health, role and load, and its scorers of LoRA adapters only prefer. An engine answers 404 to a name that it does not serve.
 * Sources: the plugins of llm-d-router 0.8 to 0.10; _check_model in vllm/entrypoints/openai/serving_engine.py.
 */
export function judgeNames(groups: readonly Serving[], service: string, config: unknown): GroupFinding[] {
  const choosesPods = hasPlugin(config, ...BY_LABEL);
  const read = groups.map((group) => ({ group, names: namesOf(group.engine) }));
  const known = read.flatMap(({ group, names }) => (names === undefined ? [] : [{ group, names }]));
  const later = read.filter(({ names }) => names === undefined);
  const unknown = later.map(({ group }) =>
    atFlag(group, SERVED, {
      severity: "info",
      message: `the names under which the pods of ${group.name} serve the model are known only when they run, so they are not compared with those of the other groups`,
      fix: `write the names into --${SERVED}, the same in all groups`,
    }),
  );
  const found = [...judgeServed(known, service), ...judgeAdapters(groups)];
  const reported = choosesPods ? found.map(uncertain) : found;
  return [...reported, ...(known.length > 0 ? unknown : [])];
}

/**
 * Plugins of the scheduler that may restrict the requests of a profile to the pods of one group. Source: llm-d-router
 * 0.7 to 0.10.
 */
const BY_LABEL = ["by-label", "by-label-selector", "label-selector-filter"] as const;

function uncertain({ group, finding }: GroupFinding): GroupFinding {
  return { group, finding: { ...finding, severity: "warning" } };
}

const SERVED = "served-model-name";

/** A model without a served name has the name of its folder. */
function namesOf(engine: Engine): readonly string[] | undefined {
  const words = flagWords(engine, SERVED);
  if (words === LATER) return undefined;
  // The flag requires at least one name: without one the engine does not start.
  if (words !== undefined) return words.join() === "true" ? [] : words;
  const model = modelOf(engine);
  return model === undefined || isOpen(model) ? undefined : [model];
}

/** The model that an engine loads: the bare word of `vllm serve`, otherwise the flag. */
export function modelOf(engine: Engine): string | undefined {
  const flags = engine.isSglang ? ["model-path", "model"] : ["model"];
  const [words] = flags.map((flag) => flagWords(engine, flag)).filter((one) => one !== undefined && one !== LATER);
  const bare = engine.isSglang || engine.start?.isModule === true ? undefined : bareWord(engine.args);
  return bare ?? words?.[0];
}

function bareWord(args: readonly string[]): string | undefined {
  return parseArgs(args).find(({ flag }) => flag === undefined)?.words[0];
}

/**
 * Each group after the first that serves the model under the service's name. SGLang answers whatever model a request
 * names. Source: _validate_request of python/sglang/srt/entrypoints/openai/serving_chat.py, which reads only messages
 * and tools.
 */
function judgeServed(read: readonly Names[], service: string): GroupFinding[] {
  const groups = read.filter(({ group, names }) => names.length > 0 && !group.engine.isSglang);
  const first = groups.find(({ names }) => names.includes(service)) ?? groups[0];
  if (first === undefined) return [];
  return groups.flatMap((other) => {
    const missing = [...without(first.names, other.names), ...without(other.names, first.names)];
    if (missing.length === 0) return [];
    const shared = other.names.filter((name) => first.names.includes(name));
    const isCertain = isReached(other.group, first.group) && (shared.length === 0 || missing.includes(service));
    const message = `the pods of ${other.group.name} serve ${listed(other.names)}, but those of ${first.group.name} serve ${listed(first.names)}, and requests go to both: ${failing(missing)}`;
    const fix = `set --${SERVED} to the same names in all groups, or use a service for each model`;
    return [atFlag(other.group, SERVED, { message, fix, ...severity(isCertain) })];
  });
}

function severity(isCertain: boolean): Pick<CheckFinding, "severity"> {
  return isCertain ? {} : { severity: "warning" };
}

/** Whether requests certainly go to the pods of both. */
function isReached(one: PlannedGroup, other: PlannedGroup): boolean {
  return isRouted(one) && !hasNoPods(one) && !hasNoPods(other);
}

/**
 * Whether a pool or a route of the service itself sends requests; pools and routes of others may select one of the
 * groups.
 */
function isRouted({ spec: { router } }: PlannedGroup): boolean {
  const isOwnPool = router?.scheduler !== undefined && router.scheduler?.pool?.ref === undefined;
  const isOwnRoute = router?.route !== undefined && field(router.route?.http, "refs") === undefined;
  return isOwnPool || isOwnRoute;
}

function judgeAdapters(groups: readonly Serving[]): GroupFinding[] {
  const read = groups.flatMap((group) => {
    const flag = group.engine.isSglang ? "lora-paths" : "lora-modules";
    const words = flagWords(group.engine, flag);
    return words === LATER ? [] : [{ group, flag, names: (words ?? []).flatMap(adapterName) }];
  });
  const all = [...new Set(read.flatMap(({ names }) => names))];
  const hasAdapters = all.length > 0 || groups.some(({ spec }) => (spec.model?.lora?.adapters ?? []).length > 0);
  if (hasAdapters && isMixed(groups)) return groups.flatMap((group) => otherAdapterNames(group, groups));
  const reached = new Set(read.filter(({ group }) => !hasNoPods(group)).flatMap(({ names }) => names));
  return read.flatMap(({ group, flag, names }) => {
    const missing = without(all, names);
    if (missing.length === 0) return [];
    const isCertain =
      isRouted(group) && !hasNoPods(group) && !loadsLater(group) && missing.some((name) => reached.has(name));
    const message = `the pods of ${group.name} lack LoRA adapters that other groups have, but requests go to the pods of all groups: ${failing(missing)}`;
    const fix = `set the adapters in spec.model.lora, or set --${flag} to the same value in all groups`;
    return [atFlag(group, flag, { message, fix, ...severity(isCertain) })];
  });
}

function isMixed(groups: readonly Serving[]): boolean {
  return new Set(groups.map(({ engine }) => engine.isSglang)).size > 1;
}

/**
 * One request cannot select an adapter on both engines: vLLM has it as a separate model, SGLang after the model's name
 * and a colon. Source: _resolve_lora_path of python/sglang/srt/entrypoints/openai/serving_base.py.
 */
function otherAdapterNames(group: Serving, groups: readonly Serving[]): GroupFinding[] {
  const other = groups.find(({ engine }) => !engine.isSglang);
  if (!group.engine.isSglang || other === undefined) return [];
  const message = `the pods of ${group.name} run SGLang, which serves LoRA adapters as MODEL:ADAPTER, but those of ${other.name} run vLLM, which serves them as ADAPTER: a request for an adapter gets the model without it from SGLang, or an error from vLLM`;
  const fix = "use a service for each engine, or remove the adapters";
  return [atFlag(group, "lora-paths", { message, fix, ...severity(isReached(group, other)) })];
}

/**
 * Whether the engine also serves adapters that are loaded at run time: a client loads them through the API, or the
 * engine finds them itself. Sources: vllm/envs.py and docs/features/lora.md of vLLM; /load_lora_adapter of SGLang 0.5.
 */
function loadsLater({ engine }: Serving): boolean {
  if (engine.isSglang) return flagWords(engine, "enable-lora") !== undefined;
  return (engine.container.env ?? []).some(
    ({ name, value = "" }) =>
      (name === "VLLM_ALLOW_RUNTIME_LORA_UPDATING" && !/^(?:0|false)?$/i.test(value)) ||
      name === "VLLM_LORA_RESOLVER_CACHE_DIR" ||
      name === "VLLM_LORA_RESOLVER_HF_REPO_LIST",
  );
}

/** `NAME=PATH`, or JSON with a name. */
export function adapterName(word: string): string[] {
  if (!word.startsWith("{")) return [word.split("=", 1)[0] ?? word];
  const { name, lora_name } = jsonOf(word) ?? {};
  const named = name ?? lora_name;
  return typeof named === "string" ? [named] : [];
}

function without(names: readonly string[], others: readonly string[]): string[] {
  return names.filter((name) => !others.includes(name));
}

function listed(names: readonly string[]): string {
  return `the model as ${names.join(", ")}`;
}

function failing(names: readonly string[]): string {
  return `requests for ${names.join(", ")} fail on some of the pods`;
}
