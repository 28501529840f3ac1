import type { LLMInferenceServiceConfigSpec } from "../../api/service.ts";
import type { StackFacts } from "../stacks/stack.ts";
import { latencyPredictorPreset } from "./latency.ts";
import { routePreset, schedulerPreset, tracingPreset } from "./routing.ts";
import { sglangPresets } from "./sglang.ts";
import { tokenizerPreset } from "./tokenizer.ts";
import { dataParallel, pipelineParallel, singleNode } from "./workloads.ts";

/** The config defaults made from the facts of a release, under the names by which KServe looks up its own. */
export function presetsFrom(facts: StackFacts): Readonly<Record<string, LLMInferenceServiceConfigSpec>> {
  const { tokenizer } = facts;
  return {
    "kserve-config-llm-template": singleNode("general", facts),
    "kserve-config-llm-decode-template": singleNode("decode", facts),
    "kserve-config-llm-prefill-template": singleNode("prefill", facts),
    "kserve-config-llm-worker-data-parallel": dataParallel("general", facts),
    "kserve-config-llm-decode-worker-data-parallel": dataParallel("decode", facts),
    "kserve-config-llm-prefill-worker-data-parallel": dataParallel("prefill", facts),
    "kserve-config-llm-worker-pipeline-parallel": pipelineParallel("general", facts),
    "kserve-config-llm-decode-worker-pipeline-parallel": pipelineParallel("decode", facts),
    "kserve-config-llm-prefill-worker-pipeline-parallel": pipelineParallel("prefill", facts),
    "kserve-config-llm-router-route": routePreset(),
    "kserve-config-llm-scheduler": schedulerPreset(facts.scheduler),
    ...(tokenizer.kind === "server" && { "kserve-config-llm-tokenizer": tokenizerPreset(tokenizer.image) }),
    "kserve-config-llm-scheduler-latency-predictor": latencyPredictorPreset(facts.latencyPredictor.tag),
    "kserve-config-llm-tracing": tracingPreset(),
    ...sglangPresets(facts),
  };
}
