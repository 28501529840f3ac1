import { z } from "zod";
import { embedded, inCrd, localRef, namespaceName, objectName, podSpec, sectionName, stringMap } from "./atoms.ts";

const objectRef = z.strictObject({
  name: objectName.optional().describe("Name of the object."),
  namespace: namespaceName.optional().describe("Namespace of the object. Default: the namespace of the service."),
});

const schedulerConfig = inCrd(
  z.strictObject({
    /** An EndpointPickerConfig; the text of a ConfigMap after references are resolved. */
    inline: inCrd(
      z.unknown().optional().describe("EndpointPickerConfig, written inline. Cannot be combined with `ref`."),
      {
        type: "object",
        "x-kubernetes-preserve-unknown-fields": true,
      },
    ),
    ref: inCrd(
      z.strictObject({
        name: z.string().optional().describe("Name of the ConfigMap."),
        key: z.string().optional().describe("Key of the ConfigMap. Default: epp."),
        optional: z.boolean().optional().describe("Not used."),
      }),
      { "x-kubernetes-map-type": "atomic" },
    )
      .optional()
      .describe("ConfigMap that holds the EndpointPickerConfig. Cannot be combined with `inline`."),
  }),
  {
    "x-kubernetes-validations": [
      {
        rule: "!(has(self.inline) && has(self.ref))",
        message: "inline and ref cannot both be set: keep one of them",
        coveredBy: "a scheduler's configuration has one source",
        added: true,
      },
    ],
  },
);
/** A tokenizer that schedulers call over HTTP, in a separate pod. */
const tokenizer = z.strictObject({
  template: podSpec.optional().describe("Pod template of the tokenizer. It is merged over the template of the preset."),
});
export const scheduler = z.strictObject({
  pool: z
    .strictObject({
      spec: embedded("InferencePoolSpec").optional(),
      ref: localRef.optional().describe("Existing InferencePool. No scheduler is created then."),
    })
    .optional()
    .describe("InferencePool that the scheduler serves. Default: a new pool that selects the pods of the service."),
  labels: stringMap.optional().describe("Labels of the scheduler pods."),
  annotations: stringMap.optional().describe("Annotations of the scheduler pods."),
  template: podSpec.optional().describe("Pod template of the scheduler. It is merged over the template of the preset."),
  config: schedulerConfig
    .optional()
    .describe("Configuration of the scheduler. Default: the configuration of the preset."),
  replicas: z
    .int()
    .min(1)
    .optional()
    .describe("Number of scheduler pods, at least 1. One of them is the leader. Default: 1."),
  tokenizer: tokenizer
    .optional()
    .describe(
      "Tokenizer of the scheduler, a Deployment with a Service. {} creates the tokenizer of the preset. Default: a tokenizer if a plugin of `config` needs one.",
    ),
});
const REFS = "has(self.http) && has(self.http.refs) && size(self.http.refs) > 0";
const route = inCrd(
  z.strictObject({
    http: z
      .strictObject({
        refs: z
          .array(localRef)
          .optional()
          .describe(
            "Existing HTTPRoutes. No HTTPRoute is created then. Cannot be combined with `spec` or with `group`.",
          ),
        spec: embedded("HTTPRouteSpec").optional(),
      })
      .optional()
      .describe("HTTPRoute of the service: existing ones (`refs`), or the spec of the one that is created (`spec`)."),
    group: z
      .string()
      .min(1)
      .max(63)
      .regex(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/)
      .optional()
      .describe(
        "Name of a routing group. The services of a group share its traffic by their weights. Requires `weight`.",
      ),
    weight: z
      .int()
      .min(0)
      .max(1_000_000)
      .optional()
      .describe(
        "Share of the traffic of its group that the service gets, relative to the weights of the others: 0 to 1000000. Requires `group`.",
      ),
  }),
  {
    "x-kubernetes-validations": [
      {
        rule: `!(${REFS} && has(self.http.spec))`,
        message: "http.refs and http.spec cannot both be set: keep one of them",
        coveredBy: "a route is either referred to or written inline",
        added: true,
      },
      {
        rule: `!(${REFS} && has(self.group))`,
        message: "group and weight cannot be combined with existing routes (http.refs)",
        coveredBy: "a group and a weight are set together, on managed routes",
        added: true,
      },
    ],
  },
);
const gatewayRef = objectRef.extend({
  sectionName: sectionName.optional().describe("Name of a listener of the Gateway. Default: all listeners."),
});
export const router = inCrd(
  z.strictObject({
    route: route
      .optional()
      .describe("HTTPRoute that leads to the service. {} creates an HTTPRoute with the rules of the preset."),
    gateway: z
      .strictObject({ refs: z.array(gatewayRef).optional().describe("Existing Gateways.") })
      .optional()
      .describe("Gateways that the route attaches to. Default: the Gateway of the platform settings."),
    ingress: z
      .strictObject({ refs: z.array(objectRef).optional().describe("Existing Ingresses.") })
      .optional()
      .describe("Not used. Setting it is reported as UnusedField."),
    scheduler: scheduler
      .optional()
      .describe(
        "Scheduler (endpoint picker), which chooses a pod for each request. {} creates the scheduler of the preset. Without it, requests go to any pod.",
      ),
  }),
  {
    "x-kubernetes-validations": [
      {
        rule: "!(has(self.ingress) && has(self.route) && (has(self.route.group) || has(self.route.weight)))",
        message: "group and weight require a managed HTTPRoute: an ingress cannot split traffic",
        coveredBy: "a group and a weight are set together, on managed routes",
        added: true,
      },
    ],
  },
);
export type SchedulerSpec = z.infer<typeof scheduler>;
export type GatewayRef = z.infer<typeof gatewayRef>;
