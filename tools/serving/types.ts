import type { PodSpec } from "../../core/kubernetes/objects.ts";

/** The parts of a pod of the API server that are read. */
export interface Pod {
  metadata: {
    name: string;
    namespace: string;
    uid: string;
    labels?: Record<string, string>;
    deletionTimestamp?: string;
  };
  spec: PodSpec;
  status?: { podIP?: string; hostIP?: string };
}
