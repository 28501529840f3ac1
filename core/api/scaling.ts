import { z } from "zod";
import { embedded, inCrd, stringMap } from "./atoms.ts";

const hpaScaling = z.strictObject({
  behavior: embedded("HorizontalPodAutoscalerBehavior").optional(),
});
/** The fields that both kinds of ScaledObjects have. */
const kedaFields = {
  pollingInterval: z
    .int()
    .min(1)
    .optional()
    .describe("Seconds between two reads of the metric. Default: 30, the default of KEDA."),
  cooldownPeriod: z
    .int()
    .min(0)
    .optional()
    .describe("Seconds without a trigger before the workload is scaled to zero. Default: 300, the default of KEDA."),
  initialCooldownPeriod: z
    .int()
    .min(0)
    .optional()
    .describe("Seconds after creation before the cooldown period can begin. Default: 0, the default of KEDA."),
  idleReplicaCount: z
    .int()
    .min(0)
    .optional()
    .describe("Number of replicas while no trigger is active. 0 scales to zero. Must be less than `minReplicas`."),
  fallback: embedded("KedaFallback").optional(),
  advanced: embedded("KedaAdvancedConfig").optional(),
};
const HPA_NAME_RULE = {
  rule: "!has(self.advanced) || !has(self.advanced.horizontalPodAutoscalerConfig) || !has(self.advanced.horizontalPodAutoscalerConfig.name) || size(self.advanced.horizontalPodAutoscalerConfig.name) == 0",
  message: "horizontalPodAutoscalerConfig.name must not be set: it is derived from the name of the service",
  coveredBy: "fields that the variant autoscaler sets are not set",
};
const kedaScaling = inCrd(z.strictObject(kedaFields), {
  "x-kubernetes-validations": [
    {
      rule: "!has(self.advanced) || !has(self.advanced.scalingModifiers) || !(has(self.advanced.scalingModifiers.formula) && size(self.advanced.scalingModifiers.formula) > 0 || has(self.advanced.scalingModifiers.target) && size(self.advanced.scalingModifiers.target) > 0 || has(self.advanced.scalingModifiers.activationTarget) && size(self.advanced.scalingModifiers.activationTarget) > 0 || has(self.advanced.scalingModifiers.metricType) && size(self.advanced.scalingModifiers.metricType) > 0)",
      message: "scalingModifiers must not be set: the variant autoscaler determines the metric",
      coveredBy: "fields that the variant autoscaler sets are not set",
    },
    HPA_NAME_RULE,
  ],
});

const triggerFields = z.strictObject({
  type: z.string().min(1).describe("Scaler of KEDA that reads the metric, for example prometheus or cpu."),
  name: z
    .string()
    .optional()
    .describe("Name of the trigger, by which `advanced.scalingModifiers.formula` refers to it."),
  metadata: stringMap.describe("Settings of the scaler. All values are texts."),
  metricType: inCrd(
    z.string().optional().describe("How the value of the metric is compared with its target. Default: AverageValue."),
    { enum: ["AverageValue", "Value", "Utilization"] },
  ),
  useCachedMetrics: z
    .boolean()
    .optional()
    .describe("Whether the value of the last poll answers queries of the HorizontalPodAutoscaler. Default: false."),
  authenticationRef: z
    .strictObject({
      name: z.string().describe("Name of the TriggerAuthentication."),
      kind: z
        .string()
        .optional()
        .describe("TriggerAuthentication or ClusterTriggerAuthentication. Default: TriggerAuthentication."),
    })
    .optional()
    .describe("Credentials of the scaler."),
});
/** KServe stores a trigger without a type, but KEDA refuses it, so the plan reports it. */
const trigger = inCrd(triggerFields, { required: ["metadata"] });
/** KEDA with the user's own triggers, without the variant autoscaler. */
const directKedaScaling = inCrd(
  z.strictObject({
    ...kedaFields,
    triggers: inCrd(
      z
        .array(trigger)
        .min(1)
        .optional()
        .describe(
          "Triggers of the ScaledObject, at least one. The list of a later layer replaces an earlier one. Default: those of the stack, which read the Prometheus of the settings.",
        ),
      { "x-kubernetes-list-type": "atomic" },
    ),
  }),
  // The default is filled in before a document is stored, because KServe's API has none.
  { required: ["triggers"], "x-kubernetes-validations": [HPA_NAME_RULE] },
);
const wva = inCrd(
  z.strictObject({
    variantCost: inCrd(
      z
        .string()
        .regex(/^\d+(\.\d+)?$/)
        .optional()
        .describe(
          'Cost of one replica, relative to the other variants of the model, as a decimal number. Default: "10.0".',
        ),
      { default: "10.0" },
    ),
    hpa: hpaScaling
      .optional()
      .describe("Scales with a HorizontalPodAutoscaler. {} uses the defaults. Cannot be combined with `keda`."),
    keda: kedaScaling
      .optional()
      .describe("Scales with a KEDA ScaledObject. {} uses the defaults. Cannot be combined with `hpa`."),
  }),
  {
    "x-kubernetes-validations": [
      {
        rule: "!(has(self.hpa) && has(self.keda))",
        message: "hpa and keda exclude each other: choose one",
        coveredBy: "scaling selects one autoscaler",
      },
    ],
  },
);
export const scaling = inCrd(
  z.strictObject({
    minReplicas: inCrd(
      z.int().min(1).optional().describe("Minimum number of replicas. Must not exceed `maxReplicas`. Default: 1."),
      { default: 1 },
    ),
    maxReplicas: z.int().min(1).describe("Maximum number of replicas."),
    wva: wva
      .optional()
      .describe(
        "Variant autoscaler, which sets the number of replicas by the load of the engines. Set either `hpa` or `keda` in it. Cannot be combined with `keda`.",
      ),
    keda: directKedaScaling
      .optional()
      .describe(
        "Scales with a KEDA ScaledObject, without the variant autoscaler. {} scales by the triggers of the stack. Cannot be combined with `wva`.",
      ),
  }),
  {
    "x-kubernetes-validations": [
      {
        rule: "!has(self.minReplicas) || !has(self.maxReplicas) || self.minReplicas <= self.maxReplicas",
        message: "minReplicas cannot exceed maxReplicas",
        coveredBy: "minReplicas is not above maxReplicas",
      },
      {
        rule: "!has(self.wva) || !has(self.wva.keda) || !has(self.wva.keda.idleReplicaCount) || !has(self.minReplicas) || self.wva.keda.idleReplicaCount < self.minReplicas",
        message: "idleReplicaCount must be below minReplicas: it applies while no trigger is active",
        coveredBy: "idle replicas are below the minimum",
      },
      {
        rule: "!has(self.keda) || !has(self.keda.idleReplicaCount) || !has(self.minReplicas) || self.keda.idleReplicaCount < self.minReplicas",
        message: "idleReplicaCount must be below minReplicas: it applies while no trigger is active",
        coveredBy: "idle replicas are below the minimum",
        added: true,
      },
      {
        rule: "!(has(self.wva) && has(self.keda))",
        message: "wva and keda cannot both be set: choose one",
        coveredBy: "scaling selects an autoscaler",
        added: true,
      },
    ],
  },
);
export type ScalingSpec = z.infer<typeof scaling>;
export type KEDAScalingSpec = z.infer<typeof kedaScaling>;
export type DirectKEDAScalingSpec = z.infer<typeof directKedaScaling>;
