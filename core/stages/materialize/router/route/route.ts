import { typeMeta } from "../../../../contract/kinds.ts";
import { ANNOTATION, COMPONENT, LABEL, labelsOf, nameOf } from "../../../../contract/names.ts";
import { isObject, listOf } from "../../../../kubernetes/json.ts";
import type { KubernetesObject } from "../../../../kubernetes/objects.ts";
import type { MaterializeContext } from "../../context.ts";
import { refusal } from "../../issues.ts";
import { isPoolMigrated } from "../history.ts";
import { isDefaultPool, POOL_V1, poolGroup, type Rule } from "./backends.ts";
import { withGroup } from "./group.ts";
import { withModelRouting } from "./modelrouting.ts";

/**
 * The service's own HTTPRoute; none if the service refers to existing routes, or has no route. Source:
 * expectedHTTPRoute in router.go, KServe v0.20.0.
 */
export function buildHttpRoute(context: MaterializeContext): KubernetesObject[] {
  const { service, spec } = context;
  const { name, namespace } = service.metadata;
  const route = spec.router?.route;
  if (!route?.http?.spec) return [];
  const migrated = ownsPool(context) && isPoolMigrated(context);
  const group = migrated ? POOL_V1 : poolGroup(context.behaviour);
  const passes: ((rules: Rule[]) => Rule[])[] = [
    (rules) => withModelRouting(rules, context),
    (rules) => (ownsPool(context) ? rules.map((rule) => leadingToPool(rule, group, context)) : rules),
    (rules) => withGroup(rules, context),
  ];
  const { rules: written, ...rest } = route.http.spec;
  const rules = passes.reduce((some, pass) => pass(some), listOf(written).filter(isObject));
  checkLimits(rules, context);
  const labels = {
    ...labelsOf(name, COMPONENT.router),
    ...(route.group !== undefined && { [LABEL.routingGroup]: route.group }),
  };
  return [
    {
      ...typeMeta("HTTPRoute"),
      metadata: {
        name: nameOf(name, "route"),
        namespace,
        labels,
        ...(migrated && { annotations: { [ANNOTATION.poolMigrated]: "v1" } }),
      },
      spec: { ...rest, ...(rules.length > 0 && { rules }) },
    },
  ];
}

function ownsPool({ spec }: MaterializeContext): boolean {
  const scheduler = spec.router?.scheduler;
  return scheduler !== undefined && scheduler !== null && !scheduler.pool?.ref?.name;
}

/** Backends that are the service's own pool, in the group of one of its API versions. */
function leadingToPool(rule: Rule, group: string, context: MaterializeContext): Rule {
  if (!Array.isArray(rule["backendRefs"])) return rule;
  const backendRefs = rule["backendRefs"].map((backend) =>
    isDefaultPool(backend, context.service) ? { ...backend, group } : backend,
  );
  return { ...rule, backendRefs };
}

const MOST_MATCHES = { rule: 64, route: 128 } as const;

/**
 * The limits of the HTTPRoute API. Every adapter adds matches, and beyond the limits the API server would refuse the
 * route.
 */
function checkLimits(rules: readonly Rule[], { spec, report }: MaterializeContext): void {
  const counts = rules.map(({ matches }) => listOf(matches).length);
  const found = { rule: Math.max(0, ...counts), route: counts.reduce((sum, count) => sum + count, 0) };
  const hasAdapters = (spec.model.lora?.adapters ?? []).length > 0;
  const path = hasAdapters ? "spec.model.lora.adapters" : "spec.router.route.http.spec.rules";
  for (const scope of ["rule", "route"] as const) {
    if (found[scope] <= MOST_MATCHES[scope]) continue;
    const message = `a ${scope} of the HTTPRoute has ${found[scope]} matches${hasAdapters ? ", some for each adapter" : ""}, but at most ${MOST_MATCHES[scope]} are allowed`;
    const fix = `${hasAdapters ? "serve fewer adapters with one service, or " : ""}reduce the matches of the rules`;
    report(refusal("InvalidValue", path, message, fix));
  }
}
