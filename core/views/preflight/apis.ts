import { KINDS } from "../../contract/kinds.ts";
import { KUEUE_QUEUE } from "../../contract/names.ts";
import { field } from "../../kubernetes/json.ts";
import { groupOf, type KubernetesObject } from "../../kubernetes/objects.ts";
import { entryOf } from "../../kubernetes/table.ts";
import { ROLE_SCALER, withRoles } from "../../kubernetes/workloads/disaggregatedset.ts";
import { isWorkload, podSpecsOf } from "../../kubernetes/workloads/workloads.ts";
import type { CheckFinding } from "../../stages/check/check.ts";
import type { ClusterFacts } from "./facts.ts";

/**
 * The project that provides an API group, and where to get it. Other groups belong to Kubernetes itself or to a user.
 */
const BROUGHT_BY: Readonly<Record<string, string>> = {
  "leaderworkerset.x-k8s.io":
    "LeaderWorkerSet (LWS): https://lws.sigs.k8s.io/docs/installation; or remove `worker` to run one pod per engine",
  "disaggregatedset.x-k8s.io":
    "LeaderWorkerSet (LWS) 0.9 or later, for autoscaled roles 0.10 or later: https://lws.sigs.k8s.io/docs/installation; or remove `operations.pairedRollout.disaggregatedSet`",
  "gateway.networking.k8s.io": "Gateway API and a gateway: https://gateway-api.sigs.k8s.io/guides",
  "inference.networking.k8s.io":
    "Gateway API Inference Extension: https://gateway-api-inference-extension.sigs.k8s.io/guides",
  "inference.networking.x-k8s.io":
    "Gateway API Inference Extension: https://gateway-api-inference-extension.sigs.k8s.io/guides",
  "keda.sh": "KEDA: https://keda.sh/docs/latest/deploy; or scale by `hpa`",
  "llmd.ai": "llm-d's workload variant autoscaler: https://github.com/llm-d/llm-d-workload-variant-autoscaler",
  "monitoring.coreos.com": "Prometheus operator: https://prometheus-operator.dev/docs/getting-started/installation",
  "cert-manager.io": "cert-manager: https://cert-manager.io/docs/installation",
  "resource.k8s.io": "Kubernetes with dynamic resource allocation (1.34 or later for resource.k8s.io/v1)",
  "scheduling.volcano.sh":
    "Volcano: https://volcano.sh/en/docs/installation; for groups also set gangSchedulingManagement.schedulerProvider: volcano of the LeaderWorkerSet controller",
  "kueue.x-k8s.io": "Kueue: https://kueue.sigs.k8s.io/docs/installation; or remove the label of the queue",
  "serving.kserve.io": "KServe's CRDs: a Platform creates them (`crds`)",
};

/** An API that an object requires: a version of a group, or any version of it. */
interface NeededApi {
  api: string;
  kind: string;
  by: KubernetesObject;
}

/**
 * APIs of which no object is made here: another controller makes or looks up such an object because of a field of a
 * planned one.
 */
const BECAUSE: readonly { api: string; kind: string; of(object: KubernetesObject): boolean }[] = [
  // The LeaderWorkerSet controller makes the PodGroups of groups, and Volcano those of other pods.
  {
    api: "scheduling.volcano.sh/v1beta1",
    kind: "PodGroup",
    of: (object) =>
      withRoles([object])
        .flatMap(podSpecsOf)
        .some(({ schedulerName }) => schedulerName === "volcano"),
  },
  // Without Kueue the label has no effect, and no pod waits for its quota.
  {
    api: "kueue.x-k8s.io",
    kind: "LocalQueue",
    of: (object) =>
      withRoles([object]).some((one) => isWorkload(one) && one.metadata.labels?.[KUEUE_QUEUE] !== undefined),
  },
  // The controller makes the object that an autoscaler scales.
  {
    api: KINDS.DisaggregatedSet.apiVersion,
    kind: ROLE_SCALER,
    of: (object) => field(field(object.spec, "scaleTargetRef"), "kind") === ROLE_SCALER,
  },
];

/** Once for each kind. */
function neededApis(objects: readonly KubernetesObject[]): NeededApi[] {
  const needed = objects.flatMap((by) => [
    { api: by.apiVersion, kind: by.kind, by },
    ...BECAUSE.filter(({ of }) => of(by)).map(({ api, kind }) => ({ api, kind, by })),
  ]);
  return [...new Map(needed.map((one) => [`${one.api}|${one.kind}`, one])).values()];
}

/** The groups of which the APIs must be read in the cluster. */
export function neededGroups(objects: readonly KubernetesObject[]): Set<string> {
  return new Set(neededApis(objects).map(({ api }) => groupNeeded(api)));
}

/** A group alone stands for all its versions. The core group has a version, and no name. */
function groupNeeded(api: string): string {
  return isGroup(api) ? api : groupOf(api);
}

function isGroup(api: string): boolean {
  return api.includes(".") && !api.includes("/");
}

/** The APIs that the objects need and the cluster does not serve. */
export function missingApis(objects: readonly KubernetesObject[], { apis, source }: ClusterFacts): CheckFinding[] {
  return neededApis(objects).flatMap((needed) => {
    const versions = servedVersions(needed, apis);
    const isServed = isGroup(needed.api) ? versions.length > 0 : versions.includes(needed.api);
    return isServed ? [] : [missingApi(needed, versions, source)];
  });
}

function servedVersions({ api, kind }: NeededApi, apis: ClusterFacts["apis"]): string[] {
  return Object.keys(apis).filter(
    (served) => groupOf(served) === groupNeeded(api) && entryOf(apis, served)?.includes(kind),
  );
}

function missingApi({ api, kind, by }: NeededApi, others: readonly string[], source: string): CheckFinding {
  const group = groupNeeded(api);
  const found =
    others.length > 0 ? `only ${others.join(", ")}` : `no version of ${group || "the core group"} with ${kind}`;
  const brought = entryOf(BROUGHT_BY, group) ?? `the component that provides ${group || api}`;
  return {
    code: "MissingApi",
    path: "",
    layer: source,
    message: `${by.kind} ${by.metadata.name} needs ${kind} of ${api}; the cluster has ${found}`,
    fix: others.length > 0 ? `install a version that serves ${api}: ${brought}` : `install ${brought}`,
  };
}
