import type { Issue } from "../../../contract/issues/issue.ts";
import { GATEWAY, typeMeta } from "../../../contract/kinds.ts";
import { asText, isObject, type JsonObject } from "../../../kubernetes/json.ts";
import type { KubernetesObject } from "../../../kubernetes/objects.ts";
import type { MaterializeContext } from "../context.ts";

interface Reference {
  apiVersion: string;
  kind: string;
  namespace: string;
  name: string;
  path: string;
}

/**
 * Looks up what the router refers to: gateways, routes, the gateways behind both, and a pool. Source:
 * validateRouterReferences in router_validation.go and EvaluateInferencePoolConditions in router.go, KServe v0.20.0.
 */
export function checkReferences(context: MaterializeContext): void {
  const { router } = context.spec;
  const { namespace } = context.service.metadata;
  (router?.gateway?.refs ?? []).forEach(({ name = "", namespace: own }, i) => {
    const path = `spec.router.gateway.refs[${i}]`;
    resolveReference({ ...GATEWAY, namespace: own || namespace, name, path }, context);
  });
  (router?.route?.http?.refs ?? []).forEach(({ name = "" }, i) => {
    const path = `spec.router.route.http.refs[${i}]`;
    const route = resolveReference({ ...typeMeta("HTTPRoute"), namespace, name, path }, context);
    if (route !== undefined) checkParents(route, path, context);
  });
  if (!router?.gateway?.refs?.length) checkManagedParents(context);
  const pool = router?.scheduler?.pool?.ref?.name;
  if (pool) {
    const path = "spec.router.scheduler.pool.ref";
    resolveReference({ ...typeMeta("InferencePool"), namespace, name: pool, path }, context);
  }
}

/** The service's own route; what follows from named gateways is looked up with those. */
function checkManagedParents(context: MaterializeContext): void {
  const { spec, service, settings, behaviour } = context;
  const path = "spec.router.route.http.spec";
  for (const { name, namespace, path: at } of parentsOf(
    spec.router?.route?.http?.spec,
    service.metadata.namespace,
    path,
  )) {
    const isPlatforms = name === settings.ingressGatewayName && namespace === settings.ingressGatewayNamespace;
    // The platform is responsible for its own gateway: a service knows only the settings of it.
    if (isPlatforms && behaviour.unknownReferences === "warning") continue;
    resolveReference({ ...GATEWAY, namespace, name, path: at }, context);
  }
}

/** An existing route is useless without an existing gateway. */
function checkParents(route: KubernetesObject, path: string, context: MaterializeContext): void {
  const { namespace, name } = route.metadata;
  const parents = parentsOf(route["spec"], namespace ?? "", path);
  for (const parent of parents) resolveReference({ ...GATEWAY, ...parent, path }, context);
  if (parents.length > 0) return;
  context.report({
    code: "InvalidValue",
    severity: context.behaviour.unknownReferences,
    path,
    layer: "merged",
    message: `HTTPRoute ${namespace}/${name} has no parentRefs, so no gateway serves it`,
    fix: "attach the route to a Gateway",
  });
}

function parentsOf(
  route: unknown,
  routeNamespace: string,
  path: string,
): { namespace: string; name: string; path: string }[] {
  const refs = isObject(route) && Array.isArray(route["parentRefs"]) ? route["parentRefs"] : [];
  return refs.filter(isObject).map(({ name, namespace }: JsonObject, i) => ({
    namespace: asText(namespace ?? routeNamespace),
    name: asText(name ?? ""),
    path: `${path}.parentRefs[${i}]`,
  }));
}

/** The referenced object. An unknown one is refused if references must be known, and reported otherwise. */
export function resolveReference(reference: Reference, context: MaterializeContext): KubernetesObject | undefined {
  const { apiVersion, kind, namespace, name, path } = reference;
  const found = context.known.get(apiVersion, kind, namespace, name);
  if (found === undefined) context.report(unresolved(`${kind} ${namespace}/${name}`, path, context));
  return found;
}

function unresolved(object: string, path: string, { behaviour }: MaterializeContext): Issue {
  const common = { code: "NotFound", path, layer: "merged" } as const;
  if (behaviour.unknownReferences === "error") {
    return {
      ...common,
      severity: "error",
      message: `${object} is not among the known objects`,
      fix: "create it, and pass it in `known` (-f), or name an existing one",
    };
  }
  const message = `${object} is not among the known objects, so it is not checked`;
  return { ...common, severity: "warning", message, fix: "pass the object in `known` (-f)" };
}
