import { ENGINE_TITLE, engineOf } from "../../../knowledge/engine/engines.ts";
import { nearestSetting } from "../../../knowledge/engine/sglang/settings.ts";
import { refusesFlags } from "../../../knowledge/engine/start/start.ts";
import { field, isObject, valueAt } from "../../../kubernetes/json.ts";
import type { CheckFinding, CheckSubject } from "../check.ts";

/** Fields of `tuning` that are sizes: they count devices, whatever the engine is. */
const SIZES = ["tensorParallelSize", "pipelineParallelSize", "dataParallelSize", "enableExpertParallel"];

/** Settings of vLLM for an engine whose command accepts none of its flags, or that has no such setting. */
export function judgeTuning({ service, engines, spec }: CheckSubject): CheckFinding[] {
  const kind = engineOf(spec);
  const places = [["main", ["spec"]] as const, ["prefill", ["spec", "prefill"]] as const];
  return places.flatMap(([role, path]): CheckFinding[] => {
    const tuning = field(valueAt(service, path), "tuning");
    const engine = engines.find((one) => one.role === role && one.pod === "template");
    if (!isObject(tuning) || engine === undefined) return [];
    const refuses = refusesFlags(engine.container, kind);
    const given = Object.keys(tuning).filter((name) => !SIZES.includes(name));
    return given.flatMap((name): CheckFinding[] => {
      const at = { code: "UnusedField" as const, path: [...path, "tuning", name].join("."), layer: "service" };
      if (refuses) {
        const message = `${name} has no effect: the command of the engine takes no flags of ${ENGINE_TITLE[kind]}`;
        return [{ ...at, message, fix: "remove it, and write the engine's own setting into args or command" }];
      }
      const near = kind === "sglang" ? nearestSetting(flagOf(name)) : undefined;
      if (near === undefined) return [];
      const message = `${name} has no effect: ${ENGINE_TITLE[kind]} has no setting that means the same`;
      return [{ ...at, message, fix: `remove it, and write ${near} into args` }];
    });
  });
}

/** Fields have the names of their flags, in camel case. */
function flagOf(field: string): string {
  return field.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
