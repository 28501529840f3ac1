import { typeMeta } from "../../../contract/kinds.ts";
import type { KubernetesObject } from "../../../kubernetes/objects.ts";

export interface ServicePort {
  name: string;
  port: number;
  targetPort?: number | string;
  protocol?: string;
  appProtocol?: string;
}

/** A Service; if its type is not written, the API server makes it ClusterIP. */
export function buildService(parts: {
  name: string;
  namespace: string;
  labels: Record<string, string>;
  annotations?: Record<string, string>;
  type?: string;
  selector: Record<string, string>;
  ports: ServicePort[];
}): KubernetesObject {
  const { name, namespace, labels, annotations, type, selector, ports } = parts;
  return {
    ...typeMeta("Service"),
    metadata: { name, namespace, labels, ...(annotations && { annotations }) },
    spec: { ...(type && { type }), selector, ports },
  };
}
