import { asText, jsonOf } from "../../../kubernetes/json.ts";
import { releaseNumber } from "../release.ts";
import { type Broken, type Line, type Rule, sizeOn } from "./rule.ts";

const PARALLEL = "ParallelConfig, vllm/config/parallel.py";
const SCHEDULER = "SchedulerConfig, vllm/config/scheduler.py";
const CONFIG = "VllmConfig, vllm/config/vllm.py";
const ENGINE = "EngineArgs.create_engine_config, vllm/engine/arg_utils.py";

/**
 * Features that vLLM supports only with, or only without, others. Bounds: package `vllm`, every release from 0.9.0 to
 * 0.33.0.
 */
export const PAIR_RULES: readonly Rule[] = [
  {
    asksForMore: true,
    from: "0.11.1",
    source: "ObservabilityConfig, vllm/config/observability.py",
    broken: requires(
      "collect-detailed-traces",
      "otlp-traces-endpoint",
      "add --otlp-traces-endpoint, or remove the flag",
    ),
  },
  {
    asksForMore: true,
    from: "0.11.1",
    until: "0.14.0",
    source: CONFIG,
    broken: requires("kv-offloading-backend", "kv-offloading-size", "add --kv-offloading-size, or remove the flag"),
  },
  { asksForMore: true, from: "0.20.0", source: PARALLEL, broken: boundToNothing },
  {
    from: "0.25.0",
    source: "validate_parsed_serve_args, cli_args.py of the entry points",
    broken: excludes("enable-per-request-metrics", "disable-log-stats"),
  },
  {
    from: "0.22.0",
    until: "0.31.0",
    source: CONFIG,
    broken: excludes("enable-return-routed-experts", "kv-transfer-config"),
  },
  { from: "0.31.0", source: SCHEDULER, broken: atMost("max-num-active-seqs", "max-num-seqs") },
  { from: "0.27.0", source: SCHEDULER, broken: atMost("long-prefill-token-threshold", "max-model-len") },
  { from: "0.11.1", source: ENGINE, broken: fewTokensOfDrafts },
  { from: "0.11.1", until: "0.33.0", source: CONFIG, broken: overlapsOther },
  { asksForMore: true, from: "0.17.0", until: "0.33.0", source: CONFIG, broken: overlapsByDefault },
  { asksForMore: true, from: "0.18.0", until: "0.29.0", source: PARALLEL, broken: exchangesNothing },
  { asksForMore: true, from: "0.17.0", source: PARALLEL, broken: elasticWithoutBalance },
  { from: "0.17.0", source: PARALLEL, broken: elasticStages },
  { asksForMore: true, from: "0.27.0", source: ENGINE, broken: toleranceWithoutRank },
  { from: "0.12.0", until: "0.13.0", source: PARALLEL, broken: prefillContext },
  {
    asksForMore: true,
    from: "0.14.0",
    source: "ModelConfig._verify_quantization, vllm/config/model.py",
    broken: deprecated,
  },
];

/** A flag that has no effect without another. */
function requires(flag: string, other: string, fix: string): Rule["broken"] {
  return ({ text }) =>
    text(flag) === undefined || text(other) !== undefined
      ? undefined
      : { flag, message: `--${flag} requires --${other}`, fix };
}

/** A switch that must be off together with another flag. */
function excludes(flag: string, other: string): Rule["broken"] {
  return ({ isOn, text }) => {
    if (!isOn(flag) || [undefined, "false"].includes(text(other))) return undefined;
    return { flag, message: `--${flag} does not work with --${other}`, fix: `remove --${flag} or --${other}` };
  };
}

function atMost(flag: string, most: string): Rule["broken"] {
  return ({ number }) => {
    const [own, other] = [number(flag), number(most)];
    if (own === undefined || other === undefined || other < 1 || own <= other) return undefined;
    const message = `--${flag} is ${own}, which is more than --${most} (${other})`;
    return { flag, message, fix: `set --${flag} to ${other} or less`, change: { to: "value", value: String(other) } };
  };
}

function boundToNothing({ isOn, text }: Line): Broken | undefined {
  const flag = ["numa-bind-nodes", "numa-bind-cpus"].find((one) => text(one) !== undefined);
  if (flag === undefined || isOn("numa-bind")) return undefined;
  return { flag, message: `--${flag} requires --numa-bind`, fix: "add --numa-bind, or remove the flag" };
}

/** With adapters, a step must have room for the drafts of all its sequences. */
function fewTokensOfDrafts({ isOn, number, text }: Line): Broken | undefined {
  const flag = "max-num-batched-tokens";
  const drafts = jsonOf(text("speculative-config"))?.["num_speculative_tokens"] ?? number("spec-tokens");
  const [tokens, sequences] = [number(flag), number("max-num-seqs")];
  if (!isOn("enable-lora") || typeof drafts !== "number" || tokens === undefined || sequences === undefined)
    return undefined;
  const least = sequences * (drafts + 1);
  if (tokens >= least) return undefined;
  const message = `--${flag} is ${tokens}, but with adapters and ${drafts} drafts for each of ${sequences} sequences vLLM needs ${least}`;
  return { flag, message, fix: `set --${flag} to ${least} or more`, change: { to: "value", value: String(least) } };
}

const BACKEND = "all2all-backend";
/** Backends that compute one half of a batch while the other half is exchanged, by the first release. */
const OVERLAPPING: readonly (readonly [name: string, from: string])[] = [
  ["deepep_low_latency", "0.11.1"],
  ["deepep_high_throughput", "0.11.1"],
  ["nixl_ep", "0.24.0"],
];

function overlaps({ isOn, number }: Line): string | undefined {
  return isOn("enable-dbo") ? "enable-dbo" : (number("ubatch-size") ?? 0) > 1 ? "ubatch-size" : undefined;
}

function overlapping({ release }: Line): string[] {
  return OVERLAPPING.filter(([, from]) => release.number >= (releaseNumber(from) ?? 0)).map(([name]) => name);
}

function overlapsOther(line: Line): Broken | undefined {
  const [flag, backend] = [overlaps(line), line.text(BACKEND)];
  const taken = overlapping(line);
  // A text that is known only in the pod may have any value.
  if (flag === undefined || backend === undefined || /[$\s{]/.test(backend) || taken.includes(backend))
    return undefined;
  const message = `--${flag} does not work with --${BACKEND}=${backend}`;
  return { flag: BACKEND, message, fix: `set --${BACKEND} to ${taken.join(" or ")}` };
}

function overlapsByDefault(line: Line): Broken | undefined {
  const flag = overlaps(line);
  if (flag === undefined || line.text(BACKEND) !== undefined) return undefined;
  const message = `--${flag} does not work with the default of --${BACKEND}`;
  return { flag, message, fix: `add --${BACKEND}=${overlapping(line)[0]}, or remove the flag` };
}

function exchangesNothing(line: Line): Broken | undefined {
  const flag = "dcp-comm-backend";
  if (line.text(flag) !== "a2a" || sizeOn(line, "decode-context-parallel-size") !== 1) return undefined;
  const message = `--${flag}=a2a requires a --decode-context-parallel-size of 2 or more`;
  return { flag, message, fix: "remove the flag", change: { to: "nothing" } };
}

const ELASTIC = "enable-elastic-ep";

function elasticWithoutBalance({ isOn }: Line): Broken | undefined {
  if (!isOn(ELASTIC) || isOn("enable-eplb")) return undefined;
  return {
    flag: ELASTIC,
    message: `--${ELASTIC} requires --enable-eplb`,
    fix: "add --enable-eplb, or remove the flag",
  };
}

function elasticStages({ isOn, number }: Line): Broken | undefined {
  if (!isOn(ELASTIC) || (number("pipeline-parallel-size") ?? 1) <= 1) return undefined;
  const message = `--${ELASTIC} does not work with pipeline stages`;
  return { flag: ELASTIC, message, fix: "remove the flag, or set parallelism.pipeline to 1" };
}

function toleranceWithoutRank({ isOn, text }: Line): Broken | undefined {
  const flag = "enable-fault-tolerance";
  if (!isOn(flag) || isOn("data-parallel-external-lb") || text("data-parallel-rank") !== undefined) return undefined;
  // Each of several ports belongs to an external balancer.
  if (isOn("data-parallel-multi-port-external-lb")) return undefined;
  const message = `--${flag} requires an external load balancer of the data-parallel ranks`;
  return { flag, message, fix: "add --data-parallel-rank, or remove the flag" };
}

function prefillContext({ number }: Line): Broken | undefined {
  const flag = "prefill-context-parallel-size";
  if ((number(flag) ?? 1) <= 1) return undefined;
  const message = `--${flag}: this release takes only 1`;
  return { flag, message, fix: "remove it", change: { to: "nothing" } };
}

/** Deprecated methods, by the first release without them; another flag still permits them. */
const DEPRECATED: ReadonlyMap<string, string | undefined> = new Map([
  ["deepspeedfp", "0.15.0"],
  ["experts_int8", "0.20.0"],
  ["fbgemm_fp8", undefined],
  ["fp_quant", undefined],
  ["hqq", "0.15.0"],
  ["ptpc_fp8", "0.19.0"],
  ["rtn", "0.15.0"],
]);

function deprecated({ isOn, text, release }: Line): Broken | undefined {
  const flag = "quantization";
  const method = asText(text(flag) ?? "");
  if (!DEPRECATED.has(method) || isOn("allow-deprecated-quantization")) return undefined;
  const until = DEPRECATED.get(method);
  if (until !== undefined && release.number >= (releaseNumber(until) ?? 0)) return undefined;
  const message = `--${flag}: vLLM ${release.text} takes ${method} only with --allow-deprecated-quantization`;
  return { flag, message, fix: "add --allow-deprecated-quantization, or use another method" };
}
