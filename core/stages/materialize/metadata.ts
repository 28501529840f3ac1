import type { LLMInferenceService } from "../../api/service.ts";
import { ANNOTATION, LABEL } from "../../contract/names.ts";

/**
 * What a service's own metadata means for its objects: some of its labels and annotations are read by other controllers
 * on the workloads and their pods. Source: propagateDeploymentMetadata and propagateTopLevelLeaderWorkerSetMetadata,
 * KServe v0.20.0.
 */

type Map = Record<string, string>;
type Service = Pick<LLMInferenceService, "metadata">;

/** Kueue's queues, and KServe's cache of models on nodes. */
const LABELS = ["kueue.x-k8s.io", LABEL.localModel];
const ANNOTATIONS = ["k8s.v1.cni.cncf.io", "prometheus.io", ...LABELS];
const GROUP_ANNOTATIONS = ["leaderworkerset.sigs.k8s.io", ...ANNOTATIONS];

/** Labels of the service that its workloads and pods carry too. */
export function carriedLabels({ metadata }: Service): Map {
  return withPrefix(metadata.labels, LABELS);
}

/** Annotations of the service that its workloads and pods carry too; groups also carry those of LeaderWorkerSet. */
export function carriedAnnotations({ metadata }: Service, inGroups: boolean): Map {
  return withPrefix(metadata.annotations, inGroups ? GROUP_ANNOTATIONS : ANNOTATIONS);
}

/** The annotations that a workload sets on its pods. */
export function podAnnotationsOf({ annotations = {} }: { annotations?: Map }): Map {
  return Object.fromEntries(Object.entries(annotations).filter(([key]) => key !== ANNOTATION.modelRouting));
}

function withPrefix(map: Map = {}, prefixes: readonly string[]): Map {
  return Object.fromEntries(Object.entries(map).filter(([key]) => prefixes.some((prefix) => key.startsWith(prefix))));
}

/** A map, or nothing if it is empty: objects carry no empty maps. */
export function unlessEmpty(map: Map): Map | undefined {
  return Object.keys(map).length > 0 ? map : undefined;
}
