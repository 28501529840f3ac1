import { ANNOTATION } from "../../../contract/names.ts";
import type { KubernetesObject } from "../../../kubernetes/objects.ts";
import type { OperatedContext } from "../context.ts";
import { unused } from "../issues.ts";
import { withMetadataEntry } from "./metadataentry.ts";

import { editEngines } from "./workloads.ts";

/**
 * Source: ExclusiveKeyAnnotationKey, LeaderWorkerSet v0.9. Its controller turns it into affinities, one group per
 * value.
 */
const PATH = "spec.operations.exclusiveTopology";

/** Reserves one value of a node label for each group. */
export function withExclusiveTopology(
  objects: readonly KubernetesObject[],
  context: OperatedContext,
): readonly KubernetesObject[] {
  const { operations, report } = context;
  const { exclusiveTopology } = operations;
  if (exclusiveTopology === undefined) return objects;
  return editEngines(objects, context, ({ object, isGroups, title }) => {
    if (!isGroups) {
      const message = `exclusiveTopology requires groups of pods, but ${title} has none`;
      report(unused(PATH, message, "remove it, set worker, or use topologySpread"));
      return object;
    }
    const entry = { key: ANNOTATION.exclusiveTopology, value: exclusiveTopology, path: PATH };
    return withMetadataEntry(object, "annotations", entry, context);
  });
}
