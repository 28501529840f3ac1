import type { LLMInferenceService } from "../../api/service.ts";

/**
 * What a service's own metadata means to its objects: it may stop them, and some of its labels and annotations are meant
 * for other controllers, which read them on the workloads and their pods.
 * Source: propagateDeploymentMetadata and propagateTopLevelLeaderWorkerSetMetadata, KServe v0.20.0.
 */

type Map = Record<string, string>;
type Service = Pick<LLMInferenceService, "metadata">;

const STOP = "serving.kserve.io/stop";
/** Kueue's queues, and KServe's cache of models on nodes. */
const LABELS = ["kueue.x-k8s.io", "internal.serving.kserve.io/localmodel"];
const ANNOTATIONS = ["k8s.v1.cni.cncf.io", "prometheus.io", ...LABELS];
const GROUP_ANNOTATIONS = ["leaderworkerset.sigs.k8s.io", ...ANNOTATIONS];
/** Speaks of routes, and says nothing to pods. */
const ROUTING_ANNOTATION = "serving.kserve.io/model-based-routing-enabled";

/** A stopped service has no objects: its weights, settings and configs stay where they are. */
export function isStopped({ metadata }: Service): boolean {
  return metadata.annotations?.[STOP]?.toLowerCase() === "true";
}

/** Labels of the service that its workloads and pods carry too. */
export function carriedLabels({ metadata }: Service): Map {
  return withPrefix(metadata.labels, LABELS);
}

/** Annotations of the service that its workloads and pods carry too; groups also carry those of LeaderWorkerSet. */
export function carriedAnnotations({ metadata }: Service, inGroups: boolean): Map {
  return withPrefix(metadata.annotations, inGroups ? GROUP_ANNOTATIONS : ANNOTATIONS);
}

/** The annotations that a workload asks for on its pods. */
export function podAnnotationsOf({ annotations = {} }: { annotations?: Map }): Map {
  return Object.fromEntries(Object.entries(annotations).filter(([key]) => key !== ROUTING_ANNOTATION));
}

function withPrefix(map: Map = {}, prefixes: readonly string[]): Map {
  return Object.fromEntries(Object.entries(map).filter(([key]) => prefixes.some((prefix) => key.startsWith(prefix))));
}

/** A map, or nothing where it is empty: objects carry no empty maps. */
export function unlessEmpty(map: Map): Map | undefined {
  return Object.keys(map).length > 0 ? map : undefined;
}
