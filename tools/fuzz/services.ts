import { deepFreeze } from "./freeze.ts";
import { specOf } from "./generate.ts";
import { mutated } from "./mutate.ts";
import type { Odd } from "./oddvalues.ts";
import type { Random } from "./random.ts";

const MODEL = { uri: "hf://Qwen/Qwen2.5-7B-Instruct", name: "qwen" };
const L4 = { model: MODEL, accelerator: "nvidia-l4" };
const H100 = { model: MODEL, accelerator: "nvidia-h100-80gb" };
const ROUTED = { ...H100, router: { route: {}, gateway: {}, scheduler: {} } };
const HPA = { minReplicas: 1, maxReplicas: 4, wva: { hpa: {} } };
const GROUPS = { parallelism: { data: 6, dataLocal: 2 }, worker: {} };

/** Services of every topology, from which others are made by small changes. */
const SPECS: readonly Record<string, unknown>[] = [
  L4,
  { ...H100, replicas: 2, tuning: { maxModelLen: 32768, gpuMemoryUtilization: 0.9 }, parallelism: { tensor: 2 } },
  ROUTED,
  { ...ROUTED, prefill: { accelerator: "nvidia-h100-80gb", replicas: 2 } },
  { ...ROUTED, scaling: HPA, prefill: { scaling: HPA } },
  { ...H100, scaling: { maxReplicas: 4, minReplicas: 3, wva: { keda: { pollingInterval: 5 } } } },
  { ...H100, ...GROUPS },
  { ...ROUTED, ...GROUPS, prefill: { ...GROUPS } },
  {
    ...H100,
    parallelism: { pipeline: 2 },
    worker: { containers: [{ name: "main", env: [{ name: "A", value: "b" }] }] },
  },
  { ...H100, kvCacheOffloading: { cpu: "10Gi", secondary: [{ fileSystem: { pvc: { ref: { name: "c" } } } }] } },
  {
    ...H100,
    model: {
      ...MODEL,
      lora: {
        maxRank: 8,
        adapters: [
          { name: "a", uri: "hf://x/y" },
          { name: "b", uri: "pvc://c/d" },
        ],
      },
    },
  },
  { ...L4, model: { uri: "pvc://claim/m" }, operations: { podDisruptionBudget: {}, rollout: {}, topologySpread: {} } },
  { ...ROUTED, operations: { monitoring: {}, networkPolicy: { from: [{}] } } },
  {
    ...ROUTED,
    router: {
      route: { group: "g", weight: 1 },
      gateway: { refs: [{ name: "gw", namespace: "n" }] },
      scheduler: { replicas: 2, config: { inline: { plugins: [] } } },
    },
  },
  {
    ...L4,
    unset: ["template.containers[main].env[B]"],
    unsetArgs: ["--max-num-batched-tokens"],
    template: {
      nodeSelector: { pool: "a" },
      tolerations: [{ key: "nvidia.com/gpu", operator: "Exists" }],
      volumes: [{ name: "v", emptyDir: { sizeLimit: "1Gi" } }],
      containers: [
        {
          name: "main",
          image: "vllm/vllm-openai:v0.11.0",
          args: ["--max-num-seqs=8", "--enable-prefix-caching"],
          env: [
            { name: "A", value: "{{ .ObjectMeta.Name }}" },
            { name: "VLLM_ADDITIONAL_ARGS", value: "--seed 3" },
          ],
          volumeMounts: [{ name: "v", mountPath: "/v" }],
          resources: { limits: { "nvidia.com/gpu": "1", memory: "16Gi" }, requests: { cpu: "2" } },
          ports: [{ containerPort: 8000, name: "http" }],
          readinessProbe: { httpGet: { path: "/health", port: 8000 } },
        },
        { name: "side", image: "a/b:1", restartPolicy: "Always" },
      ],
    },
  },
  { ...L4, labels: { team: "a" }, annotations: { note: "b" } },
  { ...L4, accelerator: { resource: "nvidia.com/gpu", nodeSelector: { pool: "ours" }, memoryGiB: 24 } },
  {
    ...ROUTED,
    tuning: { maxModelLen: 8192 },
    groups: {
      h100: { accelerator: "nvidia-h100-80gb", replicas: 2, parallelism: { tensor: 2 } },
      l40s: {
        accelerator: "nvidia-l40s",
        scaling: HPA,
        template: { containers: [{ name: "main", args: ["--seed=1"] }] },
      },
    },
  },
  { ...ROUTED, runtime: "kserve-llm-sglang", tuning: { maxModelLen: 8192, enablePrefixCaching: false } },
  { ...ROUTED, groups: { vllm: {}, sglang: { runtime: "kserve-llm-sglang", parallelism: { tensor: 2 } } } },
  { ...H100, ...GROUPS, runtime: "kserve-llm-sglang", rolloutStrategy: { maxUnavailable: 1, maxSurge: "25%" } },
  { model: MODEL, tracing: { exporterEndpoint: "http://collector:4317" }, network: { interface: "eth0" } },
];

/** One service: one of the above, perhaps with fields of any kind, and then changed in some places. */
export function serviceOf(random: Random, odd: Odd, changes = random.below(4)): unknown {
  const spec = { ...random.pick(SPECS), ...(random.chance(0.3) && specOf(random)) };
  const document = {
    apiVersion: random.chance(0.95) ? "serving.kserve.io/v1alpha2" : "serving.kserve.io/v1alpha1",
    kind: "LLMInferenceService",
    metadata: {
      name: random.pick(["chat", "a", "llama-70b", "x".repeat(40)]),
      ...(random.chance(0.7) && { namespace: "team" }),
      ...(random.chance(0.2) && { labels: { "kueue.x-k8s.io/queue-name": "q", a: "b" } }),
      ...(random.chance(0.2) && {
        annotations: { "serving.kserve.io/exp-dra-device-class": "gpu.nvidia.com", "prometheus.io/scrape": "true" },
      }),
    },
    spec,
  };
  return deepFreeze(mutated(document, random, odd, changes));
}

/** A config that services name as `base`. */
export function configOf(random: Random, odd: Odd, changes = random.below(4)): unknown {
  const { accelerator: _, ...spec } = { ...random.pick(SPECS) };
  delete spec["baseRefs"];
  const document = {
    apiVersion: "serving.kserve.io/v1alpha2",
    kind: "LLMInferenceServiceConfig",
    metadata: { name: "base", namespace: random.pick(["team", "kserve"]) },
    spec: random.chance(0.3) ? specOf(random) : spec,
  };
  return deepFreeze(mutated(document, random, odd, changes));
}
