import { refusesFlags } from "../../knowledge/engine/start.ts";
import { field, isObject, valueAt } from "../../kubernetes/json.ts";
import type { CheckFinding, CheckSubject } from "./check.ts";

/** Fields of `tuning` that are sizes: they count devices, whatever the engine is. */
const SIZES = ["tensorParallelSize", "pipelineParallelSize", "dataParallelSize", "enableExpertParallel"];

/** Settings of vLLM for an engine whose command takes none of its flags. */
export function judgeTuning({ service, engines }: CheckSubject): CheckFinding[] {
  const places = [["main", ["spec"]] as const, ["prefill", ["spec", "prefill"]] as const];
  return places.flatMap(([role, path]): CheckFinding[] => {
    const tuning = field(valueAt(service, path), "tuning");
    const engine = engines.find((one) => one.role === role && one.pod === "template");
    if (!isObject(tuning) || engine === undefined || !refusesFlags(engine.container)) return [];
    const idle = Object.keys(tuning).filter((name) => !SIZES.includes(name));
    return idle.map((name) => ({
      code: "UnusedField",
      path: [...path, "tuning", name].join("."),
      layer: "service",
      message: `${name} has no effect: the command of the engine takes no flags of vLLM`,
      fix: "remove it, and write what the engine itself has for it into args or command",
    }));
  });
}
