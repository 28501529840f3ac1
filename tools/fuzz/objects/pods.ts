/**
 * A pod spec that sets nearly every field that a user may write, each with a value that the API server accepts. Inputs
 * come from it by one or two changes, so that most of them have at most one fault.
 */
const EXPRESSION = { key: "zone", operator: "In", values: ["a", "b"] };
const SELECTOR = { matchLabels: { app: "chat" }, matchExpressions: [{ key: "tier", operator: "In", values: ["x"] }] };
const TERM = { topologyKey: "kubernetes.io/hostname", labelSelector: SELECTOR, namespaces: ["team"] };
const PROBE = {
  periodSeconds: 10,
  timeoutSeconds: 1,
  initialDelaySeconds: 0,
  failureThreshold: 3,
  successThreshold: 1,
};

const AFFINITY = {
  nodeAffinity: {
    requiredDuringSchedulingIgnoredDuringExecution: {
      nodeSelectorTerms: [
        {
          matchExpressions: [EXPRESSION, { key: "gpus", operator: "Gt", values: ["1"] }],
          matchFields: [{ key: "metadata.name", operator: "In", values: ["node-1"] }],
        },
      ],
    },
    preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 10, preference: { matchExpressions: [EXPRESSION] } }],
  },
  podAffinity: {
    requiredDuringSchedulingIgnoredDuringExecution: [TERM],
    preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, podAffinityTerm: TERM }],
  },
  podAntiAffinity: {
    preferredDuringSchedulingIgnoredDuringExecution: [
      { weight: 1, podAffinityTerm: { ...TERM, namespaceSelector: SELECTOR, matchLabelKeys: ["pod-template-hash"] } },
    ],
  },
};

const VOLUMES = [
  { name: "scratch", emptyDir: { sizeLimit: "1Gi", medium: "Memory" } },
  { name: "host", hostPath: { path: "/data", type: "Directory" } },
  { name: "secret", secret: { secretName: "s", defaultMode: 256, items: [{ key: "a", path: "b/c", mode: 256 }] } },
  { name: "config", configMap: { name: "c", items: [{ key: "a", path: "a" }], optional: true } },
  { name: "claim", persistentVolumeClaim: { claimName: "p", readOnly: true } },
  { name: "share", nfs: { server: "nfs.example", path: "/export" } },
  { name: "driver", csi: { driver: "csi.example.com", nodePublishSecretRef: { name: "s" } } },
  { name: "weights", image: { reference: "registry/a:1", pullPolicy: "IfNotPresent" } },
  { name: "block", persistentVolumeClaim: { claimName: "b" } },
  {
    name: "temporary",
    ephemeral: {
      volumeClaimTemplate: {
        metadata: { labels: { a: "b" } },
        spec: { accessModes: ["ReadWriteOnce"], storageClassName: "fast", resources: { requests: { storage: "1Gi" } } },
      },
    },
  },
  {
    name: "about",
    downwardAPI: {
      items: [
        { path: "labels", fieldRef: { fieldPath: "metadata.labels" } },
        { path: "cpu", resourceFieldRef: { containerName: "main", resource: "limits.cpu", divisor: "1m" } },
      ],
    },
  },
  {
    name: "all",
    projected: {
      defaultMode: 420,
      sources: [
        { serviceAccountToken: { path: "token", expirationSeconds: 3600, audience: "a" } },
        { secret: { name: "s", items: [{ key: "a", path: "secret" }] } },
        { configMap: { name: "c", items: [{ key: "a", path: "config" }] } },
        { downwardAPI: { items: [{ path: "name", fieldRef: { fieldPath: "metadata.name" } }] } },
      ],
    },
  },
];

const MAIN = {
  name: "main",
  image: "vllm/vllm-openai:v0.23.0",
  imagePullPolicy: "IfNotPresent",
  env: [
    { name: "A", value: "b" },
    { name: "NODE", valueFrom: { fieldRef: { fieldPath: "spec.nodeName" } } },
    { name: "CPU", valueFrom: { resourceFieldRef: { resource: "limits.cpu", divisor: "1" } } },
    { name: "TOKEN", valueFrom: { secretKeyRef: { name: "s", key: "token" } } },
    { name: "C", valueFrom: { configMapKeyRef: { name: "c", key: "k.v", optional: true } } },
  ],
  envFrom: [{ prefix: "X_", configMapRef: { name: "c" } }, { secretRef: { name: "s" } }],
  volumeMounts: [
    { name: "scratch", mountPath: "/scratch", subPath: "a/b" },
    { name: "config", mountPath: "/config", readOnly: true, recursiveReadOnly: "IfPossible" },
    { name: "host", mountPath: "/host", mountPropagation: "HostToContainer", subPathExpr: "$(A)" },
  ],
  volumeDevices: [{ name: "block", devicePath: "/dev/x" }],
  resources: {
    limits: { "nvidia.com/gpu": "1", memory: "16Gi", cpu: "4", "hugepages-2Mi": "4Mi" },
    requests: { cpu: "2", memory: "8Gi", "ephemeral-storage": "1Gi" },
    claims: [{ name: "device" }],
  },
  lifecycle: { preStop: { sleep: { seconds: 5 } }, postStart: { exec: { command: ["true"] } } },
  securityContext: {
    runAsUser: 1000,
    runAsGroup: 1000,
    runAsNonRoot: true,
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ["ALL"], add: ["IPC_LOCK"] },
    seccompProfile: { type: "RuntimeDefault" },
    appArmorProfile: { type: "RuntimeDefault" },
    procMount: "Default",
  },
  terminationMessagePolicy: "File",
  terminationMessagePath: "/dev/termination-log",
};

const SIDE = {
  name: "side",
  image: "registry/side:1",
  ports: [
    { name: "metrics", containerPort: 9100, protocol: "TCP" },
    { name: "host", containerPort: 9200, hostPort: 9200, hostIP: "10.0.0.1" },
  ],
  livenessProbe: {
    ...PROBE,
    httpGet: { path: "/healthz", port: "metrics", httpHeaders: [{ name: "X-A", value: "b" }] },
  },
  readinessProbe: { ...PROBE, tcpSocket: { port: 9100 } },
  startupProbe: { ...PROBE, grpc: { port: 9100, service: "a" } },
  resizePolicy: [{ resourceName: "cpu", restartPolicy: "NotRequired" }],
  resources: { requests: { cpu: "100m" }, limits: { memory: "128Mi" } },
  volumeMounts: [{ name: "scratch", mountPath: "/scratch" }],
};

const INIT = {
  name: "prepare",
  image: "registry/prepare:1",
  command: ["true"],
  volumeMounts: [{ name: "scratch", mountPath: "/scratch" }],
};
const SIDECAR = {
  ...INIT,
  name: "sidecar",
  restartPolicy: "Always",
  livenessProbe: { ...PROBE, exec: { command: ["true"] } },
};

export const POD = {
  restartPolicy: "Always",
  terminationGracePeriodSeconds: 60,
  dnsPolicy: "ClusterFirst",
  dnsConfig: {
    nameservers: ["10.0.0.10"],
    searches: ["team.svc.cluster.local"],
    options: [{ name: "ndots", value: "2" }],
  },
  hostAliases: [{ ip: "10.1.2.3", hostnames: ["a.example"] }],
  hostname: "engine",
  subdomain: "engines",
  nodeSelector: { pool: "a" },
  schedulerName: "default-scheduler",
  preemptionPolicy: "Never",
  tolerations: [
    { key: "nvidia.com/gpu", operator: "Exists", effect: "NoSchedule" },
    { key: "a", operator: "Equal", value: "b", effect: "NoExecute", tolerationSeconds: 5 },
  ],
  affinity: AFFINITY,
  topologySpreadConstraints: [
    {
      maxSkew: 1,
      topologyKey: "topology.kubernetes.io/zone",
      whenUnsatisfiable: "DoNotSchedule",
      minDomains: 1,
      labelSelector: SELECTOR,
      nodeAffinityPolicy: "Honor",
      nodeTaintsPolicy: "Ignore",
      matchLabelKeys: ["pod-template-hash"],
    },
  ],
  securityContext: {
    runAsUser: 1000,
    runAsNonRoot: true,
    fsGroup: 2000,
    fsGroupChangePolicy: "OnRootMismatch",
    supplementalGroups: [3000],
    seccompProfile: { type: "RuntimeDefault" },
    sysctls: [{ name: "net.core.somaxconn", value: "1024" }],
  },
  readinessGates: [{ conditionType: "example.com/ready" }],
  resourceClaims: [{ name: "device", resourceClaimTemplateName: "device" }],
  imagePullSecrets: [{ name: "pull" }],
  volumes: VOLUMES,
  initContainers: [INIT, SIDECAR],
  containers: [MAIN, SIDE],
};
