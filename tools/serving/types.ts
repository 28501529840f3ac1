import type { PodSpec } from "../../core/kubernetes/objects.ts";

/** A pod as the API server holds it, as far as it is read. */
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
