import type { KubernetesObject } from "../spec/kubernetes.ts";

export interface ServicePort {
  name: string;
  port: number;
  targetPort?: number | string;
  protocol?: string;
  appProtocol?: string;
}

/** A ClusterIP Service. */
export function buildService(parts: {
  name: string;
  namespace: string;
  labels: Record<string, string>;
  annotations?: Record<string, string>;
  selector: Record<string, string>;
  ports: ServicePort[];
}): KubernetesObject {
  const { name, namespace, labels, annotations, selector, ports } = parts;
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, namespace, labels, ...(annotations && { annotations }) },
    spec: { type: "ClusterIP", selector, ports },
  };
}
