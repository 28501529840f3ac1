import { MODIFIERS } from "../../../api/deviations.ts";
import { NEWER } from "../../../api/policy/checks.ts";
import type { KEDAScalingSpec, ScalingSpec } from "../../../api/scaling.ts";
import type { Behaviour } from "../../../contract/behaviour.ts";
import type { Finding } from "../../../contract/issues/issue.ts";
import { entryOf } from "../../../kubernetes/table.ts";
import { type Rule, workloadRule } from "../rule.ts";

const SOURCE = "ValidateWorkloadScaling, llm_inference_service_validation.go, KServe v0.21";
const COST = /^\d+(\.\d+)?$/;

export const SCALING_RULES: readonly Rule[] = [
  workloadRule("replicas and scaling exclude each other", SOURCE, ({ workload, path }) => {
    if (workload.scaling === undefined || workload.replicas === undefined) return [];
    return [
      {
        code: "Conflict",
        path: `${path}.scaling`,
        message: "replicas and scaling cannot be set together",
        fix: "keep scaling for an autoscaled workload, or replicas for a fixed size",
      },
    ];
  }),
  scalingRule("minReplicas is not above maxReplicas", ({ minReplicas, maxReplicas }, path) => {
    if (minReplicas === undefined || maxReplicas === undefined || minReplicas <= maxReplicas) return [];
    const message = `minReplicas (${minReplicas}) cannot exceed maxReplicas (${maxReplicas})`;
    return [{ code: "Conflict", path: `${path}.minReplicas`, message, fix: `write ${maxReplicas} or less` }];
  }),
  scalingRule("scaling selects an autoscaler", ({ wva, keda }, path, behaviour) => {
    if (wva !== undefined && keda !== undefined) {
      const message = "wva and keda cannot both be set: one autoscaler sets the number of replicas";
      return [{ code: "Conflict", path, message, fix: "remove wva or keda" }];
    }
    if (wva !== undefined || keda !== undefined) return [];
    const takesKeda = NEWER.includes(behaviour.dialect);
    const message = `${takesKeda ? "wva or keda" : "wva"} is required when scaling is set: it selects the autoscaler`;
    const fix = `set wva.hpa or wva.keda, where {} selects the defaults${takesKeda ? ", or keda with triggers" : ""}`;
    return [{ code: "MissingField", path: `${path}.wva`, message, fix }];
  }),
  scalingRule("scaling selects one autoscaler", ({ wva }, path) => {
    if (wva === undefined || (wva.hpa === undefined) !== (wva.keda === undefined)) return [];
    if (wva.hpa === undefined) {
      const message = "either hpa or keda must be set to select the autoscaler";
      return [{ code: "MissingField", path: `${path}.wva`, message, fix: "set hpa: {} or keda: {}" }];
    }
    return [
      { code: "Conflict", path: `${path}.wva`, message: "hpa and keda cannot both be set", fix: "remove hpa or keda" },
    ];
  }),
  scalingRule("a cost is a decimal number", ({ wva }, path) => {
    const cost = wva?.variantCost ?? "";
    if (cost === "" || COST.test(cost)) return [];
    const message = `the cost ${JSON.stringify(cost)} is not a decimal number of 0 or more`;
    return [
      {
        code: "InvalidValue",
        path: `${path}.wva.variantCost`,
        message,
        fix: 'write a decimal number such as "10", "10.0" or "0.5"',
      },
    ];
  }),
  scalingRule("fields that the variant autoscaler sets are not set", (scaling, path) =>
    kedasOf(scaling, path).flatMap(judgeOwned),
  ),
  scalingRule("idle replicas are below the minimum", (scaling, path) =>
    kedasOf(scaling, path).flatMap((one) => judgeIdle(one, scaling.minReplicas, path)),
  ),
  {
    name: "both roles use the same autoscaler",
    source: "ValidateActuatorConsistency, llm_inference_service_validation.go, KServe v0.21",
    judge: ({ spec: { scaling, prefill } }) => {
      const [decodeWva, prefillWva] = [scaling?.wva, prefill?.scaling?.wva];
      const [decodesBy, prefillsBy] = [scaling, prefill?.scaling].map(mechanismOf);
      if (decodesBy !== undefined && prefillsBy !== undefined && decodesBy !== prefillsBy)
        return [differ("spec.prefill.scaling", decodesBy, prefillsBy)];
      if (decodeWva === undefined || prefillWva === undefined) return [];
      const [decodes, prefills] = [actuatorOf(decodeWva), actuatorOf(prefillWva)];
      return decodes === prefills ? [] : [differ("spec.prefill.scaling.wva", decodes, prefills)];
    },
  },
];

function mechanismOf({ wva, keda }: Partial<ScalingSpec> = {}): "wva" | "keda" | undefined {
  if (keda !== undefined) return "keda";
  return wva === undefined ? undefined : "wva";
}

function actuatorOf({ hpa }: NonNullable<ScalingSpec["wva"]>): "keda" | "hpa" {
  return hpa === undefined ? "keda" : "hpa";
}

function differ(path: string, decodes: string, prefills: string): Finding {
  const message = `decode scales by ${decodes} but prefill by ${prefills}: both roles must use the same autoscaler`;
  return { code: "Conflict", path, message, fix: `use ${decodes} for both` };
}

function scalingRule(
  name: string,
  judge: (scaling: ScalingSpec, path: string, behaviour: Behaviour) => Finding[],
): Rule {
  return workloadRule(name, SOURCE, ({ workload: { scaling }, path, behaviour }) =>
    scaling === undefined ? [] : judge(scaling, `${path}.scaling`, behaviour),
  );
}

/** Fields of KEDA's `advanced` that are derived, not chosen. */
interface Advanced {
  scalingModifiers?: Record<string, unknown>;
  horizontalPodAutoscalerConfig?: { name?: string };
}

/** The settings of a ScaledObject, and the source of its triggers. */
interface Keda {
  keda: KEDAScalingSpec;
  by: "wva" | "user";
  path: string;
}

function kedasOf({ wva, keda }: ScalingSpec, path: string): Keda[] {
  return [
    ...(wva?.keda ? [{ keda: wva.keda, by: "wva" as const, path: `${path}.wva.keda` }] : []),
    ...(keda ? [{ keda, by: "user" as const, path: `${path}.keda` }] : []),
  ];
}

function judgeOwned({ keda, by, path }: Keda): Finding[] {
  const { scalingModifiers = {}, horizontalPodAutoscalerConfig = {} } = (keda.advanced ?? {}) as Advanced;
  const findings: Finding[] = [];
  if (by === "wva" && MODIFIERS.some((field) => (entryOf(scalingModifiers, field) ?? "") !== "")) {
    const message = "scalingModifiers must not be set: the variant autoscaler determines the metric and its formula";
    findings.push({ code: "Conflict", path: `${path}.advanced.scalingModifiers`, message, fix: "remove it" });
  }
  if ((horizontalPodAutoscalerConfig.name ?? "") !== "") {
    const at = `${path}.advanced.horizontalPodAutoscalerConfig.name`;
    const message = "the name of the autoscaler must not be set: it is derived from the name of the service";
    findings.push({ code: "Conflict", path: at, message, fix: "remove it" });
  }
  return findings;
}

function judgeIdle({ keda, path }: Keda, minReplicas: number | undefined, scaling: string): Finding[] {
  const { idleReplicaCount: idle } = keda;
  if (idle === undefined || (minReplicas !== undefined && idle < minReplicas)) return [];
  if (minReplicas === undefined) {
    const message = `idleReplicaCount (${idle}) requires minReplicas and must be below it`;
    return [{ code: "MissingField", path: `${scaling}.minReplicas`, message, fix: `set minReplicas above ${idle}` }];
  }
  const message = `idleReplicaCount (${idle}) must be below minReplicas (${minReplicas}): it applies while no trigger is active`;
  return [{ code: "Conflict", path: `${path}.idleReplicaCount`, message, fix: `write less than ${minReplicas}` }];
}
