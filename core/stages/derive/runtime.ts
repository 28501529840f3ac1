import type { LLMInferenceServiceSpec } from "../../api/service.ts";
import type { Issue } from "../../contract/issues/issue.ts";
import type { Provenance } from "../../contract/layer.ts";
import { ENGINE_TITLE, meantRuntime, unknownRuntime } from "../../knowledge/engine/engines.ts";

/** A runtime without presets: KServe would silently use its image from the cluster, with vLLM's presets. */
export function judgeRuntime({ runtime }: LLMInferenceServiceSpec, provenance: Provenance): Issue[] {
  const fix = unknownRuntime(runtime);
  if (runtime === undefined || fix === undefined) return [];
  const meant = meantRuntime(runtime);
  const message = `the runtime ${JSON.stringify(runtime)} has no presets, so the engine is ${ENGINE_TITLE.vllm} with the image of its presets`;
  const { layer = "merged" } = provenance.get("runtime") ?? {};
  const fixes = meant === undefined ? {} : { fixes: [{ path: "spec.runtime", value: meant }] };
  return [{ code: "UnusedField", severity: "warning", path: "spec.runtime", layer, message, fix, ...fixes }];
}
