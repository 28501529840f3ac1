import { typeMeta } from "../../../contract/kinds.ts";
import { COMPONENT, labelsOf, workloadNameOf } from "../../../contract/names.ts";
import type { KubernetesObject } from "../../../kubernetes/objects.ts";
import type { MaterializeContext } from "../context.ts";
import { acceleratorLabels, groupLabels, type RoleContext, rolesOf } from "../workload/role.ts";
import { buildHorizontalPodAutoscaler } from "./horizontalpodautoscaler.ts";
import type { Scaled, Variant } from "./scaled.ts";
import { buildDirectScaledObject, buildScaledObject } from "./scaledobject.ts";
import { buildVariantAutoscaling } from "./variantautoscaling.ts";
import { hasVariantObjects } from "./variants.ts";

/** HorizontalPodAutoscaler or ScaledObject, with the object for the variant autoscaler, for each role that scales. */
export function buildScaling(context: MaterializeContext): KubernetesObject[] {
  return rolesOf(context).flatMap(buildRole);
}

function buildRole(context: RoleContext): KubernetesObject[] {
  const { workload, role, group } = context;
  const { scaling } = workload;
  if (!scaling) return [];
  const { name } = context.service.metadata;
  const scaled: Scaled = {
    role,
    ...(group !== undefined && { group }),
    scaling,
    target: targetOf(name, context),
    labels: { ...labelsOf(name, COMPONENT.workload), ...groupLabels(context) },
    minReplicas: scaling.minReplicas ?? 1,
  };
  if (scaling.keda) return [buildDirectScaledObject(scaled, scaling.keda, context)];
  const podLabels = { ...acceleratorLabels(context), ...workload.labels };
  return scaling.wva ? buildVariant({ ...scaled, wva: scaling.wva, podLabels }, context) : [];
}

function buildVariant(variant: Variant, context: MaterializeContext): KubernetesObject[] {
  const { keda, hpa } = variant.wva;
  return [
    ...(hasVariantObjects(context) ? [buildVariantAutoscaling(variant, context)] : []),
    ...(keda ? buildScaledObject(variant, keda, context) : []),
    ...(hpa ? [buildHorizontalPodAutoscaler(variant, context)] : []),
  ];
}

/** Groups of pods scale as units. */
function targetOf(service: string, context: RoleContext): Scaled["target"] {
  const [kind, child] =
    context.workload.worker === undefined
      ? (["Deployment", "deployment"] as const)
      : (["LeaderWorkerSet", "leaderWorkerSet"] as const);
  return { ...typeMeta(kind), name: workloadNameOf(service, child, context) };
}
