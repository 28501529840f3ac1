import { flagValue, parseArgs, valuesOf } from "../../../knowledge/engine/flags/commandline.ts";
import { flagName } from "../../../knowledge/engine/flags/flags.ts";
import { comparesBlocks } from "../../../knowledge/memory/cache.ts";
import type { Fit } from "../../../knowledge/memory/fit.ts";
import type { FitRequest } from "../../../knowledge/memory/request.ts";
import { type CheckFinding, type CheckSubject, layerOfFlag } from "../check.ts";
import { type Engine, unknownFlags } from "../engine.ts";
import { flagAt } from "../flagfixes.ts";
import { flagPathOf } from "../flagplace.ts";

const SEQUENCES = "max-num-seqs";
/** Flags with which no such graph is captured, or with which states and blocks have other sizes than estimated. */
const OTHERWISE: readonly string[] = [
  "enforce-eager",
  "compilation-config",
  "cudagraph-mode",
  "optimization-level",
  "num-gpu-blocks-override",
  "block-size",
  "mamba-block-size",
  "mamba-cache-dtype",
  "mamba-ssm-cache-dtype",
  "mamba-cache-mode",
  "load-format",
];
const GRAPHS_OF: ReadonlySet<string | undefined> = new Set(["nvidia.com", "amd.com"]);
/**
 * Flags and variables with which an engine may capture no graphs of whole steps. Source: has_full_cudagraphs in
 * vllm/config/vllm.py, vllm/config/compilation.py and vllm/platforms/rocm.py, 0.20 to 0.33.
 */
const PERHAPS: readonly string[] = ["task", "convert", "pooler-config", "kv-transfer-config"];
const VARIABLES: ReadonlySet<string> = new Set(["TORCH_COMPILE_DISABLE", "VLLM_USE_BREAKABLE_CUDAGRAPH"]);
/** The same by the value of a flag, or only on AMD. */
const VALUES: Readonly<Record<string, RegExp>> = {
  "all2all-backend": /^(?:deepep_high_throughput|moonep)$/,
  runner: /^(?:pooling|draft)$/,
  "speculative-config": /num_speculative_tokens_per_batch_size/,
};
const SHARED: readonly string[] = ["decode-context-parallel-size", "prefill-context-parallel-size"];

/** An engine, and its memory; `unknown` are flags that contain a value known only in the pod. */
interface Estimated {
  engine: Engine;
  request: FitRequest;
  result: Fit;
  unknown: readonly string[];
}

/** The cache has fewer blocks for states than a step has sequences; a pooling model captures no graphs of whole steps. */
export function judgeStates({ engine, request, result, unknown }: Estimated, subject: CheckSubject): CheckFinding[] {
  const { states, verdict } = result;
  const { release, vendor } = request;
  if (states === undefined || verdict === "exceeds" || unknown.length > 0 || states.sequences <= states.blocks)
    return [];
  if (!comparesBlocks(release) || !GRAPHS_OF.has(vendor) || request.model.pooling || hasOtherBlocks(engine)) return [];
  const isCertain =
    release !== undefined &&
    states.sequences > states.most &&
    request.unified !== true &&
    !mayCaptureParts(engine, vendor);
  const { sequences, blocks } = states;
  const least = roundedDown(blocks);
  const isSet = flagValue(engine.args, SEQUENCES) !== undefined;
  const whose = isSet ? "" : ", the default";
  return [
    {
      code: "MemoryFit",
      ...(!isCertain && { severity: "warning" }),
      path: flagPathOf(engine, SEQUENCES),
      layer: layerOfFlag(subject, engine, SEQUENCES),
      message: `--${SEQUENCES} is ${sequences}${whose}, but the cache has about ${blocks} blocks, each for the state of one sequence, and vLLM does not start with fewer blocks than sequences`,
      fix: `set --${SEQUENCES} to ${least} or less, or use more memory`,
      fixes: [{ path: flagAt(engine, SEQUENCES), value: String(least) }],
    },
  ];
}

function hasOtherBlocks(engine: Engine): boolean {
  if (unknownFlags(engine, [...OTHERWISE, SEQUENCES]).length > 0) return true;
  return namesOf(engine).some((name) => OTHERWISE.includes(name)) || engine.args.some((arg) => /^-(?:O|cc)/.test(arg));
}

/** Whether something other than a flag for graphs may turn off those of whole steps. */
function mayCaptureParts(engine: Engine, vendor: string | undefined): boolean {
  const text = valuesOf(engine.args);
  const named = namesOf(engine);
  const byValue = Object.entries(VALUES).some(([flag, value]) => value.test(text(flag) ?? ""));
  const shares = vendor === "amd.com" && SHARED.some((flag) => (text(flag) ?? "1") !== "1");
  const isSet = engine.container.env?.some(({ name }) => VARIABLES.has(name)) === true;
  const isUnread = unknownFlags(engine, Object.keys(VALUES)).length > 0;
  return byValue || shares || isSet || isUnread || named.some((name) => PERHAPS.includes(name));
}

function namesOf({ args }: Engine): string[] {
  return parseArgs(args).map(({ flag = "" }) => flagName(flag).split(".")[0] ?? "");
}

/** Nine tenths, in steps of 8 if there are enough. */
function roundedDown(blocks: number): number {
  const least = Math.max(1, Math.floor(blocks * 0.9));
  return least < 8 ? least : least - (least % 8);
}
