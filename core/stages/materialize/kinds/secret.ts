import { typeMeta } from "../../../contract/kinds.ts";
import type { KubernetesObject } from "../../../kubernetes/objects.ts";

/** A Secret. Values are texts that whoever registers the object may replace; the plan itself knows no secret. */
export function buildSecret(parts: {
  name: string;
  namespace: string;
  labels: Record<string, string>;
  annotations?: Record<string, string>;
  type: string;
  stringData: Record<string, string>;
}): KubernetesObject {
  const { name, namespace, labels, annotations, type, stringData } = parts;
  return {
    ...typeMeta("Secret"),
    metadata: { name, namespace, labels, ...(annotations && { annotations }) },
    type,
    stringData,
  };
}
