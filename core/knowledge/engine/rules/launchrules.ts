import { asText } from "../../../kubernetes/json.ts";
import { entryOf } from "../../../kubernetes/table.ts";
import { type Broken, jsonOf, type Line, type Rule, sizeOn } from "./rule.ts";

const PARALLEL = "ParallelConfig, vllm/config/parallel.py";
const ENGINE = "EngineArgs.create_engine_config, vllm/engine/arg_utils.py";
const SPECULATIVE = "speculative-config";
const ASYNC = "async-scheduling";
const TENSOR = "tensor-parallel-size";

/** How the engine and its ranks are started: combinations of flags that vLLM refuses. Read of 0.11 and 0.32, releases between from their sources. */
export const LAUNCH_RULES: readonly Rule[] = [
  { asksForMore: true, from: "0.10.0", source: PARALLEL, broken: balancesOneRank },
  { asksForMore: true, from: "0.11.0", source: PARALLEL, broken: redundantWithoutBalance },
  { source: ENGINE, asksForMore: true, broken: hybridWithoutLocal },
  { source: ENGINE, broken: hybridWithoutServer },
  { source: ENGINE, broken: localOfOneRank },
  { from: "0.32.0", source: "ServeSubcommand, vllm/entrypoints/cli/serve.py", broken: severalBalancers },
  { source: "run_headless, vllm/entrypoints/cli/serve.py", broken: serversOfHeadless },
  { from: "0.12.0", source: PARALLEL, broken: nodesOfRay },
  { from: "0.32.0", source: ENGINE, broken: noSuchNode },
  { from: "0.10.0", until: "0.13.0", source: ENGINE, broken: asyncStages },
  { from: "0.10.0", until: "0.13.0", source: ENGINE, broken: asyncOfRay },
  { from: "0.10.0", until: "0.11.1", source: ENGINE, broken: (line) => asyncDrafts(line, () => true) },
  { from: "0.11.1", source: "VllmConfig, vllm/config/vllm.py", broken: (line) => asyncDrafts(line, isSynchronous) },
  { from: "0.11.0", until: "0.14.0", source: ENGINE, broken: draftModel },
  { from: "0.11.0", until: "0.13.0", source: ENGINE, broken: partialPrefills },
  { source: ENGINE, broken: saidTwice },
  { until: "0.12.0", source: "BlockSize, vllm/config/cache.py: choices of the flag", broken: otherBlocks },
  {
    from: "0.12.0",
    source: "get_supported_kernel_block_sizes, vllm/v1/attention/backends, vLLM 0.32: multiples of 16, and 1 of AITER",
    broken: unevenBlocks,
  },
  { from: "0.11.0", source: "StructuredOutputsConfig, vllm/config/structured_outputs.py", broken: whitespace },
];

function balancesOneRank(line: Line): Broken | undefined {
  const flag = "enable-eplb";
  const sizes = [TENSOR, "data-parallel-size", "prefill-context-parallel-size"].map((one) => sizeOn(line, one));
  if (!line.isOn(flag) || sizes.some((size) => size !== 1)) return undefined;
  const message = `--${flag} balances experts between ranks, but there is one rank`;
  return { flag, message, fix: "remove the flag, or set parallelism.tensor or data to 2 or more", change: NOTHING };
}

const NOTHING = { to: "nothing" } as const;

function redundantWithoutBalance({ isOn, text }: Line): Broken | undefined {
  const flag = "eplb-config";
  const redundant = jsonOf(text(flag))?.["num_redundant_experts"];
  if (typeof redundant !== "number" || redundant === 0 || isOn("enable-eplb")) return undefined;
  return { flag, message: `--${flag} asks for redundant experts, but --enable-eplb is off`, fix: "add --enable-eplb" };
}

const HYBRID = "data-parallel-hybrid-lb";
const LOCAL = "data-parallel-size-local";
const RANK = "data-parallel-rank";

function hybridWithoutLocal({ isOn, text }: Line): Broken | undefined {
  if (!isOn(HYBRID) || text(LOCAL) !== undefined || text(RANK) !== undefined) return undefined;
  const fix = `add --${LOCAL} with the number of data-parallel ranks of a pod`;
  return { flag: HYBRID, message: `--${HYBRID} requires --${LOCAL}`, fix };
}

function hybridWithoutServer({ isOn }: Line): Broken | undefined {
  if (!isOn(HYBRID) || !isOn("headless")) return undefined;
  const message = `--${HYBRID} balances requests of an API server, which an engine with --headless does not have`;
  return { flag: HYBRID, message, fix: "remove one of the two flags" };
}

function localOfOneRank(line: Line): Broken | undefined {
  const local = sizeOn(line, LOCAL) ?? 1;
  if (line.text(RANK) === undefined || local === 1) return undefined;
  const message = `--${LOCAL} is ${local}, but with --${RANK} an engine is one rank`;
  return { flag: LOCAL, message, fix: "remove it", change: NOTHING };
}

function severalBalancers({ isOn, text }: Line): Broken | undefined {
  const flag = "data-parallel-multi-port-external-lb";
  const isExternal = isOn("data-parallel-external-lb") || text(RANK) !== undefined;
  // Only a server without it starts in a hybrid mode by its first rank.
  const isHybrid = isOn(HYBRID);
  if ([isOn(flag), isExternal, isHybrid].filter(Boolean).length < 2) return undefined;
  const at = isOn(flag) ? flag : HYBRID;
  const message = "several flags choose how requests are balanced between data-parallel ranks";
  return { flag: at, message, fix: "keep one of the external, the hybrid and the multi-port load balancer" };
}

function serversOfHeadless({ isOn, number }: Line): Broken | undefined {
  const flag = "api-server-count";
  if (!isOn("headless") || (number(flag) ?? 0) <= 1) return undefined;
  return { flag, message: `--${flag}: an engine with --headless has no API server`, fix: "remove it", change: NOTHING };
}

function nodesOfRay({ number, text }: Line): Broken | undefined {
  const flag = "nnodes";
  if ((number(flag) ?? 1) <= 1 || text("distributed-executor-backend") !== "ray") return undefined;
  const message = `--${flag} counts the nodes of vLLM's own processes, but the executor is Ray, which counts its nodes itself`;
  return { flag, message, fix: "remove --nnodes and --node-rank, or set --distributed-executor-backend to mp" };
}

function noSuchNode(line: Line): Broken | undefined {
  const flag = "node-rank";
  const [rank, nodes] = [line.number(flag), sizeOn(line, "nnodes")];
  if (rank === undefined || nodes === undefined || nodes <= 1 || (rank >= 0 && rank < nodes)) return undefined;
  return { flag, message: `--${flag} is ${rank}, but there are ${nodes} nodes`, fix: `write 0 to ${nodes - 1}` };
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

/** Methods that no release drafts with while it schedules asynchronously: their proposals are made on the CPU, or by plain heads. */
const SYNCHRONOUS = ["ngram", "[ngram]", "suffix", "medusa", "mlp_speculator"];

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
  return { flag: ASYNC, message, fix: `remove it, or --${SPECULATIVE}`, change: NOTHING };
}

/** What names of heads hold, by which or by whose configuration vLLM tells the method. */
const HEADS = /eagle|medusa|mlp|mtp|specul|flash|spark|hydra|head/i;

function draftModel({ text }: Line): Broken | undefined {
  const { method, model } = jsonOf(text(SPECULATIVE)) ?? {};
  const isGuessed = method === undefined && typeof model === "string" && !HEADS.test(model);
  if (method !== "draft_model" && !isGuessed) return undefined;
  const message = `--${SPECULATIVE}: this release has no draft models: the method draft_model was added again later`;
  const fix = "use the method ngram, eagle3 or mtp, or run vLLM 0.17 or later";
  return { flag: SPECULATIVE, message, fix, ...(isGuessed && { severity: "warning" }) };
}

function partialPrefills({ number }: Line): Broken | undefined {
  const flag = ["max-num-partial-prefills", "max-long-partial-prefills"].find((one) => (number(one) ?? 1) > 1);
  if (flag === undefined) return undefined;
  return { flag, message: `--${flag}: this release supports only 1`, fix: "remove it", change: NOTHING };
}

const BLOCK = "block-size";
/** Of all releases that had choices; the last of them came later. */
const BLOCKS = [1, 8, 16, 32, 64, 128, 256];

function otherBlocks({ number }: Line): Broken | undefined {
  const size = number(BLOCK);
  if (size === undefined || size < 1 || BLOCKS.includes(size)) return undefined;
  return {
    flag: BLOCK,
    message: `--${BLOCK}: this release does not support blocks of ${size} tokens`,
    fix: blockFix(size),
  };
}

/** Plugins may bring a backend that takes other blocks. */
function unevenBlocks({ number }: Line): Broken | undefined {
  const size = number(BLOCK);
  if (size === undefined || size <= 1 || size % 8 === 0) return undefined;
  const message = `--${BLOCK}: no attention backend of vLLM supports blocks of ${size} tokens`;
  return { flag: BLOCK, message, fix: blockFix(size), severity: "warning" };
}

function blockFix(size: number): string {
  const near = BLOCKS.findLast((one) => one <= size && one >= 16) ?? 16;
  return `write ${near}, or remove the flag`;
}

/** Settings that both a flag and a key of a JSON flag configure; vLLM accepts only one of the two. */
const TWICE = [
  ["cuda-graph-sizes", "compilation-config", "cudagraph_capture_sizes"],
  ["cudagraph-capture-sizes", "compilation-config", "cudagraph_capture_sizes"],
  ["max-cudagraph-capture-size", "compilation-config", "max_cudagraph_capture_size"],
  ["attention-backend", "attention-config", "backend"],
] as const;

function saidTwice({ text }: Line): Broken | undefined {
  const found = TWICE.find(([flag, config, key]) => {
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
