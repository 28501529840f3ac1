import type { ScalingSpec } from "../../../api/scaling.ts";
import type { WorkloadPart } from "../../../contract/names.ts";

/** What scales a workload, and its bounds. */
export interface Scaled extends WorkloadPart {
  scaling: ScalingSpec;
  target: { apiVersion: string; kind: string; name: string };
  labels: Record<string, string>;
  minReplicas: number;
}

/** The same if the variant autoscaler decides and an actuator applies the decision. */
export interface Variant extends Scaled {
  wva: NonNullable<ScalingSpec["wva"]>;
  /** Labels of the workload's pods: one names the accelerator. */
  podLabels: Record<string, string>;
}
