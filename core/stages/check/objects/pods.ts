import { labelProblem, qualifiedNameProblem, subdomainProblem } from "../../../kubernetes/dns.ts";
import type { JsonObject } from "../../../kubernetes/json.ts";
import { quantityNumber } from "../../../kubernetes/quantity.ts";
import { entryOf } from "../../../kubernetes/table.ts";
import { judgeContainer } from "./containers.ts";
import { judgeLabels } from "./labels.ts";
import {
  invalid,
  itemsOf,
  judgeChoice,
  judgeNumber,
  judgeText,
  judgeUnique,
  mapping,
  missing,
  type Refusal,
  shown,
} from "./rule.ts";

const DNS_POLICIES = ["ClusterFirst", "ClusterFirstWithHostNet", "Default", "None"];
const EFFECTS = ["NoSchedule", "PreferNoSchedule", "NoExecute"];
const LISTS = ["containers", "initContainers"] as const;

/** A pod's spec; `restarts` are the policies that its workload lets it have. Source: ValidatePodSpec, pkg/apis/core/validation, Kubernetes 1.36. */
export function judgePod(pod: JsonObject, path: string, restarts: readonly string[]): Refusal[] {
  const containers = LISTS.flatMap((list) => itemsOf(pod, list, path));
  const volumes = itemsOf(pod, "volumes", path);
  const names = new Set(volumes.map(({ item }) => String(item["name"])));
  return [
    ...(itemsOf(pod, "containers", path).length > 0
      ? []
      : [missing(`${path}.containers`, "the pod has no containers", "add the container `main`")]),
    ...containers.flatMap(({ item, at }) => judgeContainer(item, at, names)),
    ...judgeUnique(
      containers.map(({ item, at }) => ({ key: item["name"], at: `${at}.name` })),
      "container name",
    ),
    ...volumes.flatMap(({ item, at }) => judgeVolume(item, at)),
    ...judgeUnique(
      volumes.map(({ item, at }) => ({ key: item["name"], at: `${at}.name` })),
      "volume name",
    ),
    ...itemsOf(pod, "tolerations", path).flatMap(({ item, at }) => judgeToleration(item, at)),
    ...judgeLabels(pod["nodeSelector"], `${path}.nodeSelector`),
    ...judgeChoice(pod["restartPolicy"], `${path}.restartPolicy`, restarts),
    ...judgeChoice(pod["dnsPolicy"], `${path}.dnsPolicy`, DNS_POLICIES),
    ...judgeNumber(
      pod["terminationGracePeriodSeconds"],
      `${path}.terminationGracePeriodSeconds`,
      0,
      Number.MAX_SAFE_INTEGER,
    ),
    ...(["serviceAccountName", "priorityClassName", "runtimeClassName"] as const).flatMap((field) =>
      judgeText(
        pod[field] === "" ? undefined : pod[field],
        `${path}.${field}`,
        subdomainProblem,
        "write a valid object name",
      ),
    ),
    ...judgeNumber(mapping(pod["securityContext"])["fsGroup"], `${path}.securityContext.fsGroup`, 0, 2 ** 31 - 1),
  ];
}

function judgeVolume(volume: JsonObject, path: string): Refusal[] {
  const { name, ...fields } = volume;
  const sources = Object.keys(fields).filter((field) => (entryOf(fields, field) ?? null) !== null);
  const size = mapping(fields["emptyDir"])["sizeLimit"];
  const isNegative = (typeof size === "string" || typeof size === "number") && quantityNumber(size) < 0;
  return [
    ...judgeText(name, `${path}.name`, labelProblem, "choose another name"),
    ...(sources.length === 0
      ? [missing(path, `the volume ${shown(String(name))} has no source`, "set one source, such as emptyDir: {}")]
      : []),
    ...(sources.length > 1
      ? [
          invalid(
            path,
            `the volume ${shown(String(name))} has more than one source: ${sources.join(" and ")}`,
            "keep one of them",
          ),
        ]
      : []),
    ...(isNegative ? [invalid(`${path}.emptyDir.sizeLimit`, `${size} is below 0`, "write 0 or more")] : []),
  ];
}

function judgeToleration(toleration: JsonObject, path: string): Refusal[] {
  const { key = "", operator = "Equal", value = "", effect = "", tolerationSeconds } = toleration;
  const exists = operator === "Exists";
  return [
    ...judgeText(key === "" ? undefined : key, `${path}.key`, qualifiedNameProblem, "write a valid taint key"),
    ...judgeChoice(operator === "" ? undefined : operator, `${path}.operator`, ["Exists", "Equal", "Lt", "Gt"]),
    ...judgeChoice(effect === "" ? undefined : effect, `${path}.effect`, EFFECTS),
    ...(key === "" && !exists
      ? [
          invalid(
            `${path}.operator`,
            "a toleration without a key requires the operator Exists",
            "set operator: Exists, or set key",
          ),
        ]
      : []),
    ...(exists && (value ?? "") !== ""
      ? [invalid(`${path}.value`, "the operator Exists takes no value", "remove the value, or the operator")]
      : []),
    ...((tolerationSeconds ?? null) !== null && effect !== "NoExecute"
      ? [
          invalid(
            `${path}.effect`,
            "tolerationSeconds is allowed only with the effect NoExecute",
            "set effect: NoExecute, or remove tolerationSeconds",
          ),
        ]
      : []),
  ];
}
