import type { LLMInferenceServiceSpec } from "../../api/service.ts";
import type { Issue } from "../../contract/issues/issue.ts";
import type { Provenance } from "../../contract/layer.ts";
import { flagPath } from "../../knowledge/engine/flags/argfields.ts";
import { flagValue } from "../../knowledge/engine/flags/commandline.ts";
import { LORA_LIMITS } from "../../knowledge/engine/lora.ts";
import { vllmStart } from "../../knowledge/engine/start/start.ts";
import { MAIN } from "../../kubernetes/workloads/pods.ts";

const FLAGS = LORA_LIMITS.vllm;

/** Limits of LoRA adapters that `model.lora` and the engine's flags set to different values. */
export function judgeLimits({ model, template }: LLMInferenceServiceSpec, provenance: Provenance): Issue[] {
  const lora = model?.lora;
  if (lora === undefined) return [];
  const main = template?.containers?.find(({ name }) => name === MAIN);
  const args = (main && vllmStart(main)?.args) ?? [];
  return (Object.keys(FLAGS) as (keyof typeof FLAGS)[]).flatMap((limit): Issue[] => {
    const flag = FLAGS[limit];
    const [wanted, written] = [lora[limit], flagValue(args, flag)];
    if (wanted === undefined || written === undefined || written === String(wanted)) return [];
    const path = `template.containers[name=${MAIN}]`;
    const layer = provenance.get(flagPath(`${path}.args`, flag))?.layer ?? "merged";
    const message = `${limit} is ${wanted}, but --${flag} is ${written} in args (${layer})`;
    const fix = `keep one of spec.model.lora.${limit} and --${flag}`;
    return [{ code: "Conflict", severity: "error", path: `spec.model.lora.${limit}`, layer: "merged", message, fix }];
  });
}
