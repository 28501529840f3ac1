import { z } from "zod";
import { inCrd } from "./atoms.ts";
import { lora, loraAdapter, model } from "./model.ts";
import { router, scheduler } from "./router.ts";
import { serviceSpec } from "./service.ts";
import { WORKLOAD_RULES, workload } from "./workload.ts";

/**
 * The spec of KServe's older API version, as far as it differs; it is only read. What it lacks (KV-cache offloading,
 * confidential weights) is unknown there; its pool is that of inference.networking.x-k8s.io/v1alpha2. Source:
 * pkg/apis/serving/v1alpha1/llm_inference_service_types.go, KServe v0.20.0.
 */
const criticality = inCrd(
  z
    .string()
    .optional()
    .describe("Criticality of the requests of a model: requests of lower criticality are shed first under load."),
  {
    enum: ["Critical", "Standard", "Sheddable"],
  },
);
const adapterV1alpha1 = loraAdapter.omit({ confidential: true }).extend({ criticality });
const modelV1alpha1 = model
  .omit({ confidential: true, lora: true })
  .extend({ criticality, lora: lora.extend({ adapters: z.array(adapterV1alpha1).optional() }).optional() });

const extensionRef = z.strictObject({
  group: z.string().max(253).optional(),
  kind: z.string().min(1).max(63).optional(),
  name: z.string().min(1).max(253),
  portNumber: z.int().min(1).max(65535).optional(),
  failureMode: inCrd(z.string(), { enum: ["FailOpen", "FailClose"] }),
});
const poolV1alpha2 = z.strictObject({
  selector: z.record(z.string(), z.string().max(63)),
  targetPortNumber: z.int(),
  extensionRef: extensionRef.optional(),
});
const pool = scheduler.shape.pool.unwrap().extend({ spec: poolV1alpha2.optional() });
const routerV1alpha1 = router.extend({ scheduler: scheduler.extend({ pool: pool.optional() }).optional() });

export const serviceSpecV1alpha1 = inCrd(
  serviceSpec.omit({ kvCacheOffloading: true }).extend({
    model: modelV1alpha1,
    router: routerV1alpha1.optional(),
    prefill: inCrd(workload.omit({ kvCacheOffloading: true }), WORKLOAD_RULES).optional(),
  }),
  WORKLOAD_RULES,
);
