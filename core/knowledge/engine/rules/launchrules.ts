import { asText, jsonOf } from "../../../kubernetes/json.ts";
import { entryOf } from "../../../kubernetes/table.ts";
import { releaseNumber } from "../release.ts";
import { DATA, EXTERNAL, LOCAL, NOTHING, RANK } from "./parallelflags.ts";
import { type Broken, type Line, type Rule, sizeOn } from "./rule.ts";

const PARALLEL = "ParallelConfig, vllm/config/parallel.py";
const ENGINE = "EngineArgs.create_engine_config, vllm/engine/arg_utils.py";
const SPECULATIVE = "speculative-config";
const ASYNC = "async-scheduling";
const TENSOR = "tensor-parallel-size";

const SERVE = "ServeSubcommand, vllm/entrypoints/cli/serve.py";
const CONFIG = "VllmConfig, vllm/config/vllm.py";

/**
 * How the engine and its ranks are started: combinations of flags that vLLM refuses. Bounds: package `vllm`, every
 * release from 0.9.0 to 0.33.0.
 */
export const LAUNCH_RULES: readonly Rule[] = [
  { asksForMore: true, from: "0.10.0", source: PARALLEL, broken: balancesOneRank },
  { asksForMore: true, from: "0.9.2", source: PARALLEL, broken: redundantWithoutBalance },
  { source: ENGINE, asksForMore: true, broken: hybridWithoutLocal },
  { source: ENGINE, broken: hybridWithoutServer },
  { source: ENGINE, broken: localOfOneRank },
  { from: "0.11.1", source: `${ENGINE}; from 0.15 on ${SERVE}`, broken: severalBalancers },
  { source: `run_headless and ${SERVE}`, broken: serversOfHeadless },
  { from: "0.11.1", source: PARALLEL, broken: nodesOfRay },
  { from: "0.11.1", source: ENGINE, broken: noSuchNode },
  { asksForMore: true, from: "0.11.1", source: ENGINE, broken: unevenNodes },
  { from: "0.9.2", source: PARALLEL, broken: noSuchRank },
  { asksForMore: true, from: "0.11.1", source: ENGINE, broken: externalWithoutRank },
  { from: "0.10.0", until: "0.15.0", source: `${ENGINE}; from 0.11.1 on ${CONFIG}`, broken: asyncStages },
  {
    from: "0.11.1",
    until: "0.20.0",
    source: `${CONFIG}; supports_async_scheduling, vllm/v1/executor`,
    broken: asyncOfRay,
  },
  { from: "0.10.0", until: "0.11.1", source: ENGINE, broken: (line) => asyncDrafts(line, () => true) },
  { from: "0.11.1", until: "0.33.0", source: CONFIG, broken: (line) => asyncDrafts(line, isSynchronous) },
  {
    from: "0.11.1",
    until: "0.16.0",
    source: CONFIG,
    broken: (line) => asyncDrafts(line, (one) => one === "draft_model"),
  },
  { from: "0.10.0", until: "0.15.0", source: ENGINE, broken: draftModel },
  { from: "0.11.0", until: "0.27.0", source: ENGINE, broken: partialPrefills },
  { source: ENGINE, broken: setTwice },
  { until: "0.18.0", source: "BlockSize, vllm/config/cache.py: choices of the flag", broken: otherBlocks },
  {
    from: "0.18.0",
    source: "get_supported_kernel_block_sizes, vllm/v1/attention/backends, vLLM 0.32: multiples of 16, and 1 of AITER",
    broken: unevenBlocks,
  },
  { from: "0.11.0", source: "StructuredOutputsConfig, vllm/config/structured_outputs.py", broken: whitespace },
];

const CONTEXT = "prefill-context-parallel-size";
const RANKS = [TENSOR, DATA, CONTEXT];

function balancesOneRank(line: Line): Broken | undefined {
  const flag = "enable-eplb";
  const sizes = RANKS.map((one) => sizeOn(line, one));
  if (!line.isOn(flag) || sizes.some((size) => size !== 1)) return undefined;
  const message = `--${flag} balances experts between ranks, but there is only one rank`;
  return { flag, message, fix: "remove the flag, or set parallelism.tensor or data to 2 or more", change: NOTHING };
}

/** A separate flag until 0.12; once `eplb-config` exists, its value is read. */
function redundantWithoutBalance({ isOn, text, number }: Line): Broken | undefined {
  const [own, config] = ["num-redundant-experts", "eplb-config"];
  const flag = number(own) === undefined ? config : own;
  const redundant = number(own) ?? jsonOf(text(config))?.["num_redundant_experts"];
  if (typeof redundant !== "number" || redundant === 0 || isOn("enable-eplb")) return undefined;
  return { flag, message: `--${flag} asks for redundant experts, but --enable-eplb is off`, fix: "add --enable-eplb" };
}

const HYBRID = "data-parallel-hybrid-lb";
const NODES = "nnodes";

/** With several nodes, vLLM counts the local ranks itself. */
function hybridWithoutLocal({ isOn, text }: Line): Broken | undefined {
  if (!isOn(HYBRID) || [LOCAL, RANK, NODES].some((one) => text(one) !== undefined)) return undefined;
  const fix = `add --${LOCAL} with the number of data-parallel ranks of a pod`;
  return { flag: HYBRID, message: `--${HYBRID} requires --${LOCAL}`, fix };
}

function hybridWithoutServer({ isOn }: Line): Broken | undefined {
  if (!isOn(HYBRID) || !isOn("headless")) return undefined;
  const message = `--${HYBRID} balances requests of an API server, which an engine with --headless does not have`;
  return { flag: HYBRID, message, fix: `remove --${HYBRID} or --headless` };
}

function localOfOneRank(line: Line): Broken | undefined {
  const local = sizeOn(line, LOCAL) ?? 1;
  if (line.text(RANK) === undefined || local === 1) return undefined;
  const message = `--${LOCAL} is ${local}, but with --${RANK} an engine is one rank`;
  return { flag: LOCAL, message, fix: `remove --${LOCAL}`, change: NOTHING };
}

/** Only from here on a rank is known to select the external balancer before the hybrid one is considered. */
const BY_RANK = releaseNumber("0.15.0") ?? 0;

function severalBalancers({ isOn, text, release }: Line): Broken | undefined {
  const flag = "data-parallel-multi-port-external-lb";
  const isExternal = isOn(EXTERNAL) || (text(RANK) !== undefined && release.number >= BY_RANK);
  // Only a server without it starts in a hybrid mode because of its first rank.
  const isHybrid = isOn(HYBRID);
  if ([isOn(flag), isExternal, isHybrid].filter(Boolean).length < 2) return undefined;
  const at = isOn(flag) ? flag : HYBRID;
  const message = "several flags choose how requests are balanced between data-parallel ranks";
  return { flag: at, message, fix: `keep one of --${EXTERNAL}, --${HYBRID} and --${flag}` };
}

/** From here on only 0 is permitted together with `--headless`; before, 1 was. */
const NO_SERVER = releaseNumber("0.15.0") ?? 0;

function serversOfHeadless({ isOn, number, release }: Line): Broken | undefined {
  const flag = "api-server-count";
  const most = release.number >= NO_SERVER ? 0 : 1;
  if (!isOn("headless") || (number(flag) ?? 0) <= most) return undefined;
  return { flag, message: `--${flag}: an engine with --headless has no API server`, fix: "remove it", change: NOTHING };
}

function nodesOfRay({ number, text }: Line): Broken | undefined {
  const flag = NODES;
  const asked = ["distributed-executor-backend", "data-parallel-backend"].find((one) => text(one) === "ray");
  if ((number(flag) ?? 1) <= 1 || asked === undefined) return undefined;
  const message = `--${flag} counts the nodes of vLLM's own processes, but --${asked} is Ray, which counts its nodes itself`;
  return { flag, message, fix: `remove --nnodes and --node-rank, or set --${asked} to mp` };
}

function noSuchNode(line: Line): Broken | undefined {
  const flag = "node-rank";
  const [rank, nodes] = [line.number(flag), sizeOn(line, NODES)];
  if (rank === undefined || nodes === undefined || nodes <= 1) return undefined;
  if (rank < nodes) return undefined;
  return {
    flag,
    message: `--${flag} is ${rank}, but there are ${nodes} nodes`,
    fix: `write a number from 0 to ${nodes - 1}`,
  };
}

/** From here on stages of prefill's context count among the ranks. */
const WITH_CONTEXT = releaseNumber("0.30.0") ?? 0;

/** Each node has as many ranks as the others. */
function unevenNodes(line: Line): Broken | undefined {
  const nodes = sizeOn(line, NODES);
  if (line.text(CONTEXT) !== undefined && line.release.number < WITH_CONTEXT) return undefined;
  const sizes = [...RANKS, "pipeline-parallel-size"].map((one) => sizeOn(line, one) ?? Number.NaN);
  const ranks = sizes.reduce((all, one) => all * one, 1);
  if (nodes === undefined || nodes <= 1 || Number.isNaN(ranks) || ranks % nodes === 0) return undefined;
  const message = `--${NODES} is ${nodes}, which does not divide the ${ranks} ranks of the engine`;
  return {
    flag: NODES,
    message,
    fix: `set --${NODES} to a divisor of ${ranks}, or run the same number of ranks on each node`,
  };
}

function noSuchRank(line: Line): Broken | undefined {
  const [rank, all] = [line.number(RANK), line.number(DATA)];
  if (rank === undefined || all === undefined || all <= 1 || (rank >= 0 && rank < all)) return undefined;
  return {
    flag: RANK,
    message: `--${RANK} is ${rank}, but --${DATA} is ${all}`,
    fix: `write a number from 0 to ${all - 1}`,
  };
}

/** With several nodes, the number of the node gives the rank. */
function externalWithoutRank({ isOn, text }: Line): Broken | undefined {
  if (!isOn(EXTERNAL) || text(RANK) !== undefined || text(NODES) !== undefined) return undefined;
  return { flag: EXTERNAL, message: `--${EXTERNAL} requires --${RANK}`, fix: `add --${RANK} with the rank of the pod` };
}

function asyncStages({ isOn, number }: Line): Broken | undefined {
  if (!isOn(ASYNC) || (number("pipeline-parallel-size") ?? 1) <= 1) return undefined;
  const message = `--${ASYNC}: this release schedules pipeline stages only synchronously`;
  return { flag: ASYNC, message, fix: "remove it", change: NOTHING };
}

function asyncOfRay({ isOn, text }: Line): Broken | undefined {
  if (!isOn(ASYNC) || text("distributed-executor-backend") !== "ray") return undefined;
  const message = `--${ASYNC}: this release does not schedule asynchronously with Ray`;
  return { flag: ASYNC, message, fix: "remove it", change: NOTHING };
}

/**
 * Methods with which no release drafts while it schedules asynchronously: their proposals are made on the CPU, or by
 * plain heads.
 */
const SYNCHRONOUS = ["ngram", "[ngram]", "suffix", "medusa", "mlp_speculator", "custom_class"];

function isSynchronous(method: string): boolean {
  return SYNCHRONOUS.includes(method);
}

function asyncDrafts({ isOn, text }: Line, isRefused: (method: string) => boolean): Broken | undefined {
  const config = jsonOf(text(SPECULATIVE));
  if (!isOn(ASYNC) || config === undefined) return undefined;
  const method = asText(config["method"] ?? "");
  if (!isRefused(method)) return undefined;
  const what = method === "" ? "speculative decoding" : `the method ${method} of speculative decoding`;
  const message = `--${ASYNC}: this release does not schedule asynchronously with ${what}`;
  return { flag: ASYNC, message, fix: `remove --${ASYNC}, or remove --${SPECULATIVE}`, change: NOTHING };
}

/** Words in the names of heads from which, or from whose configuration, vLLM derives the method. */
const HEADS = /eagle|medusa|mlp|mtp|specul|flash|spark|hydra|head/i;

function draftModel({ text }: Line): Broken | undefined {
  const { method, model } = jsonOf(text(SPECULATIVE)) ?? {};
  const isGuessed = method === undefined && typeof model === "string" && !HEADS.test(model);
  if (method !== "draft_model" && !isGuessed) return undefined;
  const message = `--${SPECULATIVE}: this release does not support draft models: the method draft_model was added again in 0.15`;
  const fix = "use the method ngram, eagle3 or mtp, or run vLLM 0.15 or later";
  return { flag: SPECULATIVE, message, fix, ...(isGuessed && { severity: "warning" }) };
}

function partialPrefills({ number }: Line): Broken | undefined {
  const flag = ["max-num-partial-prefills", "max-long-partial-prefills"].find((one) => (number(one) ?? 1) > 1);
  if (flag === undefined) return undefined;
  return { flag, message: `--${flag}: this release supports only 1`, fix: "remove it", change: NOTHING };
}

const BLOCK = "block-size";
const BLOCKS = [1, 8, 16, 32, 64, 128, 256];
/** The first releases that check the minimum and the maximum of them. */
const SINCE: ReadonlyMap<number, number> = new Map([
  [1, releaseNumber("0.8.5") ?? 0],
  [256, releaseNumber("0.11.1") ?? 0],
]);

function otherBlocks({ number, release }: Line): Broken | undefined {
  const size = number(BLOCK);
  const taken = BLOCKS.filter((one) => release.number >= (SINCE.get(one) ?? 0));
  if (size === undefined || size < 1 || taken.includes(size)) return undefined;
  const message = `--${BLOCK}: this release does not support blocks of ${size} tokens`;
  return { flag: BLOCK, message, fix: blockFix(size, taken) };
}

/** Plugins may add a backend that supports other blocks. */
function unevenBlocks({ number }: Line): Broken | undefined {
  const size = number(BLOCK);
  if (size === undefined || size <= 1 || size % 8 === 0) return undefined;
  const message = `--${BLOCK}: no attention backend of vLLM supports blocks of ${size} tokens`;
  return { flag: BLOCK, message, fix: blockFix(size, BLOCKS), severity: "warning" };
}

function blockFix(size: number, taken: readonly number[]): string {
  const near = taken.findLast((one) => one <= size && one >= 16) ?? 16;
  return `write ${near}, or remove the flag`;
}

/** Settings that both a flag and a key of a JSON flag configure, of which vLLM accepts only one, by the first release that compares them. */
const TWICE = [
  ["cuda-graph-sizes", "compilation-config", "cudagraph_capture_sizes", "0.11.1"],
  ["cudagraph-capture-sizes", "compilation-config", "cudagraph_capture_sizes", "0.11.1"],
  ["max-cudagraph-capture-size", "compilation-config", "max_cudagraph_capture_size", "0.11.1"],
  ["attention-backend", "attention-config", "backend", "0.13.0"],
  ["enable-flashinfer-autotune", "kernel-config", "enable_flashinfer_autotune", "0.16.0"],
  ["spec-method", SPECULATIVE, "method", "0.22.0"],
  ["spec-model", SPECULATIVE, "model", "0.22.0"],
  ["spec-tokens", SPECULATIVE, "num_speculative_tokens", "0.22.0"],
] as const;

function setTwice({ text, release }: Line): Broken | undefined {
  const found = TWICE.find(([flag, config, key, from]) => {
    if (release.number < (releaseNumber(from) ?? 0)) return false;
    const inKey = jsonOf(text(config))?.[key] ?? text(`${config}.${key}`);
    return text(flag) !== undefined && inKey !== undefined && inKey !== null;
  });
  if (found === undefined) return undefined;
  const [flag, config, key] = found;
  const message = `--${flag} and the key ${key} of --${config} configure the same setting, and vLLM accepts only one of them`;
  return { flag, message, fix: `remove --${flag}, or the key ${key}`, change: NOTHING };
}

function whitespace({ text }: Line): Broken | undefined {
  const flag = "structured-outputs-config";
  const config = jsonOf(text(flag));
  const backend = asText(config?.["backend"] ?? text(`${flag}.backend`) ?? "auto");
  const takes = (key: string, backends: readonly string[]): Broken | undefined => {
    if (entryOf(config, key) !== true || backends.includes(backend)) return undefined;
    const message = `--${flag}: ${key} belongs to the backend ${backends.join(" or ")}, but backend is ${backend}`;
    return { flag, message, fix: `set backend in it to ${backends[0]}` };
  };
  return (
    takes("disable_any_whitespace", ["xgrammar", "guidance"]) ?? takes("disable_additional_properties", ["guidance"])
  );
}
