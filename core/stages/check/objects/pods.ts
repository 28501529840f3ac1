import { labelProblem, labelValueProblem, qualifiedNameProblem, subdomainProblem } from "../../../kubernetes/dns.ts";
import type { JsonObject } from "../../../kubernetes/json.ts";
import { quantityNumber } from "../../../kubernetes/quantity.ts";
import { entryOf } from "../../../kubernetes/table.ts";
import { judgeContainer } from "./containers.ts";
import { judgeLabels } from "./labels.ts";
import { judgePlacement } from "./placement.ts";
import { judgePodFields } from "./podrules.ts";
import {
  invalid,
  itemsOf,
  judgeChoice,
  judgeText,
  judgeUnique,
  mapping,
  missing,
  type Refusal,
  shown,
} from "./rule.ts";
import { judgePodSecurity } from "./security.ts";
import { judgeSources } from "./sources.ts";

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
    ...(["serviceAccountName", "priorityClassName", "runtimeClassName", "nodeName"] as const).flatMap((field) =>
      judgeText(
        pod[field] === "" ? undefined : pod[field],
        `${path}.${field}`,
        subdomainProblem,
        "write a valid object name",
      ),
    ),
    ...judgeChoice(pod["preemptionPolicy"], `${path}.preemptionPolicy`, ["Never", "PreemptLowerPriority"]),
    ...(["hostname", "subdomain"] as const).flatMap((field) =>
      judgeText(pod[field] || undefined, `${path}.${field}`, labelProblem, "choose another name"),
    ),
    ...judgePodSecurity(pod, path),
    ...judgePlacement(pod, path),
    ...judgePodFields(pod, path),
    ...judgeDeadline(pod, path, restarts),
  ];
}

/** Pods that always run again, as those of a Deployment, have no deadline. */
function judgeDeadline(pod: JsonObject, path: string, restarts: readonly string[]): Refusal[] {
  const isForever = restarts.length === 1 && restarts[0] === "Always";
  if (!isForever || (pod["activeDeadlineSeconds"] ?? null) === null) return [];
  return [invalid(`${path}.activeDeadlineSeconds`, "pods of a Deployment have no deadline", "remove it")];
}

function judgeVolume(volume: JsonObject, path: string): Refusal[] {
  const { name, ...fields } = volume;
  const sources = Object.keys(fields).filter((field) => (entryOf(fields, field) ?? null) !== null);
  const size = mapping(fields["emptyDir"])["sizeLimit"];
  const isNegative = (typeof size === "string" || typeof size === "number") && quantityNumber(size) < 0;
  return [
    ...judgeText(name, `${path}.name`, labelProblem, "choose another name"),
    ...(sources.length > 1
      ? [
          invalid(
            path,
            `the volume ${shown(String(name))} has more than one source: ${sources.join(" and ")}`,
            "keep one of them",
          ),
        ]
      : []),
    ...judgeSources(fields, path),
    ...(isNegative ? [invalid(`${path}.emptyDir.sizeLimit`, `${size} is below 0`, "write 0 or more")] : []),
  ];
}

function judgeToleration(toleration: JsonObject, path: string): Refusal[] {
  const { key = "", operator = "Equal", value = "", effect = "", tolerationSeconds } = toleration;
  const exists = operator === "Exists";
  return [
    ...judgeText(key === "" ? undefined : key, `${path}.key`, qualifiedNameProblem, "write the key of a taint"),
    ...judgeText(
      operator === "Equal" || operator === "" ? value : undefined,
      `${path}.value`,
      labelValueProblem,
      "write the value of a taint",
    ),
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
