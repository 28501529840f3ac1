import type { KEDAScalingSpec } from "../../../api/scaling.ts";
import { type Operations, switchOf } from "../../../api/shorthands/operations.ts";
import { asText, isObject, type JsonObject } from "../../../kubernetes/json.ts";
import type { KubernetesObject } from "../../../kubernetes/objects.ts";
import { entryOf } from "../../../kubernetes/table.ts";
import type { OperatedContext } from "../context.ts";
import { refusal } from "../issues.ts";
import { type RoleContext, rolesOf } from "../workload/role.ts";

type ToZero = Extract<Operations["scaleToZero"], object>;
type Problem = ReturnType<typeof refusal>;

export const SCALE_TO_ZERO = "spec.operations.scaleToZero";

/**
 * Scales engines to zero while the service is unused. The variant autoscaler decides it, if its own settings enable it
 * for the model: then the wanted number is 0, KEDA's trigger is inactive, and after the cool-down KEDA removes the last
 * engine. With the first waiting request the variant autoscaler starts one, and KEDA continues from `minReplicas`.
 * Sources: saturation and scalefromzero engines of the variant autoscaler v0.7; scale_scaledobjects.go, KEDA v2.20.
 */
export function withScaleToZero(
  objects: readonly KubernetesObject[],
  context: OperatedContext,
): readonly KubernetesObject[] {
  const chosen = switchOf(context.operations.scaleToZero);
  if (chosen === undefined) return objects;
  const problems = rolesOf(context).flatMap((role) => problemsOf(role, chosen));
  for (const problem of problems) context.report(problem);
  return problems.length > 0
    ? objects
    : objects.map((object) => entryOf(EDITS, object.kind)?.(object, chosen) ?? object);
}

/**
 * Both roles must be able to scale to zero: requests that wait for a decoder are let through as soon as any engine is
 * there.
 */
function problemsOf({ workload: { scaling }, path, role }: RoleContext, { cooldownPeriod }: ToZero): Problem[] {
  const { wva, keda: direct } = scaling ?? {};
  const engines = role === "prefill" ? "prefill" : "the service";
  if (direct !== undefined) {
    if (direct.triggers?.some(({ metadata }) => seesWaiting(metadata)))
      return settingsOf(direct, `${path}.scaling.keda`, cooldownPeriod);
    const message = `${engines} scales by its own triggers, but none of them reads the queue of the scheduler, in which requests wait while no engine runs`;
    const fix =
      "add a trigger on the queue of the scheduler, or write keda: {} for the triggers of the stack; or remove scaleToZero";
    return [refusal("Conflict", `${path}.scaling.keda`, message, fix)];
  }
  if (wva === undefined) {
    const message = `${engines} has a fixed number of replicas, but scaleToZero requires an autoscaler`;
    const fix = "set scaling: { maxReplicas: …, wva: { keda: {} } } instead of replicas, or remove scaleToZero";
    return [refusal("MissingField", `${path}.scaling`, message, fix)];
  }
  const { keda } = wva;
  if (keda === undefined) {
    const message = `${engines} scales by hpa, but a HorizontalPodAutoscaler always keeps at least one replica`;
    return [refusal("Conflict", `${path}.scaling.wva.hpa`, message, "set keda instead of hpa, or remove scaleToZero")];
  }
  return settingsOf(keda, `${path}.scaling.wva.keda`, cooldownPeriod);
}

/** The metric of requests that wait in the scheduler. Source: docs/metrics.md of llm-d-router. */
const QUEUE = "flow_control_queue_size";

function seesWaiting(metadata: unknown): boolean {
  return isObject(metadata) && asText(metadata["query"]).includes(QUEUE);
}

/** Settings of KEDA that prevent it. */
function settingsOf(
  { idleReplicaCount: idle, cooldownPeriod: other }: KEDAScalingSpec,
  at: string,
  cooldownPeriod: number | undefined,
): Problem[] {
  const [toZero, cooldown] = [
    `scaleToZero keeps 0 replicas while the service is idle, but idleReplicaCount is ${idle}`,
    `cooldownPeriod is ${other} s, but scaleToZero.cooldownPeriod is ${cooldownPeriod} s`,
  ];
  const differs = cooldownPeriod !== undefined && other !== undefined && other !== cooldownPeriod;
  return [
    ...((idle ?? 0) === 0
      ? []
      : [refusal("Conflict", `${at}.idleReplicaCount`, toZero, "remove idleReplicaCount or scaleToZero")]),
    ...(differs
      ? [refusal("Conflict", `${at}.cooldownPeriod`, cooldown, "remove cooldownPeriod, or scaleToZero.cooldownPeriod")]
      : []),
  ];
}

type Edit = (object: KubernetesObject, chosen: ToZero) => KubernetesObject;
const EDITS: Readonly<Record<string, Edit>> = { VariantAutoscaling: undecided, ScaledObject: idling };

/** The variant autoscaler never scales a model to zero while one of its variants has minReplicas > 0. */
function undecided(object: KubernetesObject): KubernetesObject {
  return { ...object, spec: { ...(object["spec"] as JsonObject), minReplicas: 0 } };
}

/** `minReplicaCount` stays: it is the minimum while the service is in use. */
function idling(object: KubernetesObject, { cooldownPeriod }: ToZero): KubernetesObject {
  const spec = object["spec"] as JsonObject & { triggers: JsonObject[] };
  const triggers = spec.triggers.map(withoutGuess);
  return {
    ...object,
    spec: { ...spec, idleReplicaCount: 0, ...(cooldownPeriod !== undefined && { cooldownPeriod }), triggers },
  };
}

/**
 * A missing metric is an error, at which KEDA changes nothing; the queue metric of a scheduler that never held a
 * request is missing too, although the queue is empty. By default it counts as 0; then a variant autoscaler that does
 * not run would remove the engines of a busy service.
 */
function withoutGuess(trigger: JsonObject): JsonObject {
  if (trigger["type"] !== "prometheus" || !isObject(trigger["metadata"]) || seesWaiting(trigger["metadata"]))
    return trigger;
  return { ...trigger, metadata: { ...trigger["metadata"], ignoreNullValues: "false" } };
}
