import { z } from "zod";
import type { ObjectMeta } from "../kubernetes/objects.ts";
import { inCrd, localRef } from "./atoms.ts";
import { model } from "./model.ts";
import { router } from "./router.ts";
import { WORKLOAD_RULES, workload, workloadFields } from "./workload.ts";

export const GROUP = "serving.kserve.io";
export const API_VERSION = `${GROUP}/v1alpha2`;

const tracing = z.strictObject({
  exporterEndpoint: z
    .string()
    .optional()
    .describe("OTLP endpoint that receives the spans, for example http://collector:4317."),
  sampler: z.string().optional().describe("OpenTelemetry sampler. Default: parentbased_traceidratio."),
  samplerArg: z.string().optional().describe("Argument of the sampler, for example the ratio."),
  exporter: z.string().optional().describe("OpenTelemetry exporter. Default: otlp."),
});
const storageInitializer = z.strictObject({
  enabled: z
    .boolean()
    .optional()
    .describe("Whether the weights are downloaded or mounted before the engine starts. Default: true."),
});

const serviceFields = {
  model: model.describe("Model that the service serves."),
  storageInitializer: storageInitializer.optional().describe("How the weights reach the pods."),
  ...workloadFields,
  router: router
    .optional()
    .describe(
      "Route, gateway and scheduler of the service. Without it, requests reach the pods through the Service only.",
    ),
  prefill: workload
    .optional()
    .describe("Prefill role: pods that only prefill prompts. The pods of the service itself then only decode."),
  runtime: z
    .string()
    .optional()
    .describe(
      "Name of the runtime whose engine serves the model. kserve-llm-sglang: SGLang, with its presets. Default: vLLM.",
    ),
  trustRemoteCode: z
    .boolean()
    .optional()
    .describe(
      "Whether the engines run Python code that the model's repository holds (--trust-remote-code). Only for models from sources that you trust. Default: false.",
    ),
  tracing: tracing.optional().describe("OpenTelemetry traces of the engines and the scheduler. {} uses the defaults."),
  baseRefs: z
    .array(localRef)
    .optional()
    .describe("LLMInferenceServiceConfigs that the service builds on, lowest precedence first."),
};

/** The spec of an LLMInferenceService. A config's is the same with every field optional. */
export const serviceSpec = inCrd(z.strictObject(serviceFields), WORKLOAD_RULES);
export const configSpec = inCrd(
  z.strictObject({ ...serviceFields, model: model.partial().optional().describe("Model that the service serves.") }),
  WORKLOAD_RULES,
);

export type TracingSpec = z.infer<typeof tracing>;
export type LLMInferenceServiceSpec = z.infer<typeof serviceSpec>;
/** A layer: the spec of a config or preset, or the merge so far. */
export type LLMInferenceServiceConfigSpec = z.infer<typeof configSpec>;

export interface LLMInferenceService {
  apiVersion: string;
  kind: "LLMInferenceService";
  metadata: ObjectMeta & { name: string; namespace: string };
  spec: LLMInferenceServiceSpec;
  /** Only read for names that an earlier release pinned. */
  status?: { annotations?: Record<string, string> };
}
export interface LLMInferenceServiceConfig {
  apiVersion: string;
  kind: "LLMInferenceServiceConfig";
  metadata: ObjectMeta & { name: string; namespace: string };
  spec: LLMInferenceServiceConfigSpec;
}

/** JSON that the schema has read or merged, typed as the spec. */
export function asSpec(value: object): LLMInferenceServiceSpec {
  return value as LLMInferenceServiceSpec;
}
