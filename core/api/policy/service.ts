import { DNS_LABEL } from "../../kubernetes/dns.ts";
import { DRA } from "../dra.ts";
import { KSERVE, matches, ofSpec, type PolicyCheck, text } from "./checks.ts";

const ROUTE = "object.spec.?router.?route";
const REFS = "object.spec.?router.?gateway.?refs.orValue([])";
const PARENTS = `${ROUTE}.?http.?spec.?parentRefs.orValue([])`;
const KEY = "[ref.?namespace.orValue(''), ref.?name.orValue(''), ref.?sectionName.orValue('')].join(' ')";

const ROUTES: readonly PolicyCheck[] = [
  {
    rule: "a route is either referred to or written inline",
    path: "spec.router.route.http",
    expression: `size(${ROUTE}.?http.?refs.orValue([])) == 0 || !${ROUTE}.?http.?spec.hasValue()`,
    message: "refs and spec cannot be set together",
  },
  {
    rule: "existing routes need existing gateways",
    path: "spec.router.route.http.refs",
    expression: `size(${ROUTE}.?http.?refs.orValue([])) == 0 || !object.spec.?router.?gateway.hasValue() || size(${REFS}) > 0`,
    message: "existing routes cannot be attached to the managed gateway (spec.router.gateway without refs)",
  },
  {
    rule: "parentRefs agree with the gateway's refs",
    path: "spec.router.route.http.spec",
    expression: `size(${PARENTS}) == 0 || size(${REFS}) == 0 || (size(${PARENTS}) == size(${REFS}) && sets.equivalent(${PARENTS}.map(ref, ${KEY}), ${REFS}.map(ref, ${KEY})))`,
    message: "parentRefs differ from spec.router.gateway.refs",
  },
  ...(
    [
      [
        "!has(object.spec.router.ingress)",
        "group and weight require a managed HTTPRoute: an Ingress cannot split traffic",
      ],
      [
        "has(object.spec.router.route.weight) == has(object.spec.router.route.group)",
        "group and weight must be set together",
        KSERVE,
      ],
      [`size(${ROUTE}.?http.?refs.orValue([])) == 0`, "group and weight cannot be combined with existing routes"],
    ] as const
  ).map(([expression, message, only]) => ({
    rule: "a group and a weight are set together, on managed routes",
    path: "spec.router.route.group",
    expression: `!(${ROUTE}.?group.hasValue() || ${ROUTE}.?weight.hasValue()) || ${expression}`,
    message,
    ...(only && { only }),
  })),
];

const CONFIG = "object.spec.?router.?scheduler.?config";
const SCHEDULER_REPLICAS: PolicyCheck = {
  rule: "a scheduler has at least one replica",
  path: "spec.router.scheduler.replicas",
  expression: "object.spec.?router.?scheduler.?replicas.orValue(1) > 0",
  message: "the scheduler must have at least 1 replica",
};
const SCHEDULER: readonly PolicyCheck[] = [
  SCHEDULER_REPLICAS,
  ...(
    [
      [
        "has(object.spec.router.scheduler.config.inline) || has(object.spec.router.scheduler.config.ref)",
        "one of inline and ref is required",
        KSERVE,
      ],
      [
        "!has(object.spec.router.scheduler.config.inline) || !has(object.spec.router.scheduler.config.ref)",
        "inline and ref are both set",
      ],
      [`${CONFIG}.?inline.orValue({'set': ''}) != {}`, "the inline configuration is empty"],
      [
        `!${CONFIG}.?ref.hasValue() || ${CONFIG}.?ref.?name.orValue('') != ''`,
        "the name of the ConfigMap is empty",
        KSERVE,
      ],
    ] as const
  ).map(([expression, message, only]) => ({
    rule: "a scheduler's configuration has one source",
    path: "spec.router.scheduler.config",
    expression: `!${CONFIG}.hasValue() || (${expression})`,
    message,
    ...(only && { only }),
  })),
];

const ADAPTERS = "object.spec.?model.?lora.?adapters.orValue([])";
const BASE = "object.spec.?model.?name.orValue(object.metadata.?name.orValue(''))";
const KEY_ID = "object.spec.?model.?confidential.?resourceId.orValue('')";
const MODEL: readonly PolicyCheck[] = [
  ...["maxRank", "maxAdapters", "maxCpuAdapters"].map((limit) => ({
    rule: "LoRA limits are positive",
    path: `spec.model.lora.${limit}`,
    expression: `object.spec.?model.?lora.?${limit}.orValue(1) >= 1`,
    message: `${limit} must be at least 1`,
  })),
  ...(
    [
      ["adapter.?name.orValue('') != ''", "an adapter must have a name"],
      ["!(adapter.?name.orValue('') in ['.', '..'])", "the name of an adapter would leave its folder"],
      [
        `${ADAPTERS}.exists_one(other, other.?name.orValue('') == adapter.?name.orValue(''))`,
        "adapters have unique names",
      ],
      [`adapter.?name.orValue('') != ${BASE}`, "an adapter does not have the name of the base model"],
    ] as const
  ).map(([expression, message]) => ({
    rule: "LoRA adapters have unique names",
    path: "spec.model.lora.adapters",
    expression: `${ADAPTERS}.all(adapter, ${expression})`,
    message,
  })),
  {
    rule: "the resourceId of confidential weights names a key of a key broker",
    path: "spec.model.confidential.resourceId",
    expression: `!object.spec.?model.?confidential.?enabled.orValue(false) || ${KEY_ID} == '' || ${matches(KEY_ID, /^kbs:[/]{3}[a-zA-Z0-9_.-]+[/][a-zA-Z0-9_.-]+[/][a-zA-Z0-9_.-]+$/)}`,
    message: "resourceId must be of the form kbs:///REPOSITORY/TYPE/TAG",
  },
];

/** An annotation, trimmed; '' without one. */
const optional = (key: string): string => `object.metadata.?annotations[?${text(key)}]`;
const trimmed = (key: string): string => `${optional(key)}.orValue('').trim()`;
const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

const DEVICES: readonly PolicyCheck[] = (
  [
    [
      DRA.deviceClass,
      `${optional(DRA.deviceClass)}.hasValue() || !(${[DRA.deviceCount, DRA.celSelector, DRA.containerName].map((key) => `${optional(key)}.hasValue()`).join(" || ")})`,
      "the annotations of managed devices have no effect without a device class",
    ],
    [
      DRA.deviceClass,
      `!${optional(DRA.deviceClass)}.hasValue() || (size(${trimmed(DRA.deviceClass)}) <= 253 && ${matches(trimmed(DRA.deviceClass), SUBDOMAIN)})`,
      "the name of a device class must be a DNS subdomain",
    ],
    [
      DRA.containerName,
      `!${optional(DRA.containerName)}.hasValue() || (size(${trimmed(DRA.containerName)}) <= 63 && ${matches(trimmed(DRA.containerName), DNS_LABEL)})`,
      "the name of a container must be a DNS label",
    ],
    [
      DRA.deviceCount,
      `${trimmed(DRA.deviceCount)} == '' || ${matches(trimmed(DRA.deviceCount), /^[+]?0*[1-9][0-9]{0,15}$/)}`,
      "the number of devices must be 1 or more",
    ],
    [
      DRA.celSelector,
      `!${optional(DRA.celSelector)}.hasValue() || ${trimmed(DRA.celSelector)} != ''`,
      "the selector contains no expression",
    ],
  ] as const
).map(([key, expression, message]) => ({
  rule: "annotations of a managed device claim can be read",
  path: `metadata.annotations[${key}]`,
  expression,
  message,
}));

export const SERVICE_CHECKS: readonly PolicyCheck[] = [...[...ROUTES, ...SCHEDULER, ...MODEL].map(ofSpec), ...DEVICES];

export const CONFIG_CHECKS: readonly PolicyCheck[] = [
  {
    rule: "a config does not refer to other configs",
    path: "spec.baseRefs",
    expression: "size(object.spec.?baseRefs.orValue([])) == 0",
    message: "a config cannot build on other configs",
  },
  SCHEDULER_REPLICAS,
].map(ofSpec);
