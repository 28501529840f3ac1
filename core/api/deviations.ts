import type { Overlay } from "../kubernetes/schema/overlay.ts";
import type { CelRule } from "../kubernetes/schema/schema.ts";

/**
 * Where a CRD differs from the zod schemas and the published types, and why. Source: the CRDs of KServe v0.20.0 and
 * v0.21.
 */
const ROUTE = "router.route.http.spec";
const RULE_FILTERS = [`${ROUTE}.rules[].filters[]`, `${ROUTE}.rules[].backendRefs[].filters[]`];
const POOL_LABELS = "router.scheduler.pool.spec.selector.matchLabels";
const HEADER_LISTS = ["requestHeaderModifier", "responseHeaderModifier"].flatMap((one) => [`${one}.add`, `${one}.set`]);

/** Configs contain templates, so these fields accept any text there. */
const CONFIG_DEVIATIONS: readonly Overlay[] = [
  { at: `${ROUTE}.parentRefs[].namespace`, set: { pattern: undefined } },
  { at: `${ROUTE}.rules[].filters[].urlRewrite.path`, set: { "x-kubernetes-validations": undefined } },
  { at: `${ROUTE}.rules[].matches[].headers[].name`, set: { pattern: undefined } },
  { at: `${ROUTE}.rules[].matches[].path`, set: { "x-kubernetes-validations": undefined } },
  { at: POOL_LABELS, set: { minProperties: undefined, maxProperties: undefined } },
  { at: `${POOL_LABELS}{}`, set: { minLength: undefined, maxLength: undefined, pattern: undefined } },
];

/**
 * KServe generates Gateway API's types from their Go code, which has fewer rules than the CRDs that Gateway API
 * publishes.
 */
const KSERVE_ROUTE: readonly Overlay[] = [
  { at: `${ROUTE}.parentRefs`, set: { "x-kubernetes-validations": undefined } },
  { at: `${ROUTE}.rules`, withoutRules: /^Rule name must be unique/ },
  { at: `${ROUTE}.rules[].matches[].headers[].value`, set: { pattern: undefined } },
  ...RULE_FILTERS.flatMap((filter): Overlay[] => [
    { at: filter, withoutRules: /externalAuth/ },
    {
      at: `${filter}.type`,
      set: {
        enum: [
          "RequestHeaderModifier",
          "ResponseHeaderModifier",
          "RequestMirror",
          "RequestRedirect",
          "URLRewrite",
          "ExtensionRef",
          "CORS",
        ],
      },
    },
    ...HEADER_LISTS.map((list): Overlay => ({ at: `${filter}.${list}[].value`, set: { pattern: undefined } })),
  ]),
];

const WORKLOADS = ["", "prefill."] as const;
/** Fields of `scalingModifiers` that the variant autoscaler sets. */
export const MODIFIERS = ["formula", "target", "activationTarget", "metricType"];
const MODIFIERS_OWNED = "scalingModifiers must not be set: the variant autoscaler determines the metric";
const HPA_NAME_MISTAKE: CelRule = {
  rule: "!has(self.advanced) || !has(self.advanced.horizontalPodAutoscalerConfig) || size(self.advanced.horizontalPodAutoscalerConfig.name) == 0",
  message: "horizontalPodAutoscalerConfig.name must not be set: it is derived from the name of the service",
};

/**
 * A mistake of KServe: these rules read optional keys, so `advanced` is refused unless the user writes exactly the
 * fields that they forbid.
 */
function modifiersMistake(keda: string): CelRule {
  const at = `${keda}.advanced`;
  const unset = MODIFIERS.map((field) => `size(${at}.scalingModifiers.${field}) == 0`).join(" && ");
  const guard = keda === "self" ? "" : `!has(${keda}) || `;
  return { rule: `${guard}!has(${at}) || (${unset})`, message: MODIFIERS_OWNED };
}

const REQUIRED_ACTUATOR: CelRule = {
  rule: "has(self.hpa) || has(self.keda)",
  message: "either hpa or keda must be set: it selects the autoscaler",
};

function idleNeedsMinimum(keda: string): CelRule {
  const guards = keda === "wva.keda" ? ["wva", "wva.keda"] : ["keda"];
  return {
    rule: [
      ...guards.map((field) => `!has(self.${field})`),
      `!has(self.${keda}.idleReplicaCount)`,
      "has(self.minReplicas)",
    ].join(" || "),
    message: "idleReplicaCount requires minReplicas, and must be below it",
  };
}

/** Fields that were added in KServe v0.21. */
const WITHOUT_0_21: readonly Overlay[] = [
  { at: "router.scheduler", withoutFields: ["tokenizer"] },
  ...WORKLOADS.flatMap((workload): Overlay[] => [
    { at: workload === "" ? "" : "prefill", withoutFields: ["rolloutStrategy"] },
    { at: `${workload}scaling`, withoutFields: ["keda"] },
    { at: `${workload}scaling.wva.keda.idleReplicaCount`, set: { minimum: 1 } },
  ]),
];

/** A field that another layer may still set is optional here, but not in KServe's CRD. */
const SCALING_0_20: readonly Overlay[] = WORKLOADS.flatMap((workload): Overlay[] => [
  {
    at: `${workload}scaling.wva.keda`,
    set: { "x-kubernetes-validations": [modifiersMistake("self"), HPA_NAME_MISTAKE] },
  },
  {
    at: `${workload}scaling`,
    addRules: [
      { rule: "has(self.wva)", message: "wva is required: it selects the autoscaler" },
      idleNeedsMinimum("wva.keda"),
    ],
  },
  { at: `${workload}scaling.wva`, addRules: [REQUIRED_ACTUATOR] },
]);

const SCALING_0_21: readonly Overlay[] = WORKLOADS.flatMap((workload): Overlay[] => [
  { at: `${workload}scaling.wva.keda`, set: { "x-kubernetes-validations": [HPA_NAME_MISTAKE] } },
  { at: `${workload}scaling.wva`, addRules: [modifiersMistake("self.keda"), REQUIRED_ACTUATOR] },
  { at: `${workload}scaling.keda`, set: { "x-kubernetes-validations": [HPA_NAME_MISTAKE] } },
  { at: `${workload}scaling.keda.triggers[].type`, set: { minLength: undefined } },
  { at: `${workload}scaling.keda.triggers[].metricType`, set: { enum: undefined } },
  {
    at: `${workload}scaling`,
    addRules: [
      {
        rule: "has(self.wva) || has(self.keda)",
        message: "either wva or keda must be set: it selects the autoscaler",
      },
      { rule: "!(has(self.wva) && has(self.keda))", message: "wva and keda cannot both be set: choose one" },
      { rule: "!has(self.keda) || size(self.keda.triggers) > 0", message: "keda requires at least one trigger" },
      idleNeedsMinimum("wva.keda"),
      idleNeedsMinimum("keda"),
      {
        rule: "!has(self.keda) || !has(self.keda.idleReplicaCount) || !has(self.minReplicas) || self.keda.idleReplicaCount < self.minReplicas",
        message: "idleReplicaCount must be below minReplicas: it applies while no trigger is active",
      },
    ],
  },
]);

/** KServe's CRD does not judge the adapters of a model at all; its webhooks do. */
const KSERVE_ADAPTERS: Overlay = { at: "model.lora.adapters[]", set: { required: undefined } };

/** `runtime` and `trustRemoteCode` were added in the release v0.21.0, after the commit of the recorded cases. */
const KSERVE_LATER: Overlay = { at: "", withoutFields: ["runtime", "trustRemoteCode"] };

/** KServe removes the list of containers from the fields that its CRD requires of every pod except the tokenizer's. */
const TOKENIZER_0_21: Overlay = { at: "router.scheduler.tokenizer.template", set: { required: ["containers"] } };

const KSERVE: readonly Overlay[] = [
  KSERVE_LATER,
  { at: "", set: { required: undefined } },
  { at: "router.scheduler.config.ref", set: { required: ["key"] } },
  { at: "router.scheduler.replicas", set: { minimum: undefined } },
  KSERVE_ADAPTERS,
  ...KSERVE_ROUTE,
];
/** KServe's CRD accepts any text as a URI; Go's types, which read it later, are stricter. */
const KSERVE_CONFIG: readonly Overlay[] = [
  { at: "model", set: { required: ["uri"] } },
  { at: "model.uri", set: { format: undefined } },
  { at: "model.lora.adapters[].uri", set: { format: undefined } },
];

/**
 * KServe v0.21 judges templates of embedded types where they are expanded: its CRD of configs has no rules for texts
 * there.
 */
const OPEN_TO_TEMPLATES: readonly Overlay[] = [
  ROUTE,
  "router.scheduler.pool.spec",
  "router.scheduler.template",
  "router.scheduler.tokenizer.template",
  ...WORKLOADS.flatMap((workload) => [`${workload}template`, `${workload}worker`]),
].map((at) => ({
  at,
  withoutBelow: ["pattern", "minLength", "minItems", "minProperties", "x-kubernetes-validations"],
}));

/**
 * Whose CRDs are used: those of this package, with the fields of every release, or those of a release of KServe with
 * its mistakes.
 */
export const DIALECTS = ["own", "kserve-0.20", "kserve-0.21"] as const;
export type Dialect = (typeof DIALECTS)[number];

/** How the CRD of a dialect differs from the zod schemas: for both kinds, and for configs alone. */
export const DEVIATIONS: Readonly<Record<Dialect, { both: readonly Overlay[]; config: readonly Overlay[] }>> = {
  own: { both: [], config: CONFIG_DEVIATIONS },
  "kserve-0.20": {
    both: [...KSERVE, ...WITHOUT_0_21, ...SCALING_0_20],
    config: [...CONFIG_DEVIATIONS, ...KSERVE_CONFIG],
  },
  "kserve-0.21": {
    both: [...KSERVE, ...SCALING_0_21, TOKENIZER_0_21],
    config: [...CONFIG_DEVIATIONS, ...KSERVE_CONFIG, ...OPEN_TO_TEMPLATES],
  },
};

/** Once references are resolved, the scheduler's configuration may be the text of a ConfigMap. */
export const MERGED_DEVIATIONS: readonly Overlay[] = [
  { at: "router.scheduler.config.inline", set: { type: undefined } },
];
