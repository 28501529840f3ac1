import { z } from "zod";
import type { ObjectMeta } from "../kubernetes/objects.ts";
import { inCrd, localRef } from "./atoms.ts";
import { model } from "./model.ts";
import { router } from "./router.ts";
import { WORKLOAD_RULES, workload, workloadFields } from "./workload.ts";

export const GROUP = "serving.kserve.io";
export const API_VERSION = `${GROUP}/v1alpha2`;

export const tracing = z.strictObject({
  exporterEndpoint: z.string().optional().describe("Where spans go (OTLP), e.g. http://collector:4317."),
  sampler: z.string().optional().describe("OpenTelemetry sampler. Default parentbased_traceidratio."),
  samplerArg: z.string().optional().describe("The sampler's argument, e.g. the ratio."),
  exporter: z.string().optional().describe("OpenTelemetry exporter. Default otlp."),
});
export const storageInitializer = z.strictObject({
  enabled: z
    .boolean()
    .optional()
    .describe("Whether weights are fetched or mounted before the engine starts. Default true."),
});

const serviceFields = {
  model: model.describe("The model."),
  storageInitializer: storageInitializer.optional().describe("How weights come into the pods."),
  ...workloadFields,
  router: router.optional().describe("How requests reach the pods. Absent: by the Service only."),
  prefill: workload.optional().describe("Pods that only prefill; the service's own then only decode."),
  tracing: tracing.optional().describe("OpenTelemetry traces of engines and scheduler. {} takes the defaults."),
  baseRefs: z.array(localRef).optional().describe("Configs that the service builds on, lowest precedence first."),
};

/** The spec of an LLMInferenceService. A config's is the same with every field optional. */
export const serviceSpec = inCrd(z.strictObject(serviceFields), WORKLOAD_RULES);
export const configSpec = inCrd(
  z.strictObject({ ...serviceFields, model: model.partial().optional().describe("The model.") }),
  WORKLOAD_RULES,
);

export type TracingSpec = z.infer<typeof tracing>;
export type LLMInferenceServiceSpec = z.infer<typeof serviceSpec>;
/** A layer: what a config or preset says, or what has been merged so far. */
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

/** JSON that has been read or merged by the schema, as the spec that it is. */
export function asSpec(value: object): LLMInferenceServiceSpec {
  return value as LLMInferenceServiceSpec;
}
