import { z } from "zod";
import { embedded, podSpec, stringMap } from "./kubernetes.ts";

const localRef = z.strictObject({ name: z.string().optional() });
const objectRef = z.strictObject({ name: z.string().optional(), namespace: z.string().optional() });

export const schedulerConfig = z.strictObject({
  /** An EndpointPickerConfig; a ConfigMap's raw text once a ref is resolved. */
  inline: z.unknown().optional(),
  ref: z
    .strictObject({ name: z.string().optional(), key: z.string().optional(), optional: z.boolean().optional() })
    .optional(),
});
export const scheduler = z.strictObject({
  pool: z.strictObject({ spec: embedded("InferencePoolSpec").optional(), ref: localRef.optional() }).optional(),
  labels: stringMap.optional(),
  annotations: stringMap.optional(),
  template: podSpec.optional(),
  config: schedulerConfig.optional(),
  replicas: z.int().optional(),
});
export const route = z.strictObject({
  http: z.strictObject({ refs: z.array(localRef).optional(), spec: embedded("HTTPRouteSpec").optional() }).optional(),
  group: z.string().optional(),
  weight: z.int().optional(),
});
export const gatewayRef = objectRef.extend({ sectionName: z.string().optional() });
export const router = z.strictObject({
  route: route.optional(),
  gateway: z.strictObject({ refs: z.array(gatewayRef).optional() }).optional(),
  ingress: z.strictObject({ refs: z.array(objectRef).optional() }).optional(),
  scheduler: scheduler.optional(),
});
export type RouterSpec = z.infer<typeof router>;
export type SchedulerSpec = z.infer<typeof scheduler>;
export type GatewayRef = z.infer<typeof gatewayRef>;
