import { POD } from "./pods.ts";

const MODEL = { uri: "hf://Qwen/Qwen2.5-7B-Instruct", name: "qwen" };
const L4 = { model: MODEL, accelerator: "nvidia-l4" };
const H100 = { model: MODEL, accelerator: "nvidia-h100-80gb" };
const LABELS = { labels: { team: "a", "example.com/tier": "gold" }, annotations: { "example.com/note": "b c" } };
const GROUPS = { parallelism: { data: 2, dataLocal: 1 } };
const { hostname: _hostname, subdomain: _subdomain, ...MEMBER } = POD;
const PICKER = {
  ...POD.containers[1],
  name: "main",
  ports: [],
  livenessProbe: null,
  readinessProbe: null,
  startupProbe: null,
};
const SCHEDULER = { ...POD, containers: [{ ...PICKER, resources: { limits: { memory: "8Gi" } } }, POD.containers[1]] };
const HTTP = {
  hostnames: ["chat.example.com"],
  parentRefs: [{ name: "gateway", namespace: "team", port: 80 }],
  rules: [
    {
      matches: [{ path: { type: "PathPrefix", value: "/v1" }, headers: [{ name: "x-a", value: "b" }] }],
      backendRefs: [{ name: "chat-kserve-workload-svc", port: 8000, weight: 1 }],
      timeouts: { request: "10s", backendRequest: "5s" },
      filters: [{ type: "RequestHeaderModifier", requestHeaderModifier: { set: [{ name: "x-b", value: "c" }] } }],
    },
  ],
};
const PEERS = [
  { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "monitoring" } }, podSelector: {} },
  { ipBlock: { cidr: "10.0.0.0/8", except: ["10.1.0.0/16"] } },
  { podSelector: { matchExpressions: [{ key: "app", operator: "In", values: ["a"] }] } },
];
const BEHAVIOR = {
  scaleUp: {
    stabilizationWindowSeconds: 0,
    selectPolicy: "Max",
    policies: [{ type: "Percent", value: 100, periodSeconds: 15 }],
  },
  scaleDown: { stabilizationWindowSeconds: 60, policies: [{ type: "Pods", value: 1, periodSeconds: 60 }] },
};
const TRIGGERS = [
  {
    type: "prometheus",
    name: "queue",
    metadata: { serverAddress: "http://prometheus:9090", query: "sum(queue)", threshold: "2" },
    metricType: "AverageValue",
    authenticationRef: { name: "login", kind: "TriggerAuthentication" },
  },
  { type: "cpu", name: "busy", metadata: { value: "80" }, metricType: "Utilization" },
];
const POOL = {
  selector: { matchLabels: { "app.kubernetes.io/name": "chat", "kserve.io/component": "workload" } },
  targetPorts: [{ number: 8000 }],
  endpointPickerRef: { name: "chat-epp-service", port: { number: 9002 }, failureMode: "FailOpen" },
};
const TIERS = [
  { fileSystem: { emptyDir: { size: "10Gi" } } },
  {
    fileSystem: {
      pvc: {
        spec: { accessModes: ["ReadWriteOnce"], storageClassName: "fast", resources: { requests: { storage: "1Gi" } } },
      },
    },
  },
  { fileSystem: { pvc: { ref: { name: "tier", path: "kv" } } } },
];
const BUDGET = { podDisruptionBudget: { minAvailable: 1 }, rollout: { maxSurge: 1, maxUnavailable: "25%" } };

/** A service without errors, and the places at which inputs change it. */
export interface Base {
  name: string;
  spec: Record<string, unknown>;
  /** What is changed: paths into the service. */
  roots: readonly string[];
  /** Whether a config that the service names contains all of it. */
  inConfig?: boolean;
  /** How often it is picked, compared with others. */
  share: number;
}

/**
 * Services in which users write everything that is changed: pod templates of every role, labels, routes, scaling,
 * operations.
 */
export const BASES: readonly Base[] = [
  { name: "template", spec: { ...L4, template: POD }, roots: ["spec.template"], share: 10 },
  { name: "config", spec: { ...L4, template: POD, ...LABELS }, roots: ["spec.template"], inConfig: true, share: 2 },
  {
    name: "groups",
    spec: { ...H100, ...GROUPS, template: MEMBER, worker: MEMBER },
    roots: ["spec.template", "spec.worker"],
    share: 6,
  },
  {
    name: "prefill",
    spec: { ...H100, router: { route: {}, gateway: {}, scheduler: {} }, prefill: { replicas: 1, template: POD } },
    roots: ["spec.prefill.template"],
    share: 2,
  },
  {
    name: "scheduler",
    spec: {
      ...L4,
      router: {
        route: {},
        gateway: {},
        scheduler: { template: SCHEDULER },
      },
    },
    roots: ["spec.router.scheduler.template"],
    share: 3,
  },
  {
    name: "route",
    spec: { ...L4, router: { route: { http: { spec: HTTP } } } },
    roots: ["spec.router.route.http.spec", "spec.model.name"],
    share: 3,
  },
  {
    name: "labels",
    spec: { ...L4, ...LABELS, router: { route: {}, gateway: {}, scheduler: { ...LABELS } } },
    roots: ["spec.labels", "spec.annotations", "spec.router.scheduler.labels", "spec.router.scheduler.annotations"],
    share: 3,
  },
  {
    name: "operations",
    spec: {
      ...L4,
      replicas: 3,
      router: { route: {}, gateway: {}, scheduler: {} },
      operations: {
        ...BUDGET,
        networkPolicy: { from: PEERS },
        modelCache: { size: "20Gi", storageClassName: "fast" },
        topologySpread: { maxSkew: 1, topologyKey: "zone" },
        monitoring: { podMonitor: { interval: "30s", labels: { release: "prometheus" } }, serviceMonitor: true },
        priorityClassName: "high",
      },
    },
    roots: ["spec.operations", "spec.replicas"],
    share: 4,
  },
  {
    name: "hpa",
    spec: {
      ...L4,
      scaling: {
        minReplicas: 1,
        maxReplicas: 4,
        wva: {
          hpa: {
            behavior: {
              scaleDown: { stabilizationWindowSeconds: 60, policies: [{ type: "Pods", value: 1, periodSeconds: 60 }] },
            },
          },
        },
      },
    },
    roots: ["spec.scaling"],
    share: 2,
  },
  {
    name: "keda",
    spec: {
      ...L4,
      scaling: { minReplicas: 1, maxReplicas: 4, wva: { keda: { pollingInterval: 5, cooldownPeriod: 60 } } },
    },
    roots: ["spec.scaling"],
    share: 1,
  },
  {
    name: "triggers",
    spec: {
      ...L4,
      scaling: {
        minReplicas: 1,
        maxReplicas: 4,
        keda: {
          pollingInterval: 5,
          cooldownPeriod: 60,
          initialCooldownPeriod: 0,
          idleReplicaCount: 0,
          triggers: TRIGGERS,
          fallback: { failureThreshold: 3, replicas: 2, behavior: "static" },
          advanced: {
            restoreToOriginalReplicaCount: true,
            horizontalPodAutoscalerConfig: { behavior: BEHAVIOR },
            scalingModifiers: {
              formula: "queue + busy",
              target: "2",
              activationTarget: "1",
              metricType: "AverageValue",
            },
          },
        },
      },
    },
    roots: ["spec.scaling"],
    share: 3,
  },
  {
    name: "pool",
    spec: { ...L4, router: { route: {}, gateway: {}, scheduler: { replicas: 2, pool: { spec: POOL } } } },
    roots: ["spec.router.scheduler.pool", "spec.router.scheduler.replicas"],
    share: 2,
  },
  {
    name: "gateways",
    spec: {
      ...L4,
      router: {
        route: { group: "chats", weight: 10 },
        gateway: { refs: [{ name: "public", namespace: "gateways", sectionName: "https" }, { name: "private" }] },
        scheduler: {},
      },
    },
    roots: ["spec.router.route", "spec.router.gateway", "metadata.annotations"],
    share: 2,
  },
  {
    name: "rollouts",
    spec: {
      ...L4,
      replicas: 3,
      rolloutStrategy: { maxSurge: 1, maxUnavailable: "25%" },
      router: { route: {}, gateway: {}, scheduler: {} },
      prefill: { replicas: 2, rolloutStrategy: { maxSurge: "50%", maxUnavailable: 0 } },
    },
    roots: ["spec.rolloutStrategy", "spec.prefill.rolloutStrategy", "spec.replicas", "spec.prefill.replicas"],
    share: 2,
  },
  {
    name: "rollouts of groups",
    spec: { ...H100, ...GROUPS, replicas: 3, rolloutStrategy: { maxSurge: 1, maxUnavailable: "25%" }, worker: {} },
    roots: ["spec.rolloutStrategy", "spec.replicas", "spec.parallelism"],
    share: 2,
  },
  {
    name: "cache tiers",
    spec: { ...L4, kvCacheOffloading: { cpu: "8Gi", evictionPolicy: "lru", secondary: TIERS } },
    roots: ["spec.kvCacheOffloading"],
    share: 2,
  },
  {
    name: "adapters",
    spec: {
      ...L4,
      model: {
        ...MODEL,
        lora: {
          adapters: [
            { name: "sql", uri: "hf://a/sql" },
            { name: "tone", uri: "pvc://claim/tone" },
          ],
        },
      },
    },
    roots: ["spec.model"],
    share: 1,
  },
  {
    name: "names of groups",
    spec: { ...H100, ...GROUPS, worker: {}, router: { route: {}, gateway: {}, scheduler: {} } },
    roots: ["metadata.name", "metadata.labels", "metadata.annotations"],
    share: 1,
  },
  {
    name: "names",
    spec: { ...L4, router: { route: {}, gateway: {}, scheduler: {} } },
    roots: ["metadata.name", "metadata.labels"],
    share: 1,
  },
];
