import type { ScalingSpec } from "../../../api/scaling.ts";
import type { WorkloadRole } from "../../../contract/names.ts";

/** What scales a workload and between which bounds: the variant autoscaler decides, an actuator carries it out. */
export interface Scaled {
  role: WorkloadRole;
  scaling: ScalingSpec;
  wva: NonNullable<ScalingSpec["wva"]>;
  target: { apiVersion: string; kind: string; name: string };
  /** Name of the VariantAutoscaling; the metric of its decision bears it. */
  variant: string;
  labels: Record<string, string>;
  /** Labels of the workload's pods: one names the accelerator. */
  podLabels: Record<string, string>;
  minReplicas: number;
}
