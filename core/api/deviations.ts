import type { Overlay } from "../kubernetes/schema/overlay.ts";

/**
 * Where a CRD says other than the zod schemas and the published types do, and why. Source: the CRDs of KServe v0.20.0.
 */
const ROUTE = "router.route.http.spec";
const RULE_FILTERS = [`${ROUTE}.rules[].filters[]`, `${ROUTE}.rules[].backendRefs[].filters[]`];
const POOL_LABELS = "router.scheduler.pool.spec.selector.matchLabels";
const HEADER_LISTS = ["requestHeaderModifier", "responseHeaderModifier"].flatMap((one) => [`${one}.add`, `${one}.set`]);

/** Configs hold templates, so these fields take any text there. */
export const CONFIG_DEVIATIONS: readonly Overlay[] = [
  { at: `${ROUTE}.parentRefs[].namespace`, set: { pattern: undefined } },
  { at: `${ROUTE}.rules[].filters[].urlRewrite.path`, set: { "x-kubernetes-validations": undefined } },
  { at: `${ROUTE}.rules[].matches[].headers[].name`, set: { pattern: undefined } },
  { at: `${ROUTE}.rules[].matches[].path`, set: { "x-kubernetes-validations": undefined } },
  { at: POOL_LABELS, set: { minProperties: undefined, maxProperties: undefined } },
  { at: `${POOL_LABELS}{}`, set: { minLength: undefined, maxLength: undefined, pattern: undefined } },
];

/** KServe takes Gateway API's types from their Go code, which says less than the CRDs that Gateway API publishes. */
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

/**
 * KServe's mistake: the rule reads keys that need not be there, so `advanced` is refused unless the user writes the very
 * fields that the same rule forbids. The second rule breaks in the same way without a name.
 */
const KEDA_MISTAKE: readonly Overlay[] = ["", "prefill."].map((workload) => ({
  at: `${workload}scaling.wva.keda`,
  set: {
    "x-kubernetes-validations": [
      {
        rule: `!has(self.advanced) || (${["formula", "target", "activationTarget", "metricType"].map((field) => `size(self.advanced.scalingModifiers.${field}) == 0`).join(" && ")})`,
        message: "scalingModifiers is not the user's to set: the variant autoscaler owns the metric",
      },
      {
        rule: "!has(self.advanced) || !has(self.advanced.horizontalPodAutoscalerConfig) || size(self.advanced.horizontalPodAutoscalerConfig.name) == 0",
        message: "horizontalPodAutoscalerConfig.name is not the user's to set: the name is derived from the service's",
      },
    ],
  },
}));

/** What another layer may still give is no mistake of ours, but is one in KServe's CRD. */
const KSERVE_NEEDED: readonly Overlay[] = ["", "prefill."].flatMap((workload): Overlay[] => [
  {
    at: `${workload}scaling`,
    addRules: [
      { rule: "has(self.wva)", message: "wva is needed: it says what does the scaling" },
      {
        rule: "!has(self.wva) || !has(self.wva.keda) || !has(self.wva.keda.idleReplicaCount) || has(self.minReplicas)",
        message: "idleReplicaCount needs minReplicas, and must be below it",
      },
    ],
  },
  {
    at: `${workload}scaling.wva`,
    addRules: [
      { rule: "has(self.hpa) || has(self.keda)", message: "one of hpa and keda is needed: it does the scaling" },
    ],
  },
]);

/** KServe's CRD does not judge the adapters of a model at all; its webhooks do. */
const KSERVE_ADAPTERS: Overlay = { at: "model.lora.adapters[]", set: { required: undefined } };

export const KSERVE_DEVIATIONS: readonly Overlay[] = [
  { at: "", set: { required: undefined } },
  { at: "router.scheduler.config.ref", set: { required: ["key"] } },
  { at: "router.scheduler.replicas", set: { minimum: undefined } },
  KSERVE_ADAPTERS,
  ...KSERVE_ROUTE,
  ...KEDA_MISTAKE,
  ...KSERVE_NEEDED,
];
export const KSERVE_CONFIG_DEVIATIONS: readonly Overlay[] = [{ at: "model", set: { required: ["uri"] } }];

/** Once references are resolved, the scheduler's configuration may be the text of a ConfigMap. */
export const MERGED_DEVIATIONS: readonly Overlay[] = [
  { at: "router.scheduler.config.inline", set: { type: undefined } },
];
