const MODEL = { uri: "hf://facebook/opt-125m", name: "opt" };
const ENGINE = { model: MODEL, accelerator: "nvidia-h100-80gb" };
const ROUTED = { ...ENGINE, router: { route: {}, scheduler: {} } };
const HPA = { maxReplicas: 4, wva: { hpa: {} } };
const KEDA = { minReplicas: 3, maxReplicas: 4, wva: { keda: { fallback: { failureThreshold: 1, replicas: 3 } } } };
const FALLBACK = { failureThreshold: 1, replicas: 3 };
const TRIGGERS = [{ type: "prometheus", metadata: { query: "up", threshold: "1" } }];
const ALONE = { minReplicas: 3, maxReplicas: 4, keda: { fallback: FALLBACK, triggers: TRIGGERS } };
const OFFLOADED = { cpu: "10Gi" };
const CLASS = { resource: "nvidia.com/gpu", nodeSelector: { pool: "ours" } };
const PREFILL = { accelerator: "nvidia-h100-80gb" };
const claimed = (pvc: object): object => ({ ...OFFLOADED, secondary: [{ fileSystem: { pvc } }] });
const CLAIM = { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "10Gi" } } };
/** Every switch with fields, turned on. */
const OPERATIONS = {
  ...{ podDisruptionBudget: {}, rollout: {}, topologySpread: {} },
  networkPolicy: { from: [{}] },
  monitoring: {},
};

/** A service of every kind; all fields next to each other in one can be varied. */
export const KINDS: Readonly<Record<string, object>> = {
  plain: ENGINE,
  offloading: { ...ENGINE, kvCacheOffloading: OFFLOADED },
  "offloading to a claim": { ...ENGINE, kvCacheOffloading: claimed({ ref: { name: "c" } }) },
  "offloading to claims of its own": { ...ENGINE, kvCacheOffloading: claimed({ spec: CLAIM }) },
  scaled: { ...ENGINE, scaling: HPA },
  "scaled by KEDA": { ...ENGINE, scaling: KEDA },
  "scaled by KEDA alone": { ...ROUTED, scaling: ALONE, prefill: { ...PREFILL, scaling: ALONE } },
  routed: ROUTED,
  "in a group of routes": { ...ENGINE, router: { route: { group: "g", weight: 1 }, scheduler: {} } },
  "with a route of another": { ...ENGINE, router: { route: { http: { refs: [{ name: "other" }] } }, scheduler: {} } },
  "with a pool of another": { ...ENGINE, router: { route: {}, scheduler: { pool: { ref: { name: "other" } } } } },
  "with a pool of its own": {
    ...ENGINE,
    router: {
      route: {},
      scheduler: { pool: { spec: { endpointPickerRef: { name: "abc", port: { number: 9002 } } } } },
    },
  },
  "with a scheduler's configuration": {
    ...ENGINE,
    router: { route: {}, scheduler: { config: { ref: { name: "abc" } } } },
  },
  disaggregated: { ...ROUTED, prefill: PREFILL },
  "disaggregated and scaled": { ...ROUTED, scaling: HPA, prefill: { ...PREFILL, scaling: HPA } },
  "disaggregated and scaled by KEDA": { ...ROUTED, scaling: KEDA, prefill: { ...PREFILL, scaling: KEDA } },
  "disaggregated and offloading": { ...ROUTED, prefill: { ...PREFILL, kvCacheOffloading: OFFLOADED } },
  "disaggregated and offloading to a claim": {
    ...ROUTED,
    prefill: { ...PREFILL, kvCacheOffloading: claimed({ ref: { name: "c" } }) },
  },
  "disaggregated and offloading to claims": {
    ...ROUTED,
    prefill: { ...PREFILL, kvCacheOffloading: claimed({ spec: CLAIM }) },
  },
  grouped: { ...ENGINE, parallelism: { data: 6, dataLocal: 2 }, worker: {} },
  staged: { ...ENGINE, parallelism: { pipeline: 2 }, worker: {} },
  "disaggregated in groups": {
    ...ROUTED,
    parallelism: { data: 6, dataLocal: 2 },
    worker: {},
    prefill: { ...PREFILL, parallelism: { data: 6, dataLocal: 2 }, worker: {} },
  },
  "disaggregated in stages": {
    ...ROUTED,
    parallelism: { pipeline: 2 },
    worker: {},
    prefill: { ...PREFILL, parallelism: { pipeline: 2 }, worker: {} },
  },
  adapted: { ...ENGINE, model: { ...MODEL, lora: { adapters: [{ name: "a", uri: "hf://x/y" }] } } },
  encrypted: { ...ENGINE, model: { ...MODEL, confidential: { enabled: true } } },
  traced: { ...ROUTED, tracing: { exporterEndpoint: "http://collector:4317" } },
  stored: { ...ENGINE, model: { uri: "pvc://claim/opt", name: "opt" } },
  "on accelerators of its own": {
    ...ROUTED,
    ...{ accelerator: CLASS, parallelism: { tensor: 4 } },
    prefill: { accelerator: CLASS, parallelism: { tensor: 4 } },
  },
  "on any accelerators": { ...ENGINE, accelerator: { resource: "nvidia.com/gpu" }, parallelism: { tensor: 4 } },
  "on no accelerator": { model: MODEL },
  operated: { ...ROUTED, operations: OPERATIONS },
  "operated in groups": {
    ...ROUTED,
    operations: OPERATIONS,
    parallelism: { data: 6, dataLocal: 2 },
    worker: {},
    prefill: PREFILL,
  },
  "run as its config has it": { ...ENGINE, baseRefs: [{ name: "abc" }] },
};
