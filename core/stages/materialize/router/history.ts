import { KINDS } from "../../../contract/kinds.ts";
import { ANNOTATION, nameOf } from "../../../contract/names.ts";
import { type JsonObject, listOf, objectOf, objectsOf } from "../../../kubernetes/json.ts";
import type { KubernetesObject } from "../../../kubernetes/objects.ts";
import { containerNamed, MAIN } from "../../../kubernetes/workloads/pods.ts";
import { podSpecsOf } from "../../../kubernetes/workloads/workloads.ts";
import type { MaterializeContext } from "../context.ts";
import { POOL_ALPHA, POOL_V1 } from "./route/backends.ts";

/**
 * What a service's own objects in the cluster, if they are known, show about its past. KServe continues from there, so
 * a plan that takes over from it must not go back.
 */

/**
 * Whether the service's route leads to the v1 pool already, or must from now on: a gateway has resolved that backend,
 * or has refused the older one. This is never reversed. Source: expectedHTTPRoute in router.go and isBackendSupported
 * in router_discovery.go, KServe v0.20.0.
 */
export function isPoolMigrated({ service, known, behaviour }: MaterializeContext): boolean {
  if (behaviour.history === "ignored") return false;
  const { namespace, name } = service.metadata;
  const route = known.get(KINDS.HTTPRoute.apiVersion, KINDS.HTTPRoute.kind, namespace, nameOf(name, "route"));
  if (route === undefined) return false;
  if (route.metadata.annotations?.[ANNOTATION.poolMigrated] === "v1") return true;
  return (
    (leadsTo(route, POOL_V1) && resolution(route) === true) ||
    (leadsTo(route, POOL_ALPHA) && resolution(route) === false)
  );
}

function leadsTo(route: KubernetesObject, group: string): boolean {
  const spec = objectOf(route["spec"]);
  const backends = objectsOf(spec["rules"]).flatMap((rule) => objectsOf(rule["backendRefs"]));
  return backends.some((backend) => backend["kind"] === "InferencePool" && backend["group"] === group);
}

/** Whether a gateway of the route supports its kind of backend; undefined if none has reported it. */
function resolution(route: KubernetesObject): boolean | undefined {
  const parents = objectsOf(objectOf(route["status"])["parents"]).filter((parent) => isParent(route, parent));
  const given = parents.flatMap(({ conditions }) =>
    objectsOf(conditions).filter(({ type }) => type === "ResolvedRefs"),
  );
  const refused = given.filter(({ status, reason }) => status === "False" && reason === "InvalidKind");
  if (given.length > refused.length) return true;
  return refused.length > 0 ? false : undefined;
}

function isParent(route: KubernetesObject, { parentRef }: JsonObject): boolean {
  const wanted = objectsOf(objectOf(route["spec"])["parentRefs"]);
  const keyOf = ({ namespace = route.metadata.namespace, name, sectionName = "", port = 0 }: JsonObject): string =>
    JSON.stringify([namespace, name, sectionName, port]);
  return wanted.length === 0 || wanted.some((ref) => keyOf(ref) === keyOf(objectOf(parentRef)));
}

/** The arguments of the main container of the running scheduler. */
export function runningSchedulerArgs({ service, known, behaviour }: MaterializeContext): string[] {
  if (behaviour.history === "ignored") return [];
  const { namespace, name } = service.metadata;
  const deployment = known.get(
    KINDS.Deployment.apiVersion,
    KINDS.Deployment.kind,
    namespace,
    nameOf(name, "scheduler"),
  );
  const [pod = {}] = deployment === undefined ? [] : podSpecsOf(deployment);
  return listOf(containerNamed(pod, MAIN)?.args).map(String);
}
