import type { Random } from "../random.ts";

/** Values of fields by name: valid ones, and invalid ones that only the API server's validation detects. */
const LONG = "a".repeat(64);
const LONGER = "a".repeat(254);
const OPERATORS = ["In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt", "in", ""];
const CLASSES = ["fast", "A B", "a.b", "a_b", "", LONG, LONGER];
const PATHS = ["/a", "a/b", "", "/", "..", "../a", "a/../b", "..data", "a/..b", "/a/../b", "./a", "a b", "/scratch"];
const POLICIES = ["Always", "OnFailure", "Never", "IfNotPresent", "always", "", "Nope"];
const ADDRESSES = [
  "10.0.0.1",
  "010.0.0.1",
  "10.0.0.256",
  "::1",
  "fd00::1",
  "::ffff:1.2.3.4",
  "::g",
  "",
  "10.0.0.0/8",
  "FD00::1",
  "1.2.3",
  "fd00:0:0::1",
];
const RANGES = [
  "10.0.0.0/8",
  "10.0.0.1/8",
  "10.1.0.0/16",
  "fd00::/8",
  "fd00::1/8",
  "0.0.0.0/0",
  "10.0.0.0/33",
  "::/0",
  "10.0.0.0",
  "::ffff:10.0.0.0/104",
  "nope",
  "fd00::/129",
  "10.0.0.0/08",
];

const BY_NAME: Readonly<Record<string, readonly unknown[]>> = {
  operator: OPERATORS,
  whenUnsatisfiable: ["DoNotSchedule", "ScheduleAnyway", "Never", ""],
  effect: ["NoSchedule", "PreferNoSchedule", "NoExecute", "noSchedule", ""],
  restartPolicy: [...POLICIES, "NotRequired", "RestartContainer"],
  imagePullPolicy: POLICIES,
  pullPolicy: POLICIES,
  dnsPolicy: ["ClusterFirst", "ClusterFirstWithHostNet", "Default", "None", "none", ""],
  terminationMessagePolicy: ["File", "FallbackToLogsOnError", "file", ""],
  preemptionPolicy: ["Never", "PreemptLowerPriority", "never", ""],
  mountPropagation: ["None", "HostToContainer", "Bidirectional", "none", ""],
  recursiveReadOnly: ["Disabled", "Enabled", "IfPossible", "enabled", ""],
  nodeAffinityPolicy: ["Honor", "Ignore", "honor", ""],
  nodeTaintsPolicy: ["Honor", "Ignore", "ignore", ""],
  fsGroupChangePolicy: ["Always", "OnRootMismatch", "always", ""],
  supplementalGroupsPolicy: ["Merge", "Strict", "merge", ""],
  seLinuxChangePolicy: ["Recursive", "MountOption", "recursive", ""],
  procMount: ["Default", "Unmasked", "default", ""],
  scheme: ["HTTP", "HTTPS", "http", "ftp", ""],
  protocol: ["TCP", "UDP", "SCTP", "tcp", "HTTP", ""],
  volumeMode: ["Filesystem", "Block", "block", ""],
  accessModes: [
    ["ReadWriteOnce"],
    ["ReadWriteMany", "ReadOnlyMany"],
    ["ReadWriteOncePod", "ReadWriteOnce"],
    ["rwx"],
    [],
  ],
  medium: ["Memory", "", "HugePages", "HugePages-2Mi", "disk"],
  image: ["a", " a", "a ", "", "a b", "registry/a@sha256:x"],
  name: [
    "main",
    "side",
    "scratch",
    "a",
    "a.b",
    "A",
    "a_b",
    "-a",
    "a-",
    "0",
    "1a",
    "",
    LONG,
    LONGER,
    "a b",
    "é",
    "A=B",
    "metrics",
    "device",
    "a--b",
    "net.ipv4.x",
    "kernel.shm_rmid_forced",
  ],
  hostname: ["a", "a.b", "A", LONG, ""],
  subdomain: ["a", "a.b", "A", LONG, ""],
  hostnameOverride: ["a", "a.b", "A", "a".repeat(65), ""],
  nodeName: CLASSES,
  serviceAccountName: CLASSES,
  priorityClassName: CLASSES,
  runtimeClassName: CLASSES,
  storageClassName: CLASSES,
  volumeAttributesClassName: CLASSES,
  schedulerName: ["a", "", "a b", LONG],
  secretName: ["a", "", "A B", LONGER],
  claimName: ["a", "", "A B", LONGER],
  resourceClaimName: ["a", "", "A B", LONGER],
  resourceClaimTemplateName: ["a", "", "A B", LONGER],
  conditionType: ["a", "a/b", "a b", "", "/a"],
  key: ["a", "example.com/a", "a b", "", "A_b.c", "/a", "a/", LONG, "metadata.name", "k.v", "..", "a/b/c"],
  topologyKey: ["a", "example.com/a", "a b", "", "/a"],
  values: [["a"], [], ["a", "b"], ["1"], ["x y"], [LONG], [""]],
  value: ["a", "", "a b", LONG, "1", "01", "-1", "é"],
  ip: ADDRESSES,
  hostIP: ADDRESSES,
  nameservers: [["10.0.0.1"], [], ["10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4"], ["dns"], ["fd00::1"], [""]],
  searches: [["a.b"], ["a_b"], ["."], ["a."], ["A"], ["a b"], [""], Array.from({ length: 33 }, () => "a")],
  hostnames: [["a.b"], ["A"], [""], ["*.a.b"], ["a b"], [LONG]],
  cidr: RANGES,
  except: [["10.1.0.0/16"], ["10.0.0.0/8"], ["10.1.0.1/16"], ["11.0.0.0/16"], ["nope"], ["fd00::/16"], []],
  mountPath: PATHS,
  devicePath: PATHS,
  subPath: PATHS,
  subPathExpr: PATHS,
  path: PATHS,
  localhostProfile: ["a", "", "/a", "../a", " a"],
  fieldPath: [
    "metadata.name",
    "metadata.labels",
    "metadata.labels['a']",
    "metadata.annotations['a b']",
    "metadata.foo",
    "spec.host",
    "status.podIP",
    "",
    "metadata.labels['']",
    "status.hostIPs",
    "spec.nodeName['a']",
    "metadata.labels[a]",
  ],
  apiVersion: ["v1", "v2", ""],
  resource: [
    "limits.cpu",
    "requests.memory",
    "limits.hugepages-2Mi",
    "limits.gpu",
    "",
    "limits.ephemeral-storage",
    "limits.nvidia.com/gpu",
  ],
  divisor: ["1", "1m", "1Mi", "0", "2", "500m", "1Ki", "1k", "-1"],
  prefix: ["A_", "A=B", "", "1", "a b", "é"],
  storage: ["1Gi", "0", "-1Gi", "1m"],
  sizeLimit: ["1Gi", "0", "-1Gi", "1m"],
  driver: ["csi.example.com", "", "A.b", "a b", LONG],
  expirationSeconds: [600, 599, 0, 2 ** 32, 2 ** 32 + 1, 3600],
  defaultMode: [0, 511, 512, 644, 420, -1],
  mode: [0, 511, 512, 644, 420, -1],
  containerPort: [0, 1, 65535, 65536, -1, 9100, 9200],
  hostPort: [0, 1, 65535, 65536, -1, 9100, 9200],
  port: [0, 1, 65535, 65536, -1, 9100, "http", "HTTP", "", "80", "a--b"],
  weight: [0, 1, 100, 101, -1, 1_000_001],
  maxSkew: [0, 1, -1],
  minDomains: [0, 1, -1],
  successThreshold: [0, 1, 2, -1],
  seconds: [0, 5, 60, 61, -1],
  terminationGracePeriodSeconds: [0, 1, 5, 60, -1],
  activeDeadlineSeconds: [1, 0, -1],
  tolerationSeconds: [0, 5, -5],
  priority: [0, 1, -1],
  periodSeconds: [0, 1, -1, 1800, 1801, 60],
  stabilizationWindowSeconds: [0, 3600, 3601, -1],
  selectPolicy: ["Max", "Min", "Disabled", "max", ""],
  type: [
    "Directory",
    "",
    "RuntimeDefault",
    "Localhost",
    "Unconfined",
    "Nope",
    "Pods",
    "Percent",
    "PathPrefix",
    "Exact",
  ],
  minAvailable: [0, 1, "50%", "101%", "x", -1, "1", ""],
  maxUnavailable: [0, 1, "50%", "101%", "x", -1, "0%"],
  maxSurge: [0, 1, "50%", "101%", "x", -1, "0%"],
  replicas: [0, 1, 3, -1, 2 ** 31],
};

const RESOURCES = [
  "cpu",
  "memory",
  "ephemeral-storage",
  "hugepages-2Mi",
  "hugepages-1Gi",
  "hugepages-",
  "hugepages-3",
  "hugepages-x",
  "nvidia.com/gpu",
  "gpu",
  "storage",
  "pods",
  "kubernetes.io/x",
  "requests.cpu",
  "requests.nvidia.com/gpu",
  "a b/c",
  "example.com/a",
  "example.com/",
  "/a",
];
const AMOUNTS = ["1", "0", "-1", "500m", "1.5", "4Mi", "3Mi", "1Gi", "1e3", "100Gi", "0.1", 2, "1n", "4194304"];
const KEYS = [
  "a",
  "example.com/a",
  "a b",
  "",
  "A_b.c",
  "/a",
  "a/",
  LONG,
  `${LONGER}/a`,
  "a/b/c",
  "Example.com/a",
  "é",
  "app.kubernetes.io/name",
  "kubernetes.io/x",
];
const TEXTS = ["a", "a.b", "A", "a_b", "-a", "", LONG, LONGER, "a b", "é", "0", " a", "a\n", "true"];
const NUMBERS = [0, 1, -1, 2, 100, 65535, 65536, 2 ** 31 - 1, 2 ** 31, 2 ** 32, -(2 ** 31)];
const QUANTITY = new Set(["limits", "requests", "overhead", "capacity"]);
const MAPS = new Set(["labels", "annotations", "matchLabels", "nodeSelector"]);

/** A value for a field with a value like this, by its name or else by its type. */
export function valueFor(name: string, holder: string, before: unknown, random: Random): unknown {
  if (QUANTITY.has(holder)) return random.pick(AMOUNTS);
  if (MAPS.has(holder)) return random.pick(TEXTS);
  const named = Object.hasOwn(BY_NAME, name) ? BY_NAME[name] : undefined;
  const alike = named?.filter((one) => before === undefined || typeof one === typeof before || name === "port");
  if (alike !== undefined && alike.length > 0 && random.chance(0.9)) return structuredClone(random.pick(alike));
  if (typeof before === "number") return random.pick(NUMBERS);
  if (typeof before === "boolean") return !before;
  return random.pick(TEXTS);
}

/** A key for a map of that name. */
export function keyFor(map: string, random: Random): string {
  return random.pick(QUANTITY.has(map) ? RESOURCES : KEYS);
}

export function isOpenMap(name: string): boolean {
  return QUANTITY.has(name) || MAPS.has(name);
}
