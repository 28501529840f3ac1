import type { GatewayRef } from "../../api/router.ts";
import type { LLMInferenceService, LLMInferenceServiceSpec } from "../../api/service.ts";
import { GATEWAY } from "../../contract/kinds.ts";
import { nameOf } from "../../contract/names.ts";
import { isObject, type Json, type JsonObject } from "../../kubernetes/json.ts";
import { groupOf } from "../../kubernetes/objects.ts";

/**
 * Completes the HTTPRoute that the service creates: named gateways replace its parents, and rules that lead to the
 * default pool of the service lead to its Service if no scheduler runs, or to the referenced pool.
 */
export function completeRoute(spec: LLMInferenceServiceSpec, service: LLMInferenceService): LLMInferenceServiceSpec {
  const { router } = spec;
  const route = router?.route;
  const http = route?.http;
  if (!router || !http?.spec) return spec;
  const { gateway, scheduler } = router;
  const completed = {
    ...http.spec,
    ...(gateway?.refs?.length && { parentRefs: gateway.refs.map(parentOf) }),
    ...redirected(http.spec, scheduler ? poolBackend(scheduler.pool?.ref?.name) : serviceBackend(service), service),
  };
  return { ...spec, router: { ...router, route: { ...route, http: { ...http, spec: completed } } } };
}

/** Without a namespace the gateway is in the route's own namespace. */
function parentOf({ name = "", namespace, sectionName }: GatewayRef): JsonObject {
  return {
    group: groupOf(GATEWAY.apiVersion),
    kind: GATEWAY.kind,
    name,
    ...(namespace && { namespace }),
    ...(sectionName !== undefined && { sectionName }),
  };
}

function serviceBackend({ metadata }: LLMInferenceService): JsonObject {
  return { group: "", kind: "Service", name: nameOf(metadata.name, "workloadService") };
}

function poolBackend(name: string | undefined): JsonObject | undefined {
  return name ? { name } : undefined;
}

function redirected(
  route: JsonObject,
  target: JsonObject | undefined,
  service: LLMInferenceService,
): { rules?: Json[] } {
  const { rules } = route;
  if (target === undefined || !Array.isArray(rules)) return {};
  const pool = nameOf(service.metadata.name, "inferencePool");
  const redirect = (backend: Json): Json =>
    isObject(backend) && backend["kind"] === "InferencePool" && backend["name"] === pool
      ? { ...backend, ...target }
      : backend;
  return {
    rules: rules.map((rule) =>
      isObject(rule) && Array.isArray(rule["backendRefs"])
        ? { ...rule, backendRefs: rule["backendRefs"].map(redirect) }
        : rule,
    ),
  };
}
