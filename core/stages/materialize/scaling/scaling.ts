import type { WorkloadSpec } from "../../../api/workload.ts";
import { typeMeta } from "../../../contract/kinds.ts";
import { COMPONENT, labelsOf, type WorkloadRole, workloadNameOf } from "../../../contract/names.ts";
import type { KubernetesObject } from "../../../kubernetes/objects.ts";
import type { MaterializeContext } from "../context.ts";
import { buildHorizontalPodAutoscaler } from "./horizontalpodautoscaler.ts";
import type { Scaled } from "./scaled.ts";
import { buildScaledObject } from "./scaledobject.ts";
import { buildVariantAutoscaling } from "./variantautoscaling.ts";

/** VariantAutoscalings with their HorizontalPodAutoscaler or ScaledObject, for each role that scales. */
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
  if (!scaling?.wva) return [];
  const { name } = context.service.metadata;
  const scaled: Scaled = {
    role,
    scaling,
    wva: scaling.wva,
    target: targetOf(name, role, workload),
    variant: workloadNameOf(name, "variantAutoscaling", role),
    labels: labelsOf(name, COMPONENT.workload),
    podLabels: workload.labels ?? {},
    minReplicas: scaling.minReplicas ?? 1,
  };
  return [
    buildVariantAutoscaling(scaled, context),
    ...(scaling.wva.keda ? buildScaledObject(scaled, scaling.wva.keda, context) : []),
    ...(scaling.wva.hpa ? [buildHorizontalPodAutoscaler(scaled, context)] : []),
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
