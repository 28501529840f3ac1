import { DATA, EXTERNAL, LOCAL, NOTHING, RANK } from "./parallelflags.ts";
import { type Broken, type Line, type Rule, sizeOn } from "./rule.ts";

const PARALLEL = "ParallelConfig, vllm/config/parallel.py";
const ENGINE = "EngineArgs.create_engine_config, vllm/engine/arg_utils.py";

/**
 * Numbers of ranks, and what counts them, that vLLM refuses together. Bounds: package `vllm`, every release from 0.9.0
 * to 0.33.0.
 */
export const RANK_RULES: readonly Rule[] = [
  { from: "0.10.1", source: PARALLEL, broken: profiledWithoutRay },
  { from: "0.9.2", source: ENGINE, broken: localOfExternal },
  { source: "run_headless, vllm/entrypoints/cli/serve.py", broken: headlessWithoutRanks },
  { from: "0.10.1", source: PARALLEL, broken: startsBeyond },
  { from: "0.26.0", source: PARALLEL, broken: unevenContexts },
  { from: "0.27.0", source: PARALLEL, broken: toleranceOfServers },
  { from: "0.30.0", source: PARALLEL, broken: fewerThanRanks },
  { from: "0.30.0", source: PARALLEL, broken: thresholdsBelowParts },
  { from: "0.31.0", source: ENGINE, broken: nodesOfRank },
  { from: "0.33.0", source: PARALLEL, broken: elasticHybrid },
];

const BACKEND = "distributed-executor-backend";
const PREFILL = "prefill-context-parallel-size";
const ELASTIC = "enable-elastic-ep";

/** Ray may also be the backend because of the data-parallel one, or because the engine runs in a task of it. */
function profiledWithoutRay({ isOn, text }: Line): Broken | undefined {
  const flag = "ray-workers-use-nsight";
  const backend = text(BACKEND);
  if (!isOn(flag) || !["mp", "uni", "external_launcher"].includes(backend ?? "")) return undefined;
  const message = `--${flag} profiles workers of Ray, but --${BACKEND} is ${backend}`;
  return { flag, message, fix: "remove the flag", change: NOTHING };
}

function localOfExternal({ isOn, number, text }: Line): Broken | undefined {
  const local = number(LOCAL);
  if (!isOn(EXTERNAL) || text(RANK) !== undefined || local === undefined || local === 1) return undefined;
  const message = `--${LOCAL} is ${local}, but with --${EXTERNAL} an engine is one rank`;
  return { flag: LOCAL, message, fix: `remove --${LOCAL}`, change: NOTHING };
}

function headlessWithoutRanks({ isOn, number }: Line): Broken | undefined {
  if (!isOn("headless") || number(LOCAL) !== 0) return undefined;
  const message = `--${LOCAL} is 0, but an engine with --headless only runs ranks`;
  return { flag: LOCAL, message, fix: `set --${LOCAL} to 1 or more, or remove --headless` };
}

/** The first rank is only read together with the number of local ranks. */
function startsBeyond(line: Line): Broken | undefined {
  const flag = "data-parallel-start-rank";
  const [start, all] = [line.number(flag), sizeOn(line, DATA)];
  if (start === undefined || all === undefined || line.number(LOCAL) === undefined || line.isOn(EXTERNAL))
    return undefined;
  if (all <= 1 || line.text(RANK) !== undefined || (start >= 0 && start < all)) return undefined;
  return {
    flag,
    message: `--${flag} is ${start}, but --${DATA} is ${all}`,
    fix: `write a number from 0 to ${all - 1}`,
  };
}

/** Ranks that share the context of a prompt, and those that share it while they decode. */
function unevenContexts(line: Line): Broken | undefined {
  const flag = "decode-context-parallel-size";
  const [decode, prefill] = [line.number(flag), line.number(PREFILL)];
  const tensor = sizeOn(line, "tensor-parallel-size");
  if (decode === undefined || prefill === undefined || tensor === undefined || prefill <= 1) return undefined;
  const sizes = [...new Set([1, prefill, tensor * prefill])];
  if (decode < 1 || sizes.includes(decode)) return undefined;
  const message = `--${flag} is ${decode}, but with --${PREFILL} ${prefill} and tensor ${tensor} vLLM accepts only ${sizes.join(", ")}`;
  return { flag, message, fix: `set --${flag} to one of ${sizes.join(", ")}` };
}

function toleranceOfServers({ isOn, number }: Line): Broken | undefined {
  const flag = "api-server-count";
  const count = number(flag) ?? 1;
  if (!isOn("enable-fault-tolerance") || count <= 1) return undefined;
  const message = `--${flag} is ${count}, but --enable-fault-tolerance works with one API server`;
  return { flag, message, fix: `set --${flag} to 1`, change: { to: "value", value: "1" } };
}

function fewerThanRanks(line: Line): Broken | undefined {
  const flag = "elastic-ep-max-dp-size";
  const [most, ranks] = [line.number(flag), line.number(DATA)];
  if (!line.isOn(ELASTIC) || most === undefined || ranks === undefined || most < 1 || most >= ranks) return undefined;
  const message = `--${flag} is ${most}, which is less than --${DATA} (${ranks})`;
  return { flag, message, fix: `set --${flag} to ${ranks} or more`, change: { to: "value", value: String(ranks) } };
}

/** Batches that overlap have two halves, whatever the number of parts is. */
function thresholdsBelowParts({ isOn, number }: Line): Broken | undefined {
  const parts = isOn("enable-dbo") ? 2 : (number("ubatch-size") ?? 0);
  if (parts <= 1) return undefined;
  const thresholds = ["dbo-decode-token-threshold", "dbo-prefill-token-threshold"];
  const flag = thresholds.find((one) => (number(one) ?? parts) < parts);
  if (flag === undefined) return undefined;
  const message = `--${flag} is ${number(flag)}, but a batch is split into ${parts} parts of at least 1 token each`;
  return { flag, message, fix: `set --${flag} to ${parts} or more`, change: { to: "value", value: String(parts) } };
}

function nodesOfRank({ isOn, number, text }: Line): Broken | undefined {
  const [nodes, data] = [number("nnodes"), number(DATA)];
  if (!isOn(EXTERNAL) || text(RANK) !== undefined || nodes === undefined || data === undefined) return undefined;
  if (nodes <= 1 || data <= 1 || nodes % data === 0) return undefined;
  const message = `--${EXTERNAL}: the ${nodes} nodes cannot be divided evenly among the ${data} data-parallel ranks, so --node-rank does not determine the rank of an engine`;
  return { flag: EXTERNAL, message, fix: "add --data-parallel-rank with the rank of the pod" };
}

function elasticHybrid({ isOn }: Line): Broken | undefined {
  const flag = "data-parallel-hybrid-lb";
  if (!isOn(ELASTIC) || !isOn(flag)) return undefined;
  return { flag, message: `--${flag} does not work with --${ELASTIC}`, fix: `remove --${flag} or --${ELASTIC}` };
}
