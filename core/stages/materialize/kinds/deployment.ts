import { typeMeta } from "../../../contract/kinds.ts";
import type { KubernetesObject, PodSpec } from "../../../kubernetes/objects.ts";

type Labels = Record<string, string>;

export interface DeploymentParts {
  name: string;
  namespace: string;
  labels: Labels;
  annotations?: Labels;
  replicas?: number;
  selector: Labels;
  strategy?: { type?: string; rollingUpdate?: { maxSurge?: number | string; maxUnavailable?: number | string } };
  podLabels: Labels;
  podAnnotations?: Labels;
  podSpec: PodSpec;
}

/** A Deployment. Unset parts stay unset, so that the API server's defaults and an autoscaler's replicas hold. */
export function buildDeployment(parts: DeploymentParts): KubernetesObject {
  const { name, namespace, labels, annotations, replicas, selector, strategy, podLabels, podAnnotations, podSpec } =
    parts;
  return {
    ...typeMeta("Deployment"),
    metadata: { name, namespace, labels, ...(annotations && { annotations }) },
    spec: {
      ...(replicas !== undefined && { replicas }),
      selector: { matchLabels: { ...selector } },
      ...(strategy && { strategy }),
      template: {
        metadata: { labels: { ...podLabels }, ...(podAnnotations && { annotations: podAnnotations }) },
        spec: podSpec,
      },
    },
  };
}
