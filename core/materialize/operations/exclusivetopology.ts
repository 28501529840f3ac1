import type { KubernetesObject } from "../../spec/kubernetes.ts";
import { refusal, unused } from "../issues.ts";
import type { OperatedContext } from "./operations.ts";
import { editEngines } from "./workloads.ts";

/** Source: ExclusiveKeyAnnotationKey, LeaderWorkerSet v0.9. Its controller makes affinities of it, one group a value. */
const ANNOTATION = "leaderworkerset.sigs.k8s.io/exclusive-topology";
const PATH = "spec.operations.exclusiveTopology";

/** Gives each group one value of a node label for itself. */
export function withExclusiveTopology(
  objects: readonly KubernetesObject[],
  context: OperatedContext,
): readonly KubernetesObject[] {
  const { operations, report } = context;
  const { exclusiveTopology } = operations;
  if (exclusiveTopology === undefined) return objects;
  return editEngines(objects, context, ({ object, isGroups }) => {
    if (!isGroups) {
      const message = `Deployment ${object.metadata.name} has no groups of pods: there is nothing that belongs together`;
      report(unused(PATH, message, "remove it, set worker, or use topologySpread"));
      return object;
    }
    const { annotations, ...metadata } = object.metadata;
    const carried = annotations?.[ANNOTATION];
    if (carried !== undefined && carried !== exclusiveTopology) {
      const message = `${exclusiveTopology} here, and ${carried} by the service's annotation ${ANNOTATION}`;
      report(refusal("Conflict", PATH, message, "keep one of the two"));
    }
    return { ...object, metadata: { ...metadata, annotations: { ...annotations, [ANNOTATION]: exclusiveTopology } } };
  });
}
