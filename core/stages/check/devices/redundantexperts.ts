import { flagValue } from "../../../knowledge/engine/flags/commandline.ts";
import { type Engine, numberOf } from "../engine.ts";
import { jsonFlag } from "../roles/connectors.ts";

export const REDUNDANT = "num-redundant-experts";
export const BALANCE = "eplb-config";
export const BALANCED = "enable-eplb";

/**
 * Copies of experts for balance, of all ranks together: set by a flag, or by a key of another flag if the first is
 * not set. Undefined if experts are not balanced. Source: EPLBConfig and EngineArgs.create_engine_config,
 * vllm/config/parallel.py and vllm/engine/arg_utils.py.
 */
export function redundantOf(engine: Engine): number | undefined {
  if (flagValue(engine.args, BALANCED) !== "true") return undefined;
  const inConfig = Number(jsonFlag(engine, BALANCE)?.["num_redundant_experts"] ?? 0);
  return numberOf(engine, REDUNDANT) ?? (Number.isInteger(inConfig) ? inConfig : 0);
}
