import { isNotYetKnown } from "../../../contract/input/unknown.ts";
import { isA, type KindName } from "../../../contract/kinds.ts";
import { isScheduler, isTokenizer } from "../../../contract/names.ts";
import { flagValue } from "../../../knowledge/engine/flags/commandline.ts";
import { asText, field, type Json, type JsonObject, objectOf, objectsOf, valueAt } from "../../../kubernetes/json.ts";
import { type KubernetesObject, specOf } from "../../../kubernetes/objects.ts";
import { entryOf } from "../../../kubernetes/table.ts";
import { titleOf, withRoles } from "../../../kubernetes/workloads/disaggregatedset.ts";
import { MAIN } from "../../../kubernetes/workloads/pods.ts";
import {
  isDeployment,
  isWorkload,
  type PodTemplate,
  podSpecsOf,
  templatesOf,
} from "../../../kubernetes/workloads/workloads.ts";
import type { CheckFinding } from "../check.ts";
import { goFlagField, goFlagPath } from "../flagplace.ts";

/**
 * The chain by which a request finds a pod: route → pool → picker and pods, or route → Service → pods. The builders
 * guarantee it; values that override their defaults (`pool.spec`, `http.spec`, the scheduler's template) can break it,
 * and every object would still be accepted. Judged on the objects themselves. Source: Gateway API inference extension
 * v1 (InferencePool), Gateway API v1 (backendRefs).
 */
export const ROUTING_CODES = ["RoutingContract"] as const;

const POOL = "spec.router.scheduler.pool.spec";
const ROUTE = "spec.router.route.http";
const RULES = `${ROUTE}.spec.rules`;
const SCHEDULER = "spec.router.scheduler.template";

/** The objects of one service by their part in serving a request. */
interface Path {
  pods: PodTemplate[];
  services: KubernetesObject[];
  pools: KubernetesObject[];
  routes: KubernetesObject[];
  deployments: KubernetesObject[];
  /** The pods of engines. */
  workloads: KubernetesObject[];
}

export function judgeRouting(given: readonly KubernetesObject[]): CheckFinding[] {
  const objects = withRoles(given);
  const ofKind = (kind: KindName): KubernetesObject[] => objects.filter((object) => isA(object, kind));
  const path: Path = {
    pods: objects.filter(isWorkload).flatMap(templatesOf),
    services: ofKind("Service"),
    pools: ofKind("InferencePool"),
    routes: ofKind("HTTPRoute"),
    deployments: objects.filter(isDeployment),
    workloads: objects.filter((object) => isWorkload(object) && !isScheduler(object) && !isTokenizer(object)),
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

/**
 * A pool is used for prefill and decode alike, and returns any pod that it selects: it must select all pods that serve,
 * and no others.
 */
function judgeSelector(pool: KubernetesObject, { pods, workloads }: Path): CheckFinding[] {
  const labels = objectOf(valueAt(pool, ["spec", "selector", "matchLabels"]));
  const fix = "remove the selector: the selector of the preset matches the pods that serve requests";
  const fixes = [{ path: `${POOL}.selector` }];
  const found = (message: string): CheckFinding => ({
    ...finding(`${POOL}.selector`, `the InferencePool selects ${message}`, fix),
    fixes,
  });
  if (!pods.some((pod) => mayMatch(pod, labels)))
    return [found(`${show(labels)}, but no pod of the service has these labels: the pool would stay empty`)];
  return workloads.flatMap((workload) => {
    const [serving, ...followers] = templatesOf(workload);
    const selected = followers.filter((pod) => matches(pod, labels));
    if (serving !== undefined && !mayMatch(serving, labels))
      return [
        found(
          `${show(labels)}, but the pods of ${titleOf(workload)} lack these labels: they would receive no requests`,
        ),
      ];
    if (selected.length === 0) return [];
    const also = found(
      `${show(labels)}, which also matches the workers of ${titleOf(workload)}, which serve no requests`,
    );
    // A worker that is not headless may serve.
    return [selected.some(isHeadless) ? also : { ...also, severity: "warning" }];
  });
}

function isHeadless({ spec }: PodTemplate): boolean {
  const main = spec.containers?.find(({ name }) => name === MAIN);
  return flagValue(main?.args ?? [], "headless") === "true";
}

/** The picker that the pool names must be a Service that leads to the scheduler, on an existing port. */
function judgePicker(pool: KubernetesObject, { services, pods }: Path): CheckFinding[] {
  const { name, port } = objectOf(specOf(pool)["endpointPickerRef"]);
  const at = `${POOL}.endpointPickerRef`;
  const service = services.find(({ metadata }) => metadata.name === name);
  if (service === undefined) return [];
  const number = field(port, "number");
  const served = portsOf(service);
  const found: CheckFinding[] = [];
  if (typeof number === "number" && !served.includes(number)) {
    const message = `the InferencePool calls its endpoint picker on port ${number}, but the Service of the scheduler has ${served.length === 0 ? "no ports" : portsText(served)}`;
    const [first] = served;
    const fixes = first === undefined ? [] : [{ path: `${at}.port.number`, value: first }];
    found.push({
      ...finding(`${at}.port`, message, `set the port to ${first ?? "a port of the scheduler's container"}`),
      fixes,
    });
  }
  const selector = objectOf(specOf(service)["selector"]);
  if (!pods.some((pod) => mayMatch(pod, selector))) {
    const message = `the Service of the scheduler selects ${show(selector)}, but no pod of the service has these labels`;
    found.push(finding("spec.router.scheduler.labels", message, "remove these labels: the plan sets them"));
  }
  return found;
}

const POOL_NAME = /^--?(?:pool-name|poolName)(?:=(.*))?$/;

/** The scheduler watches the pool that its command line names. */
function judgeNamed(pool: KubernetesObject, { deployments }: Path): CheckFinding[] {
  const named = deployments.flatMap(podSpecsOf).flatMap(({ containers = [] }) =>
    containers.flatMap((container, index) => {
      const { command = [], args = [] } = container;
      const name = poolIn([...command, ...args]);
      return name === undefined ? [] : [{ container, index, name }];
    }),
  );
  const [first] = named;
  if (first === undefined || named.some(({ name }) => name === pool.metadata.name)) return [];
  const { container, index } = first;
  const names = named.map(({ name }) => name).join(", ");
  const message = `the scheduler watches the pool ${names}, but the pool of the service is ${pool.metadata.name}`;
  const field = goFlagField(container, "pool-name");
  const fixes = [
    { path: `${SCHEDULER}.containers[name=${container.name}].${field}[--pool-name]`, value: pool.metadata.name },
  ];
  const path = goFlagPath(`${SCHEDULER}.containers[${index}]`, container, "pool-name");
  return [
    {
      ...finding(path, message, `start the scheduler with --pool-name=${pool.metadata.name}, as the preset does`),
      fixes,
    },
  ];
}

/** Of a flag that is written twice, the last one counts. */
function poolIn(words: readonly Json[]): string | undefined {
  const at = words.findLastIndex((word) => typeof word === "string" && POOL_NAME.test(word));
  if (at < 0) return undefined;
  return POOL_NAME.exec(asText(words[at]))?.[1] ?? asText(words[at + 1]);
}

/** A route of the service itself leads to its pool, or to an existing port of its Service. */
function judgeBackends(route: KubernetesObject, { pools, services }: Path): CheckFinding[] {
  const backends = objectsOf(specOf(route)["rules"]).flatMap((rule) => objectsOf(rule["backendRefs"]));
  const own = [...pools, ...services];
  const targets = backends.flatMap((backend) => {
    const { kind = "Service", name } = backend;
    const target = own.find((one) => one.kind === kind && one.metadata.name === name);
    return target === undefined ? [] : [{ backend, target }];
  });
  const wrong = targets.flatMap(({ backend: { port }, target }) => {
    const served = portsOf(target);
    if (!isA(target, "Service") || typeof port !== "number" || served.includes(port)) return [];
    const message = `the route sends requests to port ${port} of ${target.metadata.name}, which has only ${portsText(served)}`;
    return [finding(`${RULES}.backendRefs`, message, `set the port to ${served[0]}`)];
  });
  const [pool] = pools;
  const wanted = pool ?? services[0];
  const isLed = targets.some(({ target }) => pool === undefined || target.kind === pool.kind);
  if (isLed || wanted === undefined) return wrong;
  const message = `no rule of the route sends requests to the ${wanted.kind} ${wanted.metadata.name}, so requests bypass ${pool ? "the scheduler" : "the service"}`;
  const fix = `add it to the backendRefs of a rule, or remove route.http, so that the default rules apply${pool ? "; to run without a scheduler, remove router.scheduler" : ""}`;
  // The backends of the rules may forward requests.
  return [...wrong, { ...finding(RULES, message, fix), fixes: [{ path: ROUTE }], severity: "warning" }];
}

/** Like `matches`, but a label that a preview does not know yet counts as a match. */
function mayMatch({ labels = {} }: PodTemplate, selector: JsonObject): boolean {
  return Object.entries(selector).every(([key, value]) => {
    const label = entryOf(labels, key);
    return label === value || [label, value].some((one) => typeof one === "string" && isNotYetKnown(one));
  });
}

function matches({ labels }: PodTemplate, selector: JsonObject): boolean {
  return Object.entries(selector).every(([key, value]) => entryOf(labels, key) === value);
}

function portsOf(service: KubernetesObject): number[] {
  return objectsOf(specOf(service)["ports"]).flatMap(({ port }) => (typeof port === "number" ? [port] : []));
}

function portsText(ports: readonly number[]): string {
  return `${ports.length === 1 ? "port" : "the ports"} ${ports.join(", ")}`;
}

function show(labels: JsonObject): string {
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${asText(value)}`)
    .join(", ");
}

function finding(path: string, message: string, fix: string): CheckFinding {
  return { code: "RoutingContract", path, layer: "merged", message, fix };
}
