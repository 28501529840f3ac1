import type { FitRequest } from "../../../knowledge/memory/request.ts";
import type { Engine } from "../engine.ts";

type Variables = Pick<FitRequest, "runnerV2" | "plainRows" | "engineV0" | "estimatesGraphs" | "flashInferSampler">;

/**
 * What variables of the engine say of its memory; a value that is not written says nothing. Source: vllm/envs.py, 0.8.0
 * to 0.33.0.
 */
export function fitVariables({ container }: Engine): Variables {
  const entryOf = (variable: string) => container.env?.find(({ name }) => name === variable);
  const isOn = (variable: string): boolean | undefined => {
    const value = entryOf(variable)?.value?.trim();
    return value === "1" || value === "0" ? value === "1" : undefined;
  };
  const padding = entryOf("VLLM_ROCM_FP8_PADDING");
  return {
    ...withValue("runnerV2", isOn("VLLM_USE_V2_MODEL_RUNNER")),
    ...withValue("estimatesGraphs", isOn("VLLM_MEMORY_PROFILER_ESTIMATE_CUDAGRAPHS")),
    ...(isOn("VLLM_USE_V1") === false && { engineV0: true }),
    ...(isOn("VLLM_USE_FLASHINFER_SAMPLER") && { flashInferSampler: true }),
    ...(padding !== undefined && padding.value !== "1" && { plainRows: true }),
  };
}

function withValue<Name extends keyof Variables>(name: Name, value: Variables[Name]): Partial<Variables> {
  return value === undefined ? {} : { [name]: value };
}
