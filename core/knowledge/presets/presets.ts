import { API_VERSION, type LLMInferenceServiceConfig, type LLMInferenceServiceConfigSpec } from "../../api/service.ts";
import { latencyPredictorPreset } from "./latency.ts";
import { routePreset, schedulerPreset, tracingPreset } from "./routing.ts";
import { dataParallel, pipelineParallel, singleNode } from "./workloads.ts";

/** Versions of the presets' content, oldest first. A change that a service could see is a new version beside the old ones. */
export const PRESET_VERSIONS = ["2026.11-1"] as const;
/** The version that a platform and a service without one get. */
export const PRESET_VERSION: string = PRESET_VERSIONS[PRESET_VERSIONS.length - 1] as string;

/** Our config defaults, under the names by which KServe looks its own up. */
const PRESETS: Readonly<Record<string, () => LLMInferenceServiceConfigSpec>> = {
  "kserve-config-llm-template": () => singleNode("general"),
  "kserve-config-llm-decode-template": () => singleNode("decode"),
  "kserve-config-llm-prefill-template": () => singleNode("prefill"),
  "kserve-config-llm-worker-data-parallel": () => dataParallel("general"),
  "kserve-config-llm-decode-worker-data-parallel": () => dataParallel("decode"),
  "kserve-config-llm-prefill-worker-data-parallel": () => dataParallel("prefill"),
  "kserve-config-llm-worker-pipeline-parallel": () => pipelineParallel("general"),
  "kserve-config-llm-decode-worker-pipeline-parallel": () => pipelineParallel("decode"),
  "kserve-config-llm-prefill-worker-pipeline-parallel": () => pipelineParallel("prefill"),
  "kserve-config-llm-router-route": routePreset,
  "kserve-config-llm-scheduler": schedulerPreset,
  "kserve-config-llm-scheduler-latency-predictor": latencyPredictorPreset,
  "kserve-config-llm-tracing": tracingPreset,
};

/** The presets of a version; undefined where this package does not have it. */
export function presetsOf(version: string, namespace: string): readonly LLMInferenceServiceConfig[] | undefined {
  return PRESET_VERSIONS.some((known) => known === version) ? presets({ namespace }) : undefined;
}

/** The newest presets as the configs that a platform installs, in a namespace; the same objects for the same namespace. */
export function presets({ namespace }: { namespace: string }): readonly LLMInferenceServiceConfig[] {
  const known = made.get(namespace);
  if (known !== undefined) return known;
  const configs = Object.entries(PRESETS).map(([name, spec]) => ({
    apiVersion: API_VERSION,
    kind: "LLMInferenceServiceConfig" as const,
    metadata: { name, namespace },
    spec: spec(),
  }));
  made.set(namespace, configs);
  return configs;
}

/** Presets are read for every plan; what was read once is known by its identity. */
const made = new Map<string, readonly LLMInferenceServiceConfig[]>();
