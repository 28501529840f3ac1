import { isNotYetKnown } from "../../../../contract/input/unknown.ts";
import { POD_PART } from "../../../../contract/names.ts";
import type { Json, JsonObject } from "../../../../kubernetes/json.ts";
import { asText } from "../../../../kubernetes/json.ts";
import { nearest } from "../../../../kubernetes/nearest.ts";
import { rememberingLast } from "../../../../kubernetes/remember.ts";
import { entryOf } from "../../../../kubernetes/table.ts";
import { MAIN } from "../../../../kubernetes/workloads/pods.ts";
import {
  all,
  each,
  fields,
  hasText,
  isSet,
  most,
  ofSet,
  oneOf,
  optional,
  type Place,
  type Rule,
  range,
  required,
  text,
  unique,
  uniqueKey,
} from "../fields.ts";
import { invalid, itemsOf, mapping, missing, type Refusal, shown } from "../rule.ts";
import { INSIDE, LABEL_NAME, NOT_UPWARD, PORT_NAME } from "../texts.ts";
import { INIT_PROBES, PORT, PROBES } from "./probes.ts";
import { judgeReference } from "./references.ts";
import { CONTAINER_RESOURCES } from "./resources.ts";
import { CONTAINER_SECURITY } from "./security.ts";
import { VARIABLE_SOURCES, VARIABLES } from "./variables.ts";
import { isBlock } from "./volumes.ts";

/** Containers. Source: validateContainerCommon and what it calls, pkg/apis/core/validation, Kubernetes 1.36. */
const IMAGE: Rule = all(
  (value, { path, holder, pod }) => {
    if (typeof value === "string" && value !== "") return [];
    const engine = itemsOf(pod.spec, "containers", "").find(({ item }) => item["name"] === MAIN);
    const isNamed = engine !== undefined && holder["name"] !== MAIN && path.includes(".containers[");
    const isInit = path.includes(".initContainers[") && isOfInitializer(asText(holder["name"]));
    const meant = isNamed ? `, or name it ${MAIN} if it is the engine` : isInit ? NAME_INITIALIZER : "";
    return [missing(path, `the container ${shown(asText(holder["name"]))} has no image`, `set image${meant}`)];
  },
  text(
    (image) => (image.trim() === image ? undefined : "it starts or ends with a space"),
    "remove the spaces at the start and the end",
  ),
  (value, { path, holder }) => judgeReference(value, path, `start the container ${shown(asText(holder["name"]))}`),
);

/** A name near that of the init container that downloads the model, which sets its image. */
function isOfInitializer(name: string): boolean {
  return name !== POD_PART.initializer && nearest(name, [POD_PART.initializer]) !== undefined;
}
const NAME_INITIALIZER = `, or name it ${POD_PART.initializer} if it downloads the model`;

const PORTS: Rule = all(
  each(
    fields({
      containerPort: required(PORT),
      hostPort: range(0, 65535),
      name: optional(PORT_NAME),
      protocol: optional(oneOf("TCP", "UDP", "SCTP")),
    }),
  ),
  unique("name", "port name"),
);

/** Read once per pod, because each mount of each container needs them. */
const volumesIn = rememberingLast(
  (pod: JsonObject): ReadonlyMap<Json | undefined, Json> =>
    new Map(itemsOf(pod, "volumes", "").map(({ item }) => [item["name"], item])),
);
const volumesOf = ({ pod }: Place): ReadonlyMap<Json | undefined, Json> => volumesIn(pod.spec);

/** The name of a volume of the pod. In a preview the name of a volume may not be known yet. */
const OF_VOLUME: Rule = (name, place) => {
  const volumes = volumesOf(place);
  if (typeof name !== "string" || volumes.has(name) || [...volumes.keys()].some((one) => isNotYetKnown(asText(one))))
    return [];
  const known = [...volumes.keys()].join(", ") || "none";
  return [invalid(place.path, `the pod has no volume ${shown(name)}`, `add the volume, or mount one of ${known}`)];
};

const MOUNTS: Rule = all(
  each(
    fields({
      name: required(OF_VOLUME),
      mountPath: required(),
      mountPropagation: all(oneOf("None", "HostToContainer", "Bidirectional")),
      recursiveReadOnly: all(oneOf("Disabled", "Enabled", "IfPossible"), ofSet(readOnlyThroughout)),
      subPath: INSIDE,
      subPathExpr: all(
        INSIDE,
        ofSet((value, { path, holder }) =>
          (value ?? "") !== "" && hasText(holder, "subPath")
            ? [invalid(path, "subPath and subPathExpr cannot be set together", "remove subPath or subPathExpr")]
            : [],
        ),
      ),
    }),
  ),
  uniqueKey("mountPath", "mount path"),
);

function readOnlyThroughout(...[value, { path, holder }]: Parameters<Rule>): Refusal[] {
  if (value !== "Enabled" && value !== "IfPossible") return [];
  if (holder["readOnly"] !== true)
    return [invalid(path, "recursiveReadOnly is allowed only if readOnly is true", "set readOnly: true, or remove it")];
  const shared = entryOf(holder, "mountPropagation") ?? "None";
  if (shared === "None") return [];
  return [
    invalid(
      path,
      `recursiveReadOnly excludes mountPropagation ${asText(shared)}`,
      "remove recursiveReadOnly or mountPropagation",
    ),
  ];
}

/** A mount that propagates to the host, which only privileged containers may have. */
function isPrivilegedEnough(...[value, { path }]: Parameters<Rule>): Refusal[] {
  const container = mapping(value);
  if (mapping(container["securityContext"])["privileged"] === true) return [];
  return itemsOf(container, "volumeMounts", path)
    .filter(({ item }) => item["mountPropagation"] === "Bidirectional")
    .map(({ at }) =>
      invalid(
        `${at}.mountPropagation`,
        "only a privileged container may have mountPropagation Bidirectional",
        "write HostToContainer, or set securityContext.privileged: true",
      ),
    );
}

const DEVICES: Rule = all(
  each(
    fields({
      name: required(OF_VOLUME, (name, place) => {
        const volume = volumesOf(place).get(name);
        if (volume === undefined || isBlock(volume)) return [];
        return [
          invalid(
            place.path,
            `the volume ${shown(asText(name))} is not a claim, so it cannot be a device`,
            "write the volume of a claim",
          ),
        ];
      }),
      devicePath: required(NOT_UPWARD),
    }),
  ),
  unique("name", "volume"),
  uniqueKey("devicePath", "device path"),
);

/** A volume is either mounted as files or used as a device; the same holds for a path. */
function deviceOrMount(...[value, { path }]: Parameters<Rule>): Refusal[] {
  const mounts = itemsOf(mapping(value), "volumeMounts", path);
  return itemsOf(mapping(value), "volumeDevices", path).flatMap(({ item, at }) => [
    ...(mounts.some((mount) => mount.item["name"] === item["name"])
      ? [
          invalid(
            `${at}.name`,
            `the volume ${shown(asText(item["name"]))} is in volumeMounts too`,
            "remove it from volumeMounts or volumeDevices",
          ),
        ]
      : []),
    ...(mounts.some((mount) => mount.item["mountPath"] === item["devicePath"])
      ? [
          invalid(
            `${at}.devicePath`,
            `a volume is already mounted at ${shown(asText(item["devicePath"]))}`,
            "choose another path",
          ),
        ]
      : []),
  ]);
}

const RESIZE: Rule = all(
  each(
    fields({
      resourceName: required(oneOf("cpu", "memory")),
      restartPolicy: required(oneOf("NotRequired", "RestartContainer"), (value, { path, pod }) =>
        pod.spec["restartPolicy"] === "Never" && value === "RestartContainer"
          ? [invalid(path, "containers of a pod with restartPolicy Never do not restart", "write NotRequired")]
          : [],
      ),
    }),
  ),
  unique("resourceName", "resource"),
);

const RESTARTS = oneOf("Always", "OnFailure", "Never");
const MOST_RULES = 20;
const RESTART_RULES: Rule = all(
  most(MOST_RULES, "rules"),
  each(
    fields({
      action: required(oneOf("Restart", "RestartAllContainers")),
      exitCodes: (value, place) =>
        isSet(value)
          ? fields({ operator: required(oneOf("In", "NotIn")), values: most(255, "values") })(value, place)
          : required()(value, place),
    }),
  ),
  ofSet((value, { path, holder }) =>
    Array.isArray(value) && value.length > 0 && !isSet(holder["restartPolicy"])
      ? [
          missing(
            path.replace(/restartPolicyRules$/, "restartPolicy"),
            "rules of restarts require a restartPolicy",
            "set restartPolicy",
          ),
        ]
      : [],
  ),
);

const COMMON = {
  name: required(LABEL_NAME),
  image: IMAGE,
  imagePullPolicy: optional(oneOf("Always", "IfNotPresent", "Never")),
  terminationMessagePolicy: optional(oneOf("File", "FallbackToLogsOnError")),
  restartPolicy: RESTARTS,
  restartPolicyRules: RESTART_RULES,
  env: VARIABLES,
  envFrom: VARIABLE_SOURCES,
  ports: PORTS,
  volumeMounts: MOUNTS,
  volumeDevices: DEVICES,
  resources: CONTAINER_RESOURCES,
  resizePolicy: RESIZE,
  securityContext: CONTAINER_SECURITY,
};
const WHOLE = [isPrivilegedEnough, deviceOrMount];

export const CONTAINER: Rule = fields({ ...COMMON, ...PROBES }, ...WHOLE);
export const INIT_CONTAINER: Rule = fields({ ...COMMON, ...INIT_PROBES }, ...WHOLE, (value, { path }) => {
  const container = mapping(value);
  if (container["restartPolicy"] === "Always") return [];
  return itemsOf(container, "resizePolicy", path)
    .filter(({ item }) => item["restartPolicy"] === "RestartContainer")
    .map(({ at }) =>
      invalid(`${at}.restartPolicy`, "an init container restarts for a resize only as a sidecar", "write NotRequired"),
    );
});
