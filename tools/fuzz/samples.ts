import type { ReleaseContent } from "../../core/platform/bundle.ts";

/** Valid inputs; changes of them make kinds of inputs. */
export const KNOWN = [
  {
    apiVersion: "v1",
    kind: "ServiceAccount",
    metadata: { name: "default", namespace: "team" },
    secrets: [{ name: "s3" }],
    imagePullSecrets: [{ name: "pull" }],
  },
  {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "s3", namespace: "team", annotations: { "serving.kserve.io/s3-endpoint": "minio" } },
    data: { AWS_ACCESS_KEY_ID: "YQ==" },
  },
  {
    apiVersion: "gateway.networking.k8s.io/v1",
    kind: "Gateway",
    metadata: { name: "kserve-ingress-gateway", namespace: "kserve" },
    spec: { gatewayClassName: "a", listeners: [{ name: "http", port: 80, protocol: "HTTP", hostname: "a.b" }] },
    status: { addresses: [{ value: "1.2.3.4" }] },
  },
  {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "epp", namespace: "team" },
    data: { "epp.yaml": "plugins: []" },
  },
  {
    apiVersion: "serving.kserve.io/v1alpha2",
    kind: "LLMInferenceService",
    metadata: { name: "other", namespace: "team", labels: { "serving.kserve.io/routing-group": "g" } },
    spec: { model: { uri: "hf://a/b" }, router: { route: { group: "g", weight: 1 } } },
    status: { conditions: [{ type: "Ready", status: "True" }] },
  },
  {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "chat-kserve", namespace: "team" },
    spec: {
      replicas: 1,
      selector: { matchLabels: { a: "b" } },
      template: { metadata: { labels: { a: "b" } }, spec: { containers: [{ name: "main" }] } },
    },
  },
];

export const MODEL_INFO = {
  num_hidden_layers: 28,
  hidden_size: 3584,
  intermediate_size: 18944,
  num_attention_heads: 28,
  num_key_value_heads: 4,
  vocab_size: 152064,
  max_position_embeddings: 32768,
  torch_dtype: "bfloat16",
  model_type: "qwen2",
  quantization_config: { quant_method: "fp8", bits: 8, weight_block_size: [128, 128] },
  layer_types: ["full_attention", "sliding_attention"],
  sliding_window: 4096,
  num_experts: 8,
  num_experts_per_tok: 2,
  moe_intermediate_size: 1024,
  weightBytes: 15_000_000_000,
};

export const PLATFORM: ReleaseContent = {
  defaults: {
    workerSpec: {
      accelerator: "nvidia-l4",
      template: { containers: [{ name: "main", args: ["--max-num-seqs=128"], env: [{ name: "A", value: "b" }] }] },
    },
    prefillSpec: { prefill: { template: { containers: [{ name: "main" }] } } },
    decodeSpec: { tuning: { maxModelLen: 4096 }, operations: { podDisruptionBudget: {} } },
  },
  settings: { ingressGatewayName: "gw", storageInitializer: { memoryLimit: "4Gi" } },
  accelerators: { ours: { resource: "nvidia.com/gpu", nodeSelector: { pool: "a" }, memoryGiB: 24 } },
  nodeLabels: "gpu-operator",
  checks: { UnknownModel: "warning" },
};

/** What a plan accepts besides its documents. */
export const OPTIONS = {
  checks: { UnknownModel: "warning", MemoryFit: "off" },
  stack: "llm-d-0.9",
  engineVersion: "0.23.0",
  loadBytesPerSecond: 250_000_000,
  freeDevices: { "nvidia.com/gpu": 8 },
  adopt: {
    selectors: { "chat-kserve": { app: "chat" } },
    leave: ["Secret/chat-kserve-self-signed-certs"],
    plainInitializer: true,
  },
  lowering: {
    accelerators: { ours: { resource: "nvidia.com/gpu", nodeSelector: { pool: "a" }, memoryGiB: 24 } },
    nodeLabels: "gpu-operator",
  },
};

/** What a platform accepts besides the options of its releases. */
export const OBSERVED: object = {
  ...PLATFORM,
  namespace: { name: "models", mode: "create" },
  crds: "install",
  admissionPolicies: true,
  observability: {
    namespace: "monitoring",
    dashboards: { labels: { grafana_dashboard: "1" }, annotations: { grafana_folder: "LLM" } },
    rules: {
      format: "ConfigMap",
      labels: { release: "prometheus" },
      alertLabels: { team: "inference" },
      thresholds: { kvCacheUsage: 0.9, pendingMinutes: 30 },
    },
  },
  releases: { r1: { stack: "llm-d-0.9", defaults: { workerSpec: { tuning: { maxModelLen: 4096 } } } } },
};

export const EXPECTED = {
  service: ["replicas", "parallelism.tensor"],
  settings: ["ingressGatewayName"],
  objects: [{ kind: "Deployment", path: "spec.replicas" }],
};

export const TEMPLATES: readonly string[] = [
  "{{ .Spec.Model.Name }}",
  "{{ .ObjectMeta.Name }}",
  "{{ if .Spec.Prefill }}a{{ else }}b{{ end }}",
  "{{ range .Spec.BaseRefs }}{{ .Name }}{{ end }}",
  "{{ range 5 }}{{ . }}{{ end }}",
  "{{ with .Spec.Parallelism }}",
  "{{ end }}",
  "{{- .Name -}}",
  "{{ $x := len .ObjectMeta.Name }}",
  "{{ $x }}",
  '{{ printf "%s-%d" .Name 3 }}',
  "{{ index .ObjectMeta.Labels `a` }}",
  "{{ eq 1 2 }}",
  "{{ lt .Spec.Replicas 3 }}",
  '{{ ChildName .Name "-x" }}',
  "{{ shutdownTimeout .Spec.Template 5 }}",
  "{{ kvTransferConfig .Spec.KVCacheOffloading }}",
  "{{ and true (or false nil) }}",
  "text",
  "{{ ((.Name)) }}",
  "{{ .Name | print | len }}",
  "{{ .GlobalConfig.SystemNamespace }}",
  "{{ range $i, $x := .ObjectMeta.Annotations }}{{ $i }}{{ end }}",
];

export const WORDS: readonly string[] = [
  ...[
    "--max-model-len",
    "4096",
    "--max-model-len=8192",
    "--tensor-parallel-size=2",
    "--enable-lora",
    "--no-enable-lora",
    "-O3",
    "-O",
    "--lora-modules",
    "a=b",
  ],
  ...[
    "--kv-transfer-config",
    '{"kv_connector":"NixlConnector"}',
    "--kv-transfer-config.kv_role=both",
    "--",
    "model",
    "-tp",
    "2",
    "--middleware",
    "x",
    "--middleware=y",
  ],
  ...[
    "--port",
    "8000",
    "--seed=-1",
    "-1",
    "--cudagraph-capture-sizes",
    "1",
    "2",
    "4",
    "--unknown-flag",
    "a b",
    "'a",
    '"b c"',
  ],
];

/** The server from which autoscalers read their metric. */
export const PROMETHEUS = {
  url: "http://prometheus:9090",
  tlsInsecureSkipVerify: false,
  authModes: "",
  triggerAuthName: "",
  triggerAuthKind: "",
};
