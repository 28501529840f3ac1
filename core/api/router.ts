import { z } from "zod";
import { embedded, inCrd, localRef, namespaceName, objectName, podSpec, sectionName, stringMap } from "./atoms.ts";

const objectRef = z.strictObject({
  name: objectName.optional().describe("Name of the object."),
  namespace: namespaceName.optional().describe("Its namespace. Default: the service's."),
});

export const schedulerConfig = inCrd(
  z.strictObject({
    /** An EndpointPickerConfig; a ConfigMap's raw text once a ref is resolved. */
    inline: inCrd(z.unknown().optional().describe("The EndpointPickerConfig itself."), {
      type: "object",
      "x-kubernetes-preserve-unknown-fields": true,
    }),
    ref: inCrd(
      z.strictObject({
        name: z.string().optional().describe("Name of the ConfigMap."),
        key: z.string().optional().describe('Key of the ConfigMap. Default "epp".'),
        optional: z.boolean().optional().describe("Not used."),
      }),
      { "x-kubernetes-map-type": "atomic" },
    )
      .optional()
      .describe("A ConfigMap that holds the EndpointPickerConfig."),
  }),
  {
    "x-kubernetes-validations": [
      {
        rule: "!(has(self.inline) && has(self.ref))",
        message: "inline and ref exclude each other: keep one of them",
        coveredBy: "a scheduler's configuration has one source",
        added: true,
      },
    ],
  },
);
export const scheduler = z.strictObject({
  pool: z
    .strictObject({
      spec: embedded("InferencePoolSpec").optional(),
      ref: localRef.optional().describe("An InferencePool that exists; no scheduler is made then."),
    })
    .optional()
    .describe("The InferencePool. Default: one over the service's own pods."),
  labels: stringMap.optional().describe("Labels of the scheduler's pods."),
  annotations: stringMap.optional().describe("Annotations of the scheduler's pods."),
  template: podSpec.optional().describe("The scheduler's pods, merged over the preset's."),
  config: schedulerConfig.optional().describe("The scheduler's configuration. Default: the preset's."),
  replicas: z.int().min(1).optional().describe("Number of scheduler pods, 1 or more; one of them leads. Default 1."),
});
const REFS = "has(self.http) && has(self.http.refs) && size(self.http.refs) > 0";
export const route = inCrd(
  z.strictObject({
    http: z
      .strictObject({
        refs: z.array(localRef).optional().describe("HTTPRoutes that exist; none is made then."),
        spec: embedded("HTTPRouteSpec").optional(),
      })
      .optional()
      .describe("The HTTPRoute."),
    group: z
      .string()
      .min(1)
      .max(63)
      .regex(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/)
      .optional()
      .describe("Services of one group share their traffic by weight."),
    weight: z.int().min(0).max(1_000_000).optional().describe("This service's share of its group's traffic."),
  }),
  {
    "x-kubernetes-validations": [
      {
        rule: `!(${REFS} && has(self.http.spec))`,
        message: "http.refs and http.spec exclude each other: keep one of them",
        coveredBy: "a route is either referred to or written inline",
        added: true,
      },
      {
        rule: `!(${REFS} && has(self.group))`,
        message: "traffic cannot be shared by routes that exist already (http.refs)",
        coveredBy: "a group and a weight come together, on managed routes",
        added: true,
      },
    ],
  },
);
export const gatewayRef = objectRef.extend({
  sectionName: sectionName.optional().describe("A listener of the Gateway. Default: all of them."),
});
export const router = inCrd(
  z.strictObject({
    route: route.optional().describe("How requests reach the service. {} is an HTTPRoute with the preset's rules."),
    gateway: z
      .strictObject({ refs: z.array(gatewayRef).optional().describe("Gateways that exist.") })
      .optional()
      .describe("The Gateways the route attaches to. Default: the platform's."),
    ingress: z
      .strictObject({ refs: z.array(objectRef).optional().describe("Ingresses that exist.") })
      .optional()
      .describe("Not used yet."),
    scheduler: scheduler
      .optional()
      .describe("The endpoint picker. {} is the preset's; absent, requests go to any pod."),
  }),
  {
    "x-kubernetes-validations": [
      {
        rule: "!(has(self.ingress) && has(self.route) && (has(self.route.group) || has(self.route.weight)))",
        message: "traffic is shared by managed HTTPRoutes; an ingress cannot share it",
        coveredBy: "a group and a weight come together, on managed routes",
        added: true,
      },
    ],
  },
);
export type RouterSpec = z.infer<typeof router>;
export type SchedulerSpec = z.infer<typeof scheduler>;
export type GatewayRef = z.infer<typeof gatewayRef>;
