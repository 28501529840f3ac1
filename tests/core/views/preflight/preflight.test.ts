import assert from "node:assert/strict";
import type { KubernetesObject } from "../../../../core/kubernetes/objects.ts";
import type { ClusterFacts, ClusterNode, ClusterPod } from "../../../../core/views/preflight/facts.ts";
import { preflight } from "../../../../core/views/preflight/preflight.ts";
import { rendered } from "../../stages/materialize/rendered.ts";
import { deepFreeze } from "../../stages/merge/freeze.ts";

const PRODUCT = "nvidia.com/gpu.product";
const H100 = "NVIDIA-H100-80GB-HBM3";
const APIS = {
  v1: ["Service", "ServiceAccount", "Secret", "ConfigMap"],
  "apps/v1": ["Deployment"],
  "rbac.authorization.k8s.io/v1": ["Role", "RoleBinding", "ClusterRoleBinding"],
  "gateway.networking.k8s.io/v1": ["HTTPRoute"],
  "leaderworkerset.x-k8s.io/v1": ["LeaderWorkerSet"],
  "inference.networking.k8s.io/v1": ["InferencePool"],
};

interface NodeParts {
  gpus?: number;
  product?: string;
  spec?: ClusterNode["spec"];
  labels?: Record<string, string>;
}

function node(name: string, { gpus = 8, product = H100, spec, labels }: NodeParts = {}): ClusterNode {
  const allocatable = { cpu: "128", memory: "1Ti", ...(gpus > 0 && { "nvidia.com/gpu": String(gpus) }) };
  return { metadata: { name, labels: { [PRODUCT]: product, ...labels } }, spec, status: { allocatable } };
}

/** A pod that occupies GPUs of a node. */
function holder(name: string, nodeName: string, gpus: number, labels: Record<string, string> = {}): ClusterPod {
  const containers = [{ name: "main", resources: { limits: { "nvidia.com/gpu": String(gpus) } } }];
  return { metadata: { name, namespace: "team", labels }, spec: { nodeName, containers } };
}

function facts(parts: Partial<ClusterFacts> = {}): ClusterFacts {
  return deepFreeze({ source: "cluster test", apis: APIS, nodes: [node("h100-0")], pods: [], unread: [], ...parts });
}

function planned(spec: object = {}, mayWarn = false): KubernetesObject[] {
  const { objects, issues } = rendered({ parallelism: { tensor: 2 }, accelerator: "nvidia-h100-80gb", ...spec });
  assert.deepEqual(
    issues.filter(({ severity }) => !mayWarn || severity === "error"),
    [],
  );
  return objects;
}

const judge = (objects: readonly KubernetesObject[], found: ClusterFacts): string[] =>
  preflight(objects, found).map(({ severity, code, path, message }) => `${severity} ${code} ${path}: ${message}`);

/** The labels of the pods that the plan's own Deployment makes. */
function ownLabels(objects: readonly KubernetesObject[]): Record<string, string> {
  const deployment = objects.find(({ kind }) => kind === "Deployment") as unknown as {
    spec: { selector: { matchLabels: Record<string, string> } };
  };
  return deployment.spec.selector.matchLabels;
}

describe("preflight reports", () => {
  it("nothing when the cluster has the APIs, nodes and free GPUs", () => {
    assert.deepEqual(judge(planned(), facts()), []);
  });

  it("a missing API, with the component that provides it", () => {
    const { "leaderworkerset.x-k8s.io/v1": _missing, ...apis } = APIS;
    const groups = planned({ worker: {}, parallelism: { data: 2, tensor: 2 } });
    const [issue, ...others] = preflight(groups, facts({ apis }));
    assert.equal(issue?.code, "MissingApi");
    assert.match(
      issue?.message ?? "",
      /LeaderWorkerSet of leaderworkerset\.x-k8s\.io\/v1; the cluster has no version of .* with LeaderWorkerSet/,
    );
    assert.match(issue?.fix ?? "", /lws\.sigs\.k8s\.io/);
    assert.deepEqual(others, []);
  });

  it("an API that exists in another version only, with the version", () => {
    const apis = { ...APIS, "gateway.networking.k8s.io/v1": [], "gateway.networking.k8s.io/v1beta1": ["HTTPRoute"] };
    const [issue] = preflight(planned({ router: { route: {} } }), facts({ apis }));
    assert.match(issue?.message ?? "", /has only gateway\.networking\.k8s\.io\/v1beta1/);
  });

  it("a missing StorageClass, claim, PriorityClass or account that pods name", () => {
    const named = {
      "/apis/storage.k8s.io/v1/storageclasses": [{ name: "nfs", isDefault: false }],
      "/api/v1/namespaces/team/persistentvolumeclaims": [{ name: "weights", isDefault: false }],
      "/apis/scheduling.k8s.io/v1/priorityclasses": [],
      "/api/v1/namespaces/team/serviceaccounts": [{ name: "default", isDefault: false }],
    };
    const apis = { ...APIS, v1: [...APIS.v1, "PersistentVolumeClaim"], "batch/v1": ["Job"] };
    const found = (spec: object): string[] => judge(planned(spec), facts({ apis, named }));
    const cache = (storageClassName?: string) => ({
      operations: { modelCache: { size: "1Gi", ...(storageClassName && { storageClassName }) } },
    });
    const [wrong, ...others] = found(cache("nsf"));
    assert.match(
      wrong ?? "",
      /^warning MissingObject : PersistentVolumeClaim chat-kserve-model-\w+ needs StorageClass nsf, but the cluster has only nfs/,
    );
    assert.deepEqual(others, []);
    const [issue] = preflight(planned(cache("nsf")), facts({ apis, named }));
    assert.equal(issue?.fix, "did you mean nfs?");
    assert.deepEqual(found(cache("nfs")), []);
    assert.match(found(cache())[0] ?? "", /needs a default StorageClass, but the cluster has only nfs/);
    const claimed = found({ operations: { compileCache: { claimName: "wieghts" } } });
    assert.match(claimed[0] ?? "", /Deployment chat-kserve needs PersistentVolumeClaim wieghts/);
    assert.deepEqual(found({ operations: { compileCache: { claimName: "weights" } } }), []);
    assert.match(
      found({ operations: { priorityClassName: "high" } })[0] ?? "",
      /PriorityClass high, but the cluster has none: without it the API server refuses the pods/,
    );
    const accounts = preflight(planned({ template: { serviceAccountName: "defualt" } }, true), facts({ apis, named }));
    assert.deepEqual(
      accounts.map(({ code, fix }) => [code, fix]),
      [["MissingObject", "did you mean default?"]],
    );
    assert.deepEqual(judge(planned(cache("nsf")), facts({ apis })), [], "what was not read is not judged");
  });

  it("a label that no node has, with the values that nodes have and the nearest of them", () => {
    const nodes = [node("a", { product: "NVIDIA-H100-80GB-HBM" }), node("b", { product: "Tesla-T4" })];
    const [issue, ...others] = preflight(planned(), facts({ nodes }));
    assert.equal(issue?.code, "NoMatchingNode");
    assert.equal(issue?.path, `spec.template.nodeSelector[${PRODUCT}]`);
    assert.match(issue?.message ?? "", /existing values of .*: NVIDIA-H100-80GB-HBM, Tesla-T4/);
    assert.match(issue?.fix ?? "", /did you mean NVIDIA-H100-80GB-HBM\?/);
    assert.deepEqual(others, []);
  });

  it("a label key that no node has at all", () => {
    const nodes: ClusterNode[] = [{ metadata: { name: "bare", labels: { "kubernetes.io/os": "linux" } } }];
    assert.match(judge(planned(), facts({ nodes }))[0] ?? "", /no node has the label nvidia\.com\/gpu\.product/);
  });

  for (const [what, parts, says] of [
    ["nodes of Karpenter", { labels: { "karpenter.sh/nodepool": "gpu" } }, /; Karpenter may add nodes$/],
    ["nodes of GKE", { labels: { "cloud.google.com/gke-nodepool": "cpu" } }, /; GKE may scale its node pools$/],
    ["nodes of EKS Auto Mode", { labels: { "eks.amazonaws.com/compute-type": "auto" } }, /; EKS Auto Mode may add/],
    ["nodes of AKS", { labels: { "kubernetes.azure.com/cluster": "mc" } }, /; AKS may scale its node pools$/],
  ] as const) {
    it(`missing nodes and missing room are warnings if there are ${what}`, () => {
      const nodes = [node("a", { gpus: 0, product: "none", ...parts })];
      const [issue] = preflight(planned(), facts({ nodes }));
      assert.deepEqual([issue?.code, issue?.severity], ["NoMatchingNode", "warning"]);
      assert.match(issue?.message ?? "", says);
      const full = preflight(planned({ replicas: 9 }), facts({ nodes: [node("a", parts)] }));
      assert.deepEqual(
        full.map(({ code, severity }) => [code, severity]),
        [["NoRoom", "warning"]],
      );
    });
  }

  it("missing nodes are a warning if a pod of the Cluster Autoscaler runs", () => {
    const nodes = [node("a", { product: "Tesla-T4" })];
    const pods = [holder("ca-aws-0", "a", 0, { "app.kubernetes.io/name": "aws-cluster-autoscaler" })];
    const [issue] = preflight(planned(), facts({ nodes, pods }));
    assert.deepEqual([issue?.code, issue?.severity], ["NoMatchingNode", "warning"]);
    assert.match(issue?.fix ?? "", /or wait for new nodes$/);
    const others = [holder("autoscaled-web", "a", 0, { app: "horizontal-autoscaler" })];
    assert.equal(preflight(planned(), facts({ nodes, pods: others }))[0]?.severity, "error");
  });

  it("nodes of node groups without an autoscaler cause an error", () => {
    const nodes = [node("a", { product: "Tesla-T4", labels: { "eks.amazonaws.com/nodegroup": "gpu" } })];
    assert.equal(preflight(planned(), facts({ nodes }))[0]?.severity, "error");
  });

  it("missing room is a warning for pods whose priority may evict others", () => {
    const named = { "/apis/scheduling.k8s.io/v1/priorityclasses": [{ name: "high", isDefault: false }] };
    const objects = planned({ operations: { priorityClassName: "high" }, replicas: 9 });
    const found = preflight(objects, facts({ named }));
    assert.deepEqual(
      found.map(({ code, severity }) => [code, severity]),
      [["NoRoom", "warning"]],
    );
  });

  it("labels that exist, but not on the same node", () => {
    const nodes = [node("a"), node("b", { product: "Tesla-T4", labels: { zone: "x" } })];
    const objects = planned({ template: { nodeSelector: { zone: "x" } } });
    assert.match(
      judge(objects, facts({ nodes }))[0] ?? "",
      /spec\.template\.nodeSelector: .*no single node has all of/,
    );
  });

  it("a node affinity that no node matches", () => {
    const nodeSelectorTerms = [{ matchExpressions: [{ key: "zone", operator: "In", values: ["x", "y"] }] }];
    const affinity = { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } };
    const objects = planned({ template: { affinity } });
    const found = judge(objects, facts({ nodes: [node("a", { labels: { zone: "z" } })] }));
    assert.match(
      found[0] ?? "",
      /spec\.template\.affinity\.nodeAffinity: .*zone In \[x, y\]\); existing values: zone: z/,
    );
    assert.deepEqual(judge(objects, facts({ nodes: [node("a", { labels: { zone: "y" } })] })), []);
  });

  it("a taint that the pods do not tolerate and a cordoned node, but not a tolerated taint", () => {
    const taint = { key: "team", value: "other", effect: "NoSchedule" };
    const tainted = judge(planned(), facts({ nodes: [node("a", { spec: { taints: [taint] } })] }));
    assert.match(tainted[0] ?? "", /spec\.template\.tolerations: .*a match, .*team=other:NoSchedule/);
    const cordoned = judge(planned(), facts({ nodes: [node("a", { spec: { unschedulable: true } })] }));
    assert.match(cordoned[0] ?? "", /node\.kubernetes\.io\/unschedulable:NoSchedule/);
    const gpus = { key: "nvidia.com/gpu", value: "present", effect: "NoSchedule" };
    assert.deepEqual(judge(planned(), facts({ nodes: [node("a", { spec: { taints: [gpus] } })] })), []);
  });

  it("a pod that is larger than any node, and a node without the accelerator", () => {
    const wide = judge(planned({ parallelism: { tensor: 8 } }), facts({ nodes: [node("a", { gpus: 4 })] }));
    assert.match(wide[0] ?? "", /NoRoom spec\.template\.containers: .*8 nvidia\.com\/gpu, but the largest node has 4/);
    const [bare] = preflight(planned(), facts({ nodes: [node("a", { gpus: 0 })] }));
    assert.match(bare?.message ?? "", /which no node offers/);
    assert.match(bare?.fix ?? "", /device plugin/);
  });

  it("too few free resources: running pods use what they request", () => {
    const pods = [holder("other", "h100-0", 5)];
    assert.deepEqual(judge(planned({ replicas: 1 }), facts({ pods })), []);
    const short = judge(planned({ replicas: 2 }), facts({ pods }));
    assert.match(
      short[0] ?? "",
      /error NoRoom .*needs 2 more pods of 2 nvidia\.com\/gpu each, but there is room for 1 .*h100-0 3/,
    );
  });

  it("no room for a pod whose GPUs are free only on several nodes together", () => {
    const nodes = ["a", "b"].map((name) => node(name, { gpus: 1 }));
    assert.match(judge(planned(), facts({ nodes }))[0] ?? "", /but the largest node has 1/);
  });

  it("no missing room for pods of the service that already run", () => {
    const objects = planned({ replicas: 4 });
    const labels = ownLabels(objects);
    const pods = ["a", "b", "c"].map((name) => holder(name, "h100-0", 2, labels));
    assert.match(judge(objects, facts({ pods }))[0] ?? "", /warning .*\(maxSurge\).*removing pods first/);
    assert.deepEqual(judge(objects, facts({ pods, nodes: [node("h100-0"), node("h100-1", { gpus: 2 })] })), []);
  });

  it("a surge for which no GPU is free once the service runs, so that the rollout would never finish", () => {
    const objects = planned({ replicas: 2 });
    const pods = ["a", "b"].map((name) => holder(name, "h100-0", 4, ownLabels(objects)));
    assert.match(
      judge(objects, facts({ pods }))[0] ?? "",
      /warning RolloutSurge spec\.template: .*maxSurge.*would never finish/,
    );
    const more = [node("h100-0"), node("h100-1")];
    assert.deepEqual(judge(objects, facts({ pods, nodes: more })), []);
  });

  it("missing room for the leader and the other pods of a group", () => {
    const objects = planned({ worker: {}, parallelism: { data: 2, tensor: 8 } });
    assert.match(
      judge(objects, facts())[0] ?? "",
      /needs 1 more pods of 8 nvidia\.com\/gpu each, but there is room for 0/,
    );
    assert.deepEqual(judge(objects, facts({ nodes: [node("a"), node("b")] })), []);
  });

  it("prefill and decode with different nodes at their own paths", () => {
    const objects = planned({
      prefill: { accelerator: "nvidia-l4", parallelism: { tensor: 1 } },
      router: { scheduler: {}, route: {} },
    });
    const paths = preflight(objects, facts()).map(({ path }) => path);
    assert.deepEqual(paths, [`spec.prefill.template.nodeSelector[${PRODUCT}]`]);
  });

  it("with the severity that the stack sets, for clusters that add nodes on demand", () => {
    const nodes = [node("a", { product: "Tesla-T4" })];
    const [issue] = preflight(planned(), facts({ nodes }), { NoMatchingNode: "warning" });
    assert.equal(issue?.severity, "warning");
    assert.deepEqual(preflight(planned(), facts({ nodes }), { NoMatchingNode: "off" }), []);
  });

  it("a warning for parts that may not be read, and still judges the rest", () => {
    const unread = [{ what: "nodes", why: "/api/v1/nodes: 403 forbidden" }];
    assert.match(judge(planned(), facts({ nodes: undefined, unread }))[0] ?? "", /warning ClusterUnreadable/);
    const noPods = facts({ pods: undefined, nodes: [node("a", { product: "Tesla-T4" })] });
    assert.match(judge(planned(), noPods)[0] ?? "", /NoMatchingNode/);
  });
});

describe("preflight of drivers", () => {
  const driver = (version: string): Record<string, string> => {
    const [major = "", minor = "", revision = ""] = version.split(".");
    const label = "nvidia.com/cuda.driver-version";
    return { [`${label}.major`]: major, [`${label}.minor`]: minor, [`${label}.revision`]: revision };
  };
  const found = (...versions: (string | undefined)[]): string[] => {
    const nodes = versions.map((version, i) =>
      node(`h100-${i}`, version === undefined ? {} : { labels: driver(version) }),
    );
    return judge(planned(), facts({ nodes }));
  };

  it("reports nodes whose driver is older than the image needs, with their number", () => {
    const path = "spec.template.containers[0].image";
    const needed = "Deployment chat-kserve needs the NVIDIA driver for CUDA 13.0.2, 580.65.06 or later";
    assert.deepEqual(found("580.65.05", "580.95.05", "575.57.08"), [
      `warning DriverTooOld ${path}: ${needed}, but the node h100-0 (and 1 more) has 580.65.05`,
    ]);
    assert.equal(found("570.172.08").length, 1);
  });

  it("reports nothing if the driver is new enough, or no label shows its version", () => {
    assert.deepEqual(found("580.65.06", "581.0.0", "610.57.04"), []);
    assert.deepEqual(found(undefined, undefined), []);
  });

  it("reports nothing for an image that no stack has", () => {
    const template = { containers: [{ name: "main", image: "registry.example/own:v1" }] };
    const nodes = [node("h100-0", { labels: driver("535.1.1") })];
    const told = judge(planned({ template }, true), facts({ nodes })).filter((line) => line.includes("DriverTooOld"));
    assert.deepEqual(told, []);
  });
});
