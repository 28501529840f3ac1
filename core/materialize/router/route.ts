import { isObject } from "../../json.ts";
import { COMPONENT, labelsOf, nameOf } from "../../names.ts";
import type { KubernetesObject } from "../../spec/kubernetes.ts";
import type { MaterializeContext } from "../context.ts";
import { isDefaultPool, listOf, poolGroup, type Rule } from "./backends.ts";
import { ROUTING_GROUP_LABEL, withGroup } from "./group.ts";
import { withModelRouting } from "./modelrouting.ts";
import { GATEWAY_API } from "./references.ts";

/**
 * The HTTPRoute of the service's own; none where it refers to routes that exist, or asks for no route.
 * Source: expectedHTTPRoute in router.go, KServe v0.20.0.
 */
export function buildHttpRoute(context: MaterializeContext): KubernetesObject[] {
  const { service, spec } = context;
  const { name, namespace } = service.metadata;
  const route = spec.router?.route;
  if (!route?.http?.spec) return [];
  const passes: ((rules: Rule[]) => Rule[])[] = [
    (rules) => withModelRouting(rules, context),
    (rules) => (ownsPool(context) ? rules.map((rule) => leadingToPool(rule, context)) : rules),
    (rules) => withGroup(rules, context),
  ];
  const { rules: written, ...rest } = route.http.spec;
  const rules = passes.reduce((some, pass) => pass(some), listOf(written).filter(isObject));
  const labels = {
    ...labelsOf(name, COMPONENT.router),
    ...(route.group !== undefined && { [ROUTING_GROUP_LABEL]: route.group }),
  };
  return [
    {
      apiVersion: GATEWAY_API,
      kind: "HTTPRoute",
      metadata: { name: nameOf(name, "route"), namespace, labels },
      spec: { ...rest, ...(rules.length > 0 && { rules }) },
    },
  ];
}

function ownsPool({ spec }: MaterializeContext): boolean {
  const scheduler = spec.router?.scheduler;
  return scheduler !== undefined && scheduler !== null && !scheduler.pool?.ref?.name;
}

/** Backends that are the service's own pool, in the group of the API in which it is made first. */
function leadingToPool(rule: Rule, context: MaterializeContext): Rule {
  if (!Array.isArray(rule["backendRefs"])) return rule;
  const group = poolGroup(context.behaviour);
  const backendRefs = rule["backendRefs"].map((backend) =>
    isDefaultPool(backend, context.service) ? { ...backend, group } : backend,
  );
  return { ...rule, backendRefs };
}
