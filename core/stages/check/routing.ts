import { COMPONENT, LABEL } from "../../contract/names.ts";
import { isObject, type Json, type JsonObject } from "../../kubernetes/json.ts";
import type { KubernetesObject } from "../../kubernetes/objects.ts";
import { entryOf } from "../../kubernetes/table.ts";
import type { CheckFinding } from "./check.ts";

/**
 * The contract by which a request finds a pod: route → pool → picker and pods, or route → Service → pods. The builders hold it;
 * what a user writes over their defaults (`pool.spec`, `http.spec`, the scheduler's template) can break it, and every object
 * would still be accepted. Judged on the objects themselves.
 * Source: Gateway API inference extension v1 (InferencePool), Gateway API v1 (backendRefs).
 */
export const ROUTING_CODES = ["RoutingContract"] as const;

const POOL = "spec.router.scheduler.pool.spec";
const RULES = "spec.router.route.http.spec.rules";
const SCHEDULER = "spec.router.scheduler.template";

/** The objects of one service by what they are to a request. */
interface Path {
  pods: JsonObject[];
  services: KubernetesObject[];
  pools: KubernetesObject[];
  routes: KubernetesObject[];
  deployments: KubernetesObject[];
  /** Those of engines. */
  workloads: KubernetesObject[];
}

export function judgeRouting(objects: readonly KubernetesObject[]): CheckFinding[] {
  const ofKind = (...kinds: string[]): KubernetesObject[] => objects.filter(({ kind }) => kinds.includes(kind));
  const deployments = ofKind("Deployment");
  const path: Path = {
    pods: ofKind("Deployment", "LeaderWorkerSet").flatMap(podTemplates),
    services: ofKind("Service"),
    pools: ofKind("InferencePool"),
    routes: ofKind("HTTPRoute"),
    deployments,
    workloads: ofKind("Deployment", "LeaderWorkerSet").filter(
      ({ metadata }) => metadata.labels?.[LABEL.component] !== COMPONENT.scheduler,
    ),
  };
  return [
    ...path.pools.flatMap((pool) => [
      ...judgeSelector(pool, path),
      ...judgePicker(pool, path),
      ...judgeNamed(pool, path),
    ]),
    ...path.routes.flatMap((route) => judgeBackends(route, path)),
  ];
}

/** A pool is asked for prefill and decode alike, and hands out whatever pod it has: all that serve, and none that do not. */
function judgeSelector(pool: KubernetesObject, { pods, workloads }: Path): CheckFinding[] {
  const labels = objectAt(pool, "spec", "selector", "matchLabels");
  const fix = "leave the selector out: the preset's finds the pods that serve";
  const found = (message: string): CheckFinding =>
    finding(`${POOL}.selector`, `the InferencePool selects ${message}`, fix);
  if (!pods.some((pod) => matches(pod, labels)))
    return [found(`${show(labels)}, and no pod of the service has these labels: it stays empty`)];
  return workloads.flatMap((workload) => {
    const { kind, metadata } = workload;
    const [serving, ...followers] = podTemplates(workload);
    if (serving !== undefined && !matches(serving, labels))
      return [found(`${show(labels)}, which no pod of ${kind} ${metadata.name} has: they would get no requests`)];
    if (!followers.some((pod) => matches(pod, labels))) return [];
    return [found(`${show(labels)}, as the followers in ${kind} ${metadata.name} have it: they serve no requests`)];
  });
}

/** The picker that the pool names must be a Service that leads to the scheduler, on a port that it has. */
function judgePicker(pool: KubernetesObject, { services, pods }: Path): CheckFinding[] {
  const { name, port } = objectAt(pool, "spec", "endpointPickerRef");
  const at = `${POOL}.endpointPickerRef`;
  const service = services.find(({ metadata }) => metadata.name === name);
  if (service === undefined) return [];
  const number = isObject(port) ? port["number"] : undefined;
  const served = portsOf(service);
  const found: CheckFinding[] = [];
  if (typeof number === "number" && !served.includes(number)) {
    const message = `the pool asks its picker on port ${number}, and the scheduler's Service has ${served.join(", ") || "none"}`;
    found.push(finding(`${at}.port`, message, `write ${served[0] ?? "a port of the scheduler's container"}`));
  }
  const selector = objectAt(service, "spec", "selector");
  if (!pods.some((pod) => matches(pod, selector))) {
    const message = `the scheduler's Service selects ${show(selector)}, and no pod of the service has these labels`;
    found.push(finding("spec.router.scheduler.labels", message, "leave these labels to the plan"));
  }
  return found;
}

const POOL_NAME = /^--?(?:pool-name|poolName)(?:=(.*))?$/;

/** The scheduler watches the pool that its arguments name. */
function judgeNamed(pool: KubernetesObject, { deployments }: Path): CheckFinding[] {
  const named = deployments
    .flatMap(podTemplates)
    .flatMap((pod) => listAt(pod, "spec", "containers"))
    .flatMap((container) => poolIn([...listOf(container["command"]), ...listOf(container["args"])]) ?? []);
  if (named.length === 0 || named.includes(pool.metadata.name)) return [];
  const message = `the scheduler watches the pool ${named.join(", ")}, and the service's is ${pool.metadata.name}`;
  return [finding(SCHEDULER, message, `start it with --pool-name=${pool.metadata.name}, as the preset does`)];
}

/** A flag that stands twice is what it is the last time. */
function poolIn(words: readonly Json[]): string | undefined {
  const at = words.findLastIndex((word) => typeof word === "string" && POOL_NAME.test(word));
  if (at < 0) return undefined;
  return POOL_NAME.exec(String(words[at]))?.[1] ?? String(words[at + 1]);
}

/** A route of the service's own leads to its pool, or to its Service on a port that it has. */
function judgeBackends(route: KubernetesObject, { pools, services }: Path): CheckFinding[] {
  const backends = listAt(route, "spec", "rules").flatMap((rule) => listOf(rule["backendRefs"]).filter(isObject));
  const own = [...pools, ...services];
  const targets = backends.flatMap((backend) => {
    const { kind = "Service", name } = backend;
    const target = own.find((one) => one.kind === kind && one.metadata.name === name);
    return target === undefined ? [] : [{ backend, target }];
  });
  const wrong = targets.flatMap(({ backend: { port }, target }) => {
    const served = portsOf(target);
    if (target.kind !== "Service" || typeof port !== "number" || served.includes(port)) return [];
    const message = `the route sends requests to port ${port} of ${target.metadata.name}, which has ${served.join(", ")}`;
    return [finding(`${RULES}.backendRefs`, message, `write ${served[0]}`)];
  });
  const [pool] = pools;
  const wanted = pool ?? services[0];
  const isLed = targets.some(({ target }) => pool === undefined || target.kind === pool.kind);
  if (isLed || wanted === undefined) return wrong;
  const message = `no rule of the route leads to the ${wanted.kind} ${wanted.metadata.name}: requests go past ${pool ? "the scheduler" : "the service"}`;
  const fix = `add it to the backendRefs, or leave the rules out${pool ? "; without a scheduler remove router.scheduler" : ""}`;
  return [...wrong, finding(RULES, message, fix)];
}

function podTemplates({ spec }: KubernetesObject): JsonObject[] {
  const { template, leaderWorkerTemplate } = (spec ?? {}) as Record<string, JsonObject>;
  const groups = leaderWorkerTemplate ?? {};
  return [template, groups["leaderTemplate"], groups["workerTemplate"]].filter((one) => isObject(one));
}

function matches(pod: JsonObject, selector: JsonObject): boolean {
  const labels = objectAt(pod, "metadata", "labels");
  return Object.entries(selector).every(([key, value]) => entryOf(labels, key) === value);
}

function portsOf(service: KubernetesObject): number[] {
  return listAt(service, "spec", "ports").flatMap(({ port }) => (typeof port === "number" ? [port] : []));
}

function objectAt(value: object, ...path: string[]): JsonObject {
  const found = path.reduce<Json | undefined>(
    (at, step) => (isObject(at) ? entryOf(at, step) : undefined),
    value as JsonObject,
  );
  return isObject(found) ? found : {};
}

function listAt(value: object, ...path: string[]): JsonObject[] {
  const last = path.at(-1) ?? "";
  return listOf(entryOf(objectAt(value, ...path.slice(0, -1)), last)).filter(isObject);
}

function listOf(value: Json | undefined): Json[] {
  return Array.isArray(value) ? value : [];
}

function show(labels: JsonObject): string {
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(", ");
}

function finding(path: string, message: string, fix: string): CheckFinding {
  return { code: "RoutingContract", path, layer: "merged", message, fix };
}
