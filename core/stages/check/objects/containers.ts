import { isNotYetKnown } from "../../../contract/unknown.ts";
import { labelProblem } from "../../../kubernetes/dns.ts";
import type { JsonObject } from "../../../kubernetes/json.ts";
import { judgeContainerFields } from "./containerrules.ts";
import { insideProblem } from "./podrules.ts";
import { judgeProbes, LARGEST_PORT, portNameProblem } from "./probes.ts";
import { judgeResources } from "./resources.ts";
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
import { judgeContainerSecurity } from "./security.ts";
import { judgeEnvFrom, judgeValueFrom } from "./sources.ts";

/** A container of a pod; `volumes` are the names of the pod's. Source: validateContainerCommon, pkg/apis/core/validation, Kubernetes 1.36. */
export function judgeContainer(container: JsonObject, path: string, volumes: ReadonlySet<string>): Refusal[] {
  const name = typeof container["name"] === "string" ? container["name"] : "";
  const hasImage = typeof container["image"] === "string" && container["image"] !== "";
  return [
    ...judgeText(name, `${path}.name`, labelProblem, "choose another name"),
    ...(hasImage ? [] : [missing(`${path}.image`, `the container ${shown(name)} has no image`, "set image")]),
    ...judgeText(container["image"], `${path}.image`, paddingProblem, "remove the spaces at the start and the end"),
    ...judgeChoice(container["imagePullPolicy"], `${path}.imagePullPolicy`, ["Always", "IfNotPresent", "Never"]),
    ...judgeChoice(container["terminationMessagePolicy"], `${path}.terminationMessagePolicy`, [
      "File",
      "FallbackToLogsOnError",
    ]),
    ...itemsOf(container, "env", path).flatMap(({ item, at }) => judgeVariable(item, at)),
    ...judgeEnvFrom(container, path),
    ...judgeChoice(container["restartPolicy"], `${path}.restartPolicy`, ["Always", "OnFailure", "Never"]),
    ...judgeContainerSecurity(container, path),
    ...judgePorts(container, path),
    ...judgeMounts(container, path, volumes),
    ...judgeResources(container, path),
    ...judgeProbes(container, path),
    ...judgeContainerFields(container, path),
  ];
}

function paddingProblem(image: string): string | undefined {
  return image.trim() === image ? undefined : "it starts or ends with a space";
}

function judgeVariable(variable: JsonObject, path: string): Refusal[] {
  const { name, value, valueFrom } = variable;
  const sources = Object.values(mapping(valueFrom)).filter((source) => (source ?? null) !== null);
  const hasSource = (valueFrom ?? null) !== null;
  return [
    ...judgeText(name, `${path}.name`, variableProblem, "choose another name"),
    ...judgeValueFrom(valueFrom, `${path}.valueFrom`),
    ...(hasSource && (value ?? "") !== ""
      ? [invalid(path, `${shown(String(name))} has both value and valueFrom`, "keep one of them")]
      : []),
    ...(hasSource && sources.length !== 1
      ? [
          invalid(
            `${path}.valueFrom`,
            `${shown(String(name))} has ${sources.length} sources, but needs exactly one`,
            "write exactly one source",
          ),
        ]
      : []),
  ];
}

/** Source: IsRelaxedEnvVarName, apimachinery/pkg/util/validation v0.35. */
function variableProblem(name: string): string | undefined {
  if (name === "") return "the name of a variable cannot be empty";
  if (name.includes("=")) return "the name of a variable cannot contain =";
  return /^[\x20-\x7e]+$/.test(name) ? undefined : "the name of a variable may contain only printable ASCII characters";
}

function judgePorts(container: JsonObject, path: string): Refusal[] {
  const ports = itemsOf(container, "ports", path);
  return [
    ...ports.flatMap(({ item, at }) => [
      ...judgeNumber(item["containerPort"], `${at}.containerPort`, 1, LARGEST_PORT),
      ...judgeNumber(item["hostPort"], `${at}.hostPort`, 0, LARGEST_PORT),
      ...judgeText(
        item["name"] === "" ? undefined : item["name"],
        `${at}.name`,
        portNameProblem,
        "choose another name",
      ),
      ...judgeChoice(item["protocol"], `${at}.protocol`, ["TCP", "UDP", "SCTP"]),
    ]),
    ...judgeUnique(
      ports.map(({ item, at }) => ({ key: item["name"], at: `${at}.name` })),
      "port name",
    ),
  ];
}

const PROPAGATIONS = ["None", "HostToContainer", "Bidirectional"];

function judgeMounts(container: JsonObject, path: string, volumes: ReadonlySet<string>): Refusal[] {
  const mounts = itemsOf(container, "volumeMounts", path);
  // In a preview the name of a volume may not be known yet.
  const mayBeUnknown = [...volumes].some(isNotYetKnown);
  return [
    ...mounts.flatMap(({ item, at }): Refusal[] => {
      const { name, mountPath, subPath, subPathExpr } = item;
      const known = [...volumes].join(", ") || "none";
      return [
        ...(typeof name === "string" && !volumes.has(name) && !mayBeUnknown
          ? [invalid(`${at}.name`, `the pod has no volume ${shown(name)}`, `add the volume, or mount one of ${known}`)]
          : []),
        ...(mountPath === "" ? [missing(`${at}.mountPath`, "mountPath is empty", "set mountPath")] : []),
        ...judgeChoice(item["mountPropagation"], `${at}.mountPropagation`, PROPAGATIONS),
        ...((subPath ?? "") !== "" && (subPathExpr ?? "") !== ""
          ? [invalid(`${at}.subPathExpr`, "subPath is set too", "keep one of them")]
          : []),
        ...judgeText(subPath, `${at}.subPath`, insideProblem, "write a path inside the volume"),
      ];
    }),
    ...judgeUnique(
      mounts.map(({ item, at }) => ({ key: item["mountPath"], at: `${at}.mountPath` })),
      "mount path",
    ),
  ];
}
