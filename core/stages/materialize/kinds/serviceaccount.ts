import { typeMeta } from "../../../contract/kinds.ts";
import type { KubernetesObject } from "../../../kubernetes/objects.ts";

/** A ServiceAccount; `secrets` and `imagePullSecrets` are those it takes over from the namespace's default one. */
export function buildServiceAccount(parts: {
  name: string;
  namespace: string;
  labels: Record<string, string>;
  annotations?: Record<string, string>;
  secrets?: { name?: string }[];
  imagePullSecrets?: { name?: string }[];
}): KubernetesObject {
  const { name, namespace, labels, annotations, secrets, imagePullSecrets } = parts;
  return {
    ...typeMeta("ServiceAccount"),
    metadata: { name, namespace, labels, ...(annotations && { annotations }) },
    ...(secrets?.length && { secrets }),
    ...(imagePullSecrets?.length && { imagePullSecrets }),
  };
}
