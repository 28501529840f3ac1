import type { CheckFinding } from "../checks/check.ts";
import type { KubernetesObject } from "../spec/kubernetes.ts";
import type { ClusterFacts } from "./facts.ts";

/** Who brings an API group, and where it is had. Groups that are not named here are Kubernetes' own, or a user's. */
const BROUGHT_BY: Readonly<Record<string, string>> = {
  "leaderworkerset.x-k8s.io":
    "LeaderWorkerSet (LWS): https://lws.sigs.k8s.io/docs/installation; or do without `worker`, one pod an engine",
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
  "serving.kserve.io": "KServe's CRDs: a Platform makes them (`crds`)",
};

/** The APIs that the objects need and the cluster does not serve, once for each kind. */
export function missingApis(objects: readonly KubernetesObject[], { apis, source }: ClusterFacts): CheckFinding[] {
  const needed = new Map(objects.map((object) => [`${object.apiVersion}|${object.kind}`, object]));
  return [...needed.values()].flatMap((object) =>
    apis[object.apiVersion]?.includes(object.kind) ? [] : [missingApi(object, apis, source)],
  );
}

function missingApi(
  { apiVersion, kind, metadata }: KubernetesObject,
  apis: ClusterFacts["apis"],
  source: string,
): CheckFinding {
  const group = groupOf(apiVersion);
  const others = Object.keys(apis).filter((served) => groupOf(served) === group && apis[served]?.includes(kind));
  const found = others.length > 0 ? `only ${others.join(", ")}` : `no ${kind} of ${group || "the core group"} at all`;
  const brought = BROUGHT_BY[group] ?? `what brings ${group || apiVersion}`;
  return {
    code: "MissingApi",
    path: "",
    layer: source,
    message: `${kind} ${metadata.name} needs ${kind} of ${apiVersion}; the cluster has ${found}`,
    fix: others.length > 0 ? `install a version that serves ${apiVersion}: ${brought}` : `install ${brought}`,
  };
}

/** `apps/v1` → `apps`; the core group has no name. */
export function groupOf(apiVersion: string): string {
  return apiVersion.includes("/") ? (apiVersion.split("/")[0] ?? "") : "";
}
