import type { KubernetesObject } from "../../../../core/kubernetes/objects.ts";

interface Pod {
  gpus?: number;
  args?: string[];
  env?: { name: string; value: string }[];
  nodeSelector?: Record<string, string>;
}

function pod({ gpus = 0, args = [], env = [], nodeSelector = {} }: Pod) {
  const resources = gpus === 0 ? {} : { resources: { limits: { "nvidia.com/gpu": String(gpus) } } };
  return {
    metadata: { labels: { app: "chat" } },
    spec: { nodeSelector, containers: [{ name: "main", args, env, ...resources }] },
  };
}

/** A Deployment `chat`; further fields of its spec are added or replaced. */
export function deployment(of: Pod & { replicas?: number }, spec: object = {}, labels = {}): KubernetesObject {
  const { replicas } = of;
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "chat", namespace: "team", labels },
    spec: {
      ...(replicas !== undefined && { replicas }),
      selector: { matchLabels: { app: "chat" } },
      template: pod(of),
      ...spec,
    },
  };
}

/** A LeaderWorkerSet `chat` whose pods are all alike. */
export function groups(of: Pod & { replicas?: number; size: number }, template: object = {}): KubernetesObject {
  const { replicas = 1, size } = of;
  return {
    apiVersion: "leaderworkerset.x-k8s.io/v1",
    kind: "LeaderWorkerSet",
    metadata: { name: "chat", namespace: "team" },
    spec: { replicas, leaderWorkerTemplate: { size, workerTemplate: pod(of), ...template } },
  };
}

export function object(kind: string, fields: object = {}, apiVersion = "v1"): KubernetesObject {
  return { apiVersion, kind, metadata: { name: "chat", namespace: "team" }, ...fields };
}
