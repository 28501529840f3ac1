import { z } from "zod";
import { embedded } from "./kubernetes.ts";

export const hpaScaling = z.strictObject({ behavior: embedded("HorizontalPodAutoscalerBehavior").optional() });
export const kedaScaling = z.strictObject({
  pollingInterval: z.int().optional(),
  cooldownPeriod: z.int().optional(),
  initialCooldownPeriod: z.int().optional(),
  idleReplicaCount: z.int().optional(),
  fallback: embedded("KEDA Fallback").optional(),
  advanced: embedded("KEDA AdvancedConfig").optional(),
});
export const wva = z.strictObject({
  variantCost: z.string().optional(),
  hpa: hpaScaling.optional(),
  keda: kedaScaling.optional(),
});
export const scaling = z.strictObject({
  minReplicas: z.int().optional(),
  maxReplicas: z.int(),
  wva: wva.optional(),
});
export type ScalingSpec = z.infer<typeof scaling>;
export type KEDAScalingSpec = z.infer<typeof kedaScaling>;
