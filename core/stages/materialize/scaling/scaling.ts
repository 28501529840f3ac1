import type { WorkloadSpec } from "../../../api/workload.ts";
import { typeMeta } from "../../../contract/kinds.ts";
import { COMPONENT, labelsOf, type WorkloadRole, workloadNameOf } from "../../../contract/names.ts";
import type { KubernetesObject } from "../../../kubernetes/objects.ts";
import type { MaterializeContext } from "../context.ts";
import { buildHorizontalPodAutoscaler } from "./horizontalpodautoscaler.ts";
import type { Scaled, Variant } from "./scaled.ts";
import { buildDirectScaledObject, buildScaledObject } from "./scaledobject.ts";
import { buildVariantAutoscaling } from "./variantautoscaling.ts";
import { hasVariantObjects } from "./variants.ts";

/** HorizontalPodAutoscaler or ScaledObject, with what the variant autoscaler must know, for each role that scales. */
export function buildScaling(context: MaterializeContext): KubernetesObject[] {
  const { spec } = context;
  const roles: [WorkloadRole, WorkloadSpec | undefined][] = [
    ["main", spec],
    ["prefill", spec.prefill],
  ];
  return roles.flatMap(([role, workload]) => (workload ? buildRole(role, workload, context) : []));
}

function buildRole(role: WorkloadRole, workload: WorkloadSpec, context: MaterializeContext): KubernetesObject[] {
  const { scaling } = workload;
  if (!scaling) return [];
  const { name } = context.service.metadata;
  const scaled: Scaled = {
    role,
    scaling,
    target: targetOf(name, role, workload),
    labels: labelsOf(name, COMPONENT.workload),
    minReplicas: scaling.minReplicas ?? 1,
  };
  if (scaling.keda) return [buildDirectScaledObject(scaled, scaling.keda, context)];
  return scaling.wva ? buildVariant({ ...scaled, wva: scaling.wva, podLabels: workload.labels ?? {} }, context) : [];
}

function buildVariant(variant: Variant, context: MaterializeContext): KubernetesObject[] {
  const { keda, hpa } = variant.wva;
  return [
    ...(hasVariantObjects(context) ? [buildVariantAutoscaling(variant, context)] : []),
    ...(keda ? buildScaledObject(variant, keda, context) : []),
    ...(hpa ? [buildHorizontalPodAutoscaler(variant, context)] : []),
  ];
}

/** Groups scale as wholes. */
function targetOf(service: string, role: WorkloadRole, { worker }: WorkloadSpec): Scaled["target"] {
  if (worker) {
    const name = workloadNameOf(service, "leaderWorkerSet", role);
    return { ...typeMeta("LeaderWorkerSet"), name };
  }
  return { ...typeMeta("Deployment"), name: workloadNameOf(service, "deployment", role) };
}
