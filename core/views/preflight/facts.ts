import type { PodSpec } from "../../kubernetes/objects.ts";

type Labels = Record<string, string>;
export type Resources = Readonly<Record<string, string | number>>;

export interface Taint {
  key: string;
  value?: string;
  effect: string;
}

/** The parts of a node that decide whether a pod may run on it. */
export interface ClusterNode {
  metadata: { name: string; labels?: Labels };
  spec?: { taints?: readonly Taint[]; unschedulable?: boolean };
  status?: { allocatable?: Resources };
}

/** A pod of the cluster that has not finished. */
export interface ClusterPod {
  metadata: { name: string; namespace?: string; labels?: Labels };
  spec?: PodSpec;
}

/** What was read in a cluster for a plan's objects. A part is missing if reading it is not permitted. */
export interface ClusterFacts {
  /** The source of the facts, for messages. */
  source: string;
  /** The API versions that the cluster serves of the groups that the objects need, each with its kinds. */
  apis: Readonly<Record<string, readonly string[]>>;
  nodes?: readonly ClusterNode[];
  pods?: readonly ClusterPod[];
  /** By the path of a list, the objects in it, for the kinds that the plan's objects name. */
  named?: Readonly<Record<string, readonly { name: string; isDefault: boolean }[]>>;
  /** What could not be read, and why. */
  unread: readonly { what: string; why: string }[];
}
