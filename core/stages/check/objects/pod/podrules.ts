import { asText, isObject, type Json, type JsonObject } from "../../../../kubernetes/json.ts";
import { addQuantities, compareQuantities } from "../../../../kubernetes/quantity.ts";
import { entryOf } from "../../../../kubernetes/table.ts";
import { isSet, type Rule } from "../fields.ts";
import { invalid, itemsOf, judgeUnique, mapping, type Refusal } from "../rule.ts";

/** Rules between fields of a pod. Source: ValidatePodSpec, pkg/apis/core/validation, Kubernetes 1.36. */
type PodRule = (pod: JsonObject, path: string) => Refusal[];

const LISTS = ["containers", "initContainers"] as const;
const containersOf = (pod: JsonObject, path: string) => LISTS.flatMap((list) => itemsOf(pod, list, path));

const distinctContainers: PodRule = (pod, path) =>
  judgeUnique(
    containersOf(pod, path).map(({ item, at }) => ({ key: item["name"], at: `${at}.name` })),
    "container name",
  );

/**
 * Each port of the node can be used once by the containers of a pod; a pod in the node's network uses the ports that it
 * listens on.
 */
const hostPorts: PodRule = (pod, path) => {
  const isHost = pod["hostNetwork"] === true;
  const ports = itemsOf(pod, "containers", path).flatMap(({ item, at }) => itemsOf(item, "ports", at));
  const differ = ports.filter(({ item }) => isHost && taken(item) !== 0 && taken(item) !== item["containerPort"]);
  const used = ports.flatMap(({ item, at }) => {
    const port = taken(item) || (isHost ? item["containerPort"] : 0);
    if (!port) return [];
    const { protocol, hostIP } = item;
    return [{ key: `${asText(protocol || "TCP")} ${[hostIP, port].filter(Boolean).join(":")}`, at: `${at}.hostPort` }];
  });
  return [
    ...differ.map(({ item, at }) =>
      invalid(
        `${at}.hostPort`,
        `hostNetwork is true, so hostPort ${asText(item["hostPort"])} must be containerPort ${asText(item["containerPort"])}`,
        `write ${asText(item["containerPort"])}, or remove hostPort`,
      ),
    ),
    ...judgeUnique(used, "host port"),
  ];
};

function taken(port: JsonObject): number {
  return typeof port["hostPort"] === "number" ? port["hostPort"] : 0;
}

/** What pods with user namespaces cannot share with the node. */
const ownUsers: PodRule = (pod, path) => {
  if (pod["hostUsers"] !== false) return [];
  const shared = ["hostPID", "hostIPC", "hostNetwork"].filter((field) => entryOf(pod, field) === true);
  const devices = containersOf(pod, path).filter(({ item }) => itemsOf(item, "volumeDevices", "").length > 0);
  return [
    ...shared.map((field) =>
      invalid(`${path}.${field}`, `hostUsers: false excludes ${field}`, `remove hostUsers or ${field}`),
    ),
    ...devices.map(({ at }) =>
      invalid(`${at}.volumeDevices`, "hostUsers: false excludes volumeDevices", "remove hostUsers or volumeDevices"),
    ),
  ];
};

const processes: PodRule = (pod, path) =>
  pod["hostPID"] === true && pod["shareProcessNamespace"] === true
    ? [
        invalid(
          `${path}.shareProcessNamespace`,
          "shareProcessNamespace and hostPID cannot be set together",
          "remove shareProcessNamespace or hostPID",
        ),
      ]
    : [];

/** Fields that belong to another operating system than the pod's. Source: validateLinux, validateWindows. */
const OF_LINUX_PODS = ["hostUsers", "hostPID", "hostIPC", "shareProcessNamespace"];
const OF_LINUX = [
  "appArmorProfile",
  "seLinuxOptions",
  "seccompProfile",
  "fsGroup",
  "fsGroupChangePolicy",
  "sysctls",
  "runAsUser",
  "runAsGroup",
  "supplementalGroups",
  "supplementalGroupsPolicy",
  "seLinuxChangePolicy",
  "capabilities",
  "readOnlyRootFilesystem",
  "privileged",
  "allowPrivilegeEscalation",
  "procMount",
];

const operatingSystem: PodRule = (pod, path) => {
  const name = mapping(pod["os"])["name"];
  if (name !== "linux" && name !== "windows") return [];
  const foreign = name === "linux" ? ["windowsOptions"] : OF_LINUX;
  const contexts = [{ item: pod, at: path }, ...containersOf(pod, path)];
  const ofContexts = contexts.flatMap(({ item, at }) =>
    foreign
      .filter((field) => isSet(entryOf(mapping(item["securityContext"]), field)))
      .map((field) => `${at}.securityContext.${field}`),
  );
  const ofPod = OF_LINUX_PODS.filter((field) => name === "windows" && isGiven(pod, field)).map(
    (field) => `${path}.${field}`,
  );
  return [...ofPod, ...ofContexts].map((at) =>
    invalid(at, `the field is not allowed in pods of ${name}`, "remove the field, or remove os"),
  );
};

/**
 * Host-process containers on Windows: either all containers of a pod are such, or none. Source:
 * validateWindowsHostProcessPod.
 */
const hostProcesses: PodRule = (pod, path) => {
  const ofPod = hostProcessOf(pod);
  const containers = containersOf(pod, path).map(({ item, at }) => ({ own: hostProcessOf(item), at }));
  const differ = containers.filter(({ own }) => isSet(own) && isSet(ofPod) && own !== ofPod);
  const others = containers.filter(({ own }) => (own ?? ofPod) !== true);
  if (others.length === containers.length) return [];
  const field = "securityContext.windowsOptions.hostProcess";
  const fix = "set hostProcess for all containers of the pod, or for none";
  return [
    ...[...new Set([...differ, ...others])].map(({ at }) =>
      invalid(`${at}.${field}`, "hostProcess must be true for all containers of a pod or for none", fix),
    ),
    ...(pod["hostNetwork"] === true
      ? []
      : [invalid(`${path}.hostNetwork`, "hostProcess requires the network of the node", "set hostNetwork: true")]),
  ];
};

function hostProcessOf({ securityContext }: JsonObject): Json | undefined {
  return mapping(mapping(securityContext)["windowsOptions"])["hostProcess"];
}

function isGiven(pod: JsonObject, field: string): boolean {
  const value = entryOf(pod, field);
  return isSet(value) && (value !== false || !field.startsWith("hostP"));
}

/** The resources of a whole pod include those of its containers. Source: validatePodResourceConsistency. */
const wholePod: PodRule = (pod, path) => {
  const { limits, requests } = mapping(pod["resources"]);
  const containers = itemsOf(pod, "containers", path);
  const over = Object.entries(mapping(requests)).flatMap(([name, amount]) => {
    const parts = containers.flatMap(({ item }) => amountIn(item, "requests", name));
    const sum = parts.reduce<string | number>((one, other) => addQuantities(one, other), "0");
    if (!isAmount(amount) || compareQuantities(sum, amount) <= 0) return [];
    const message = `the containers request ${sum} of ${name}, but the pod only ${amount}`;
    return [invalid(`${path}.resources.requests[${name}]`, message, `write ${sum} or more`)];
  });
  const above = Object.entries(mapping(limits)).flatMap(([name, most]) =>
    containers.flatMap(({ item, at }) =>
      amountIn(item, "limits", name).flatMap((amount) =>
        isAmount(most) && compareQuantities(amount, most) > 0
          ? [
              invalid(
                `${at}.resources.limits[${name}]`,
                `the limit ${amount} is above the limit ${most} of the pod`,
                "lower it",
              ),
            ]
          : [],
      ),
    ),
  );
  return [...over, ...above];
};

function amountIn(container: JsonObject, field: string, name: string): (string | number)[] {
  const amount = entryOf(mapping(entryOf(mapping(container["resources"]), field)), name);
  return isAmount(amount) ? [amount] : [];
}

function isAmount(value: unknown): value is string | number {
  return typeof value === "string" || typeof value === "number";
}

const RULES: readonly PodRule[] = [
  distinctContainers,
  hostPorts,
  ownUsers,
  processes,
  operatingSystem,
  hostProcesses,
  wholePod,
];
export const WHOLE_POD: readonly Rule[] = RULES.map(
  (rule) =>
    (pod, { path }) =>
      isObject(pod) ? rule(pod, path) : [],
);
