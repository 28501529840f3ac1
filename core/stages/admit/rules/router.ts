import type { Finding } from "../../../contract/issues/issue.ts";
import { isObject, type Json, listOf } from "../../../kubernetes/json.ts";
import type { Judgement, Rule, Subject } from "../rule.ts";

const CROSS = "validateRouterCrossFieldConstraints, llm_inference_service_validation.go, KServe v0.20.0";
const TRAFFIC = "validateTrafficFields, llm_inference_service_validation.go, KServe v0.20.0";
const SCHEDULER = "validateSchedulerConfig, llm_inference_service_validation.go, KServe v0.20.0";
const ROUTE = "spec.router.route";
const SCHED = "spec.router.scheduler";
/** The shortest text that can be a configuration: KServe counts the JSON's characters. */
const SHORTEST_INLINE = 3;

export const ROUTER_RULES: readonly Rule[] = [
  {
    name: "a route is either referred to or written inline",
    source: CROSS,
    judge: ({ spec }) => {
      const { refs = [], spec: inline } = spec.router?.route?.http ?? {};
      if (refs.length === 0 || inline === undefined) return [];
      return [
        {
          code: "Conflict",
          path: `${ROUTE}.http`,
          message: `refs (${ROUTE}.http.refs) and spec (${ROUTE}.http.spec) cannot be set together`,
          fix: "keep refs to use existing routes, or spec to create a route",
        },
      ];
    },
  },
  {
    name: "existing routes need existing gateways",
    source: CROSS,
    judge: ({ spec }) => {
      const { route, gateway } = spec.router ?? {};
      const refs = route?.http?.refs ?? [];
      if (refs.length === 0 || gateway === undefined || (gateway.refs ?? []).length > 0) return [];
      return [
        {
          code: "Conflict",
          path: `${ROUTE}.http.refs`,
          message: "existing routes cannot be attached to the managed gateway (spec.router.gateway without refs)",
          fix: `remove ${ROUTE}.http.refs, or set spec.router.gateway.refs`,
        },
      ];
    },
  },
  { name: "parentRefs agree with the gateway's refs", source: CROSS, judge: judgeParentRefs },
  { name: "a group and a weight are set together, on managed routes", source: TRAFFIC, judge: judgeTraffic },
  {
    name: "a scheduler has at least one replica",
    source: SCHEDULER,
    judge: ({ spec }) => {
      const replicas = spec.router?.scheduler?.replicas;
      if (replicas === undefined || replicas === null || replicas > 0) return [];
      const message = `the scheduler has ${replicas} replicas, but needs at least 1`;
      return [{ code: "InvalidValue", path: `${SCHED}.replicas`, message, fix: "write 1 or more" }];
    },
  },
  { name: "a scheduler's configuration has one source", source: SCHEDULER, judge: judgeConfig },
];

function judgeParentRefs({ spec, version }: Subject): Judgement {
  const { route, gateway } = spec.router ?? {};
  const parentRefs = listOf(route?.http?.spec?.["parentRefs"]);
  const refs = gateway?.refs ?? [];
  if (parentRefs.length === 0 || refs.length === 0) return {};
  const path = `${ROUTE}.http.spec`;
  const agree = sameKeys(parentRefs.map(refKey), refs.map(refKey));
  if (agree && version === "v1alpha2") {
    const message = "parentRefs have no effect: they follow from spec.router.gateway.refs";
    return { warnings: [{ code: "UnusedField", path: `${path}.parentRefs`, message, fix: "remove parentRefs" }] };
  }
  const message = agree
    ? "parentRefs and spec.router.gateway.refs cannot be set together in v1alpha1"
    : "parentRefs differ from spec.router.gateway.refs (name, namespace and sectionName are compared)";
  return {
    errors: [{ code: "Conflict", path, message, fix: `remove ${path}.parentRefs or spec.router.gateway.refs` }],
  };
}

function refKey(ref: unknown): string {
  const { name = "", namespace = "", sectionName = "" } = isObject(ref) ? ref : {};
  return JSON.stringify([namespace, name, sectionName]);
}

function sameKeys(some: readonly string[], others: readonly string[]): boolean {
  return JSON.stringify([...some].sort()) === JSON.stringify([...others].sort());
}

function judgeTraffic({ spec }: Subject): Finding[] {
  const { route, ingress } = spec.router ?? {};
  const { group, weight, http } = route ?? {};
  if (group === undefined && weight === undefined) return [];
  if (ingress !== undefined) {
    const message = "group and weight require a managed HTTPRoute: an Ingress cannot split traffic";
    return [
      { code: "Conflict", path: `${ROUTE}.group`, message, fix: "remove spec.router.ingress, or group and weight" },
    ];
  }
  if (group === undefined) return [missing("group", "weight")];
  if (weight === undefined) return [missing("weight", "group")];
  if ((http?.refs ?? []).length === 0) return [];
  const message =
    "group and weight cannot be combined with existing routes (route.http.refs), whose rules are not managed";
  return [{ code: "Conflict", path: `${ROUTE}.group`, message, fix: "use route.http.spec or route.http: {}" }];
}

function missing(field: string, present: string): Finding {
  const message = `${present} requires ${field}`;
  return { code: "MissingField", path: `${ROUTE}.${field}`, message, fix: `set ${field}, or remove ${present}` };
}

function judgeConfig({ spec }: Subject): Finding[] {
  const config = spec.router?.scheduler?.config;
  if (config === undefined) return [];
  const { inline, ref } = config as { inline?: Json; ref?: { name?: string } };
  const path = `${SCHED}.config`;
  const findings: Finding[] = [];
  if (inline === undefined && ref === undefined) {
    const message = "either inline or ref is required";
    findings.push({ code: "MissingField", path, message, fix: "set inline or ref, or remove config" });
  }
  if (inline !== undefined && ref !== undefined) {
    const message = "inline and ref cannot both be set";
    findings.push({ code: "Conflict", path, message, fix: "remove inline or ref" });
  }
  if (inline !== undefined && (JSON.stringify(inline) ?? "").length < SHORTEST_INLINE) {
    const message = "the configuration is empty";
    findings.push({ code: "InvalidValue", path: `${path}.inline`, message, fix: "write an EndpointPickerConfig" });
  }
  if (ref !== undefined && (ref.name ?? "") === "") {
    const message = "the name of the ConfigMap is empty";
    findings.push({ code: "MissingField", path: `${path}.ref.name`, message, fix: "set the name of the ConfigMap" });
  }
  return findings;
}
