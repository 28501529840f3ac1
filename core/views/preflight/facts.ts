import type { PodSpec } from "../../kubernetes/objects.ts";

type Labels = Record<string, string>;
export type Resources = Readonly<Record<string, string | number>>;

export interface Taint {
  key: string;
  value?: string;
  effect: string;
}

/** As much of a node as decides whether a pod may run on it. */
export interface ClusterNode {
  metadata: { name: string; labels?: Labels };
  spec?: { taints?: readonly Taint[]; unschedulable?: boolean };
  status?: { allocatable?: Resources };
}

/** A pod of the cluster that is not done. */
export interface ClusterPod {
  metadata: { name: string; namespace?: string; labels?: Labels };
  spec?: PodSpec;
}

/** What a look at a cluster has found, for a plan's objects. A part that may not be read is missing. */
export interface ClusterFacts {
  /** Where they are from, as a message calls it. */
  source: string;
  /** The API versions that the cluster serves of the groups which the objects need, each with its kinds. */
  apis: Readonly<Record<string, readonly string[]>>;
  nodes?: readonly ClusterNode[];
  pods?: readonly ClusterPod[];
  /** By the path of a list, the objects in it of those kinds that the plan's objects name. */
  named?: Readonly<Record<string, readonly { name: string; isDefault: boolean }[]>>;
  /** What could not be read, and why. */
  unread: readonly { what: string; why: string }[];
}
