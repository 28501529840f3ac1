import { z } from "zod";
import type { ObjectMeta } from "./kubernetes.ts";
import { model } from "./model.ts";
import { router } from "./router.ts";
import { workload, workloadFields } from "./workload.ts";

export const GROUP = "serving.kserve.io";
export const API_VERSION = `${GROUP}/v1alpha2`;

export const tracing = z.strictObject({
  exporterEndpoint: z.string().optional(),
  sampler: z.string().optional(),
  samplerArg: z.string().optional(),
  exporter: z.string().optional(),
});
export const storageInitializer = z.strictObject({ enabled: z.boolean().optional() });

/** The spec of an LLMInferenceService. A config's is the same with every field optional. */
export const serviceSpec = z.strictObject({
  model,
  storageInitializer: storageInitializer.optional(),
  ...workloadFields,
  router: router.optional(),
  prefill: workload.optional(),
  tracing: tracing.optional(),
  baseRefs: z.array(z.strictObject({ name: z.string().optional() })).optional(),
});
export const configSpec = serviceSpec.extend({ model: model.partial().optional() });

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
