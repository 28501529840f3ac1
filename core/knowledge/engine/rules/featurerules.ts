import { asText } from "../../../kubernetes/json.ts";
import { releaseNumber } from "../release.ts";
import { type Broken, type Line, type Rule, sizeOn } from "./rule.ts";

const CONFIG = "VllmConfig, vllm/config/vllm.py";
const REMOVE = "remove the flag";
const CONTEXTS = ["decode-context-parallel-size", "prefill-context-parallel-size"];

/**
 * Single features that require or exclude a setting of another flag. Bounds: package `vllm`, every release from 0.9.0
 * to 0.33.0.
 */
export const FEATURE_RULES: readonly Rule[] = [
  { asksForMore: true, from: "0.9.2", source: "ParallelConfig, vllm/config/parallel.py", broken: externalOfOne },
  { asksForMore: true, from: "0.29.0", source: CONFIG, broken: metricsWithoutDrafts },
  { from: "0.21.0", source: CONFIG, broken: expertsOver(["pipeline-parallel-size"]) },
  {
    from: "0.21.0",
    until: "0.22.0",
    source: `_validate_return_routed_experts of ${CONFIG}`,
    broken: expertsOver(CONTEXTS),
  },
  { from: "0.28.0", source: CONFIG, broken: expertsOver(CONTEXTS) },
  { from: "0.33.0", source: `_reject_mismatched_float_kv_cache of ${CONFIG}`, broken: otherFloats },
  { from: "0.11.1", source: `validate_mamba_block_size of ${CONFIG}`, broken: statesWithoutPrefixes },
  { asksForMore: true, from: "0.20.0", source: CONFIG, broken: roundingOfOthers },
  { asksForMore: true, from: "0.27.0", source: "MambaConfig, vllm/config/mamba.py", broken: algorithmOfOthers },
  { from: "0.32.0", source: "validate_grpc_port_arg, cli_args.py of the entry points", broken: twoServers },
];

/** Whether a release starts ranks behind an external load balancer only for models with experts. Source: EngineArgs.create_engine_config. */
export function refusesExternalRanks(release: number): boolean {
  return release >= (releaseNumber("0.21.0") ?? 0);
}

/**
 * Whether a backend of experts (--moe-backend) gives each rank equally many, balanced or not. Source: _init_mega_moe_experts,
 * vllm/models/deepseek_v4/nvidia/model.py of the releases from 0.23.0 to 0.33.0; vllm-project/vllm#52435.
 */
export function wantsEvenExperts(backend: string, release: number): boolean {
  return backend === "deep_gemm_mega_moe" && release >= (releaseNumber("0.23.0") ?? 0);
}

/** A load balancer in front of a single rank. */
function externalOfOne(line: Line): Broken | undefined {
  const flag = line.text("data-parallel-rank") === undefined ? "data-parallel-external-lb" : "data-parallel-rank";
  const isAsked = flag === "data-parallel-rank" || line.isOn(flag);
  if (!isAsked || sizeOn(line, "data-parallel-size") !== 1 || line.number("data-parallel-size-local") === 0)
    return undefined;
  const message = `--${flag} requires a --data-parallel-size of 2 or more`;
  return { flag, message, fix: "set --data-parallel-size to 2 or more, or remove the flag", change: { to: "nothing" } };
}

const DRAFTS = ["speculative-config", "spec-method", "spec-model", "spec-tokens"];

function metricsWithoutDrafts({ text }: Line): Broken | undefined {
  const flag = "per-request-spec-decode-metrics";
  const isDrafted = DRAFTS.some((one) => text(one) !== undefined) || text(`${DRAFTS[0]}.method`) !== undefined;
  if (["none", undefined].includes(text(flag)) || isDrafted || text(`${DRAFTS[0]}.model`) !== undefined)
    return undefined;
  const message = `--${flag} requires speculative decoding`;
  return { flag, message, fix: "add --speculative-config, or remove the flag", change: { to: "nothing" } };
}

function expertsOver(sizes: readonly string[]): Rule["broken"] {
  const flag = "enable-return-routed-experts";
  return ({ isOn, number }) => {
    const other = sizes.find((one) => (number(one) ?? 1) > 1);
    if (!isOn(flag) || other === undefined) return undefined;
    const message = `--${flag} does not work with --${other} above 1`;
    return { flag, message, fix: REMOVE, change: { to: "nothing" } };
  };
}

/** The types by all of their names. */
const FLOATS: ReadonlyMap<string, string> = new Map([
  ["half", "float16"],
  ["float16", "float16"],
  ["bfloat16", "bfloat16"],
  ["float", "float32"],
  ["float32", "float32"],
]);

function otherFloats({ text }: Line): Broken | undefined {
  const flag = "kv-cache-dtype";
  const cache = asText(text(flag) ?? "");
  const dtype = FLOATS.get(asText(text("dtype") ?? ""));
  if (!["float16", "bfloat16"].includes(cache) || dtype === undefined || dtype === cache) return undefined;
  const message = `--${flag} is ${cache}, but --dtype is ${dtype}: a cache that is not quantised has the type of the model`;
  return { flag, message, fix: "remove the flag", change: { to: "nothing" } };
}

/** A block may be as long as the context: without `--max-model-len` that is the model's, which may have this length. */
function statesWithoutPrefixes({ text, number }: Line): Broken | undefined {
  const flag = "mamba-block-size";
  const [size, length = -1] = [number(flag), number("max-model-len")];
  if (size === undefined || size === length || text("enable-prefix-caching") !== "false") return undefined;
  const message = `--${flag} requires --enable-prefix-caching, which is off`;
  const found = { flag, message, fix: REMOVE, change: { to: "nothing" } } as const;
  return length < 0 ? { ...found, severity: "warning" } : found;
}

/**
 * `auto` may be float16: for NemotronH, whose config.json names the type, it becomes float16 before vLLM compares
 * (update_mamba_ssm_cache_dtype).
 */
function roundingOfOthers({ isOn, text }: Line): Broken | undefined {
  const [flag, type] = ["enable-mamba-cache-stochastic-rounding", "mamba-ssm-cache-dtype"];
  const asked = asText(text(type) ?? "auto");
  if (!isOn(flag) || asked === "float16" || /[${]/.test(asked)) return undefined;
  const fix = `add --${type}=float16, or remove the flag`;
  const found = { flag, message: `--${flag} requires --${type}=float16`, fix };
  return asked === "auto" ? { ...found, severity: "warning" } : found;
}

function algorithmOfOthers({ text }: Line): Broken | undefined {
  const flag = "mamba-ssu-algorithm";
  const backend = asText(text("mamba-backend") ?? "");
  if (text(flag) === undefined || /^flashinfer$/i.test(backend) || /[${]/.test(backend)) return undefined;
  return { flag, message: `--${flag} requires --mamba-backend=flashinfer`, fix: "add --mamba-backend=flashinfer" };
}

function twoServers({ isOn, text }: Line): Broken | undefined {
  const flag = "grpc-port";
  if (!isOn("grpc") || text(flag) === undefined) return undefined;
  const message = `--${flag} is the port of a second server, but with --grpc the server on --port speaks gRPC`;
  return { flag, message, fix: `remove --${flag} or --grpc` };
}
