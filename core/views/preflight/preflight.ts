import type { Issue } from "../../contract/issues/issue.ts";
import type { CHECK_CODES } from "../../contract/options/checks.ts";
import type { CheckSettings } from "../../contract/plan.ts";
import type { KubernetesObject } from "../../kubernetes/objects.ts";
import type { CheckFinding } from "../../stages/check/check.ts";
import { withSeverities } from "../../stages/check/checks.ts";
import { shortened } from "../text.ts";
import { missingApis } from "./apis.ts";
import { autoscalerOf, mayEvict } from "./autoscalers.ts";
import { type Amounts, amounts, fits, lacking, Room, requestsOf, scarcestOf } from "./capacity.ts";
import { type Demand, demandsOf } from "./demand.ts";
import { judgeDrivers } from "./drivers.ts";
import type { ClusterFacts, ClusterNode } from "./facts.ts";
import { nodesFor, obstaclesOf } from "./placement.ts";
import { missingObjects } from "./references.ts";

/** The codes that may be found in a cluster. */
export const PREFLIGHT_CODES = [
  "MissingApi",
  "MissingObject",
  "NoMatchingNode",
  "NoRoom",
  "DriverTooOld",
  "ClusterUnreadable",
] as const satisfies readonly (typeof CHECK_CODES)[number][];

/**
 * Whether a cluster, as it was read, can run the objects of a plan: everything that is missing is an issue, with the
 * severity that the stack's checks set.
 */
export function preflight(
  objects: readonly KubernetesObject[],
  facts: ClusterFacts,
  settings: CheckSettings = {},
): Issue[] {
  const unread = facts.unread.map(({ what, why }) => unreadable(what, why, facts.source));
  const ofPods = judgePods(objects, facts).map((one) => asGrowing(one, autoscalerOf(facts)));
  const found = [...missingApis(objects, facts), ...missingObjects(objects, facts), ...ofPods];
  return withSeverities([...found, ...unread], settings);
}

const OF_NODES: readonly CheckFinding["code"][] = ["NoMatchingNode", "NoRoom"];

/** Missing nodes may be added once pods wait for them: if something adds nodes, no lack is certain. */
function asGrowing(finding: CheckFinding, autoscaler: string | undefined): CheckFinding {
  if (autoscaler === undefined || !OF_NODES.includes(finding.code)) return finding;
  const { message, fix } = finding;
  return {
    ...finding,
    severity: "warning",
    message: `${message}; ${autoscaler}`,
    fix: `${fix}; or wait for new nodes`,
  };
}

function judgePods(objects: readonly KubernetesObject[], { nodes, pods, source }: ClusterFacts): CheckFinding[] {
  if (nodes === undefined) return [];
  const room = new Room(nodes, pods ?? []);
  // Places the most constrained pods first, so that ordering alone cannot produce a false lack of room.
  const demands = demandsOf(objects, pods ?? [])
    .map((demand) => ({ demand, able: nodesFor(demand.pod, nodes), requests: requestsOf(demand.pod) }))
    .sort((a, b) => a.able.length - b.able.length);
  const judged = demands.map(({ demand, able, requests }) => {
    if (demand.wanted === 0) return [];
    if (able.length === 0) return nowhere(demand, nodes, source);
    const large = able.filter(({ status }) => fits(requests, amounts(status?.allocatable)));
    if (large.length === 0) return [tooLarge(demand, requests, able, source)];
    // The number of free accelerators is known only if the pods are.
    return pods === undefined ? [] : roomFor({ demand, requests, able: large }, room, source);
  });
  const drivers = demands.flatMap(({ demand, able }) =>
    demand.wanted === 0 ? [] : judgeDrivers(demand, able, source),
  );
  return [...judged.flat(), ...drivers];
}

function nowhere({ workload, path, pod }: Demand, nodes: readonly ClusterNode[], source: string): CheckFinding[] {
  return obstaclesOf(pod, nodes).map(({ path: inner, message, fix }) => ({
    code: "NoMatchingNode",
    path: inner === "" ? path : `${path}.${inner}`,
    layer: source,
    message: `no node can run the pods of ${workload}: ${message}`,
    fix,
  }));
}

function tooLarge(
  { workload, path }: Demand,
  requests: Amounts,
  able: readonly ClusterNode[],
  source: string,
): CheckFinding {
  const most = (name: string): number =>
    Math.max(...able.map(({ status }) => amounts(status?.allocatable).get(name) ?? 0));
  const short = [...requests.keys()].filter((name) => (requests.get(name) ?? 0) > most(name));
  const lacks = short.map((name) =>
    most(name) === 0
      ? `${requests.get(name)} ${name}, which no node offers`
      : `${requests.get(name)} ${name}, but the largest node has ${most(name)}`,
  );
  const what = lacks.length > 0 ? lacks.join("; ") : "more than any single node has";
  const isMissing = short.some((name) => most(name) === 0);
  return {
    code: "NoRoom",
    path: `${path}.containers`,
    layer: source,
    message: `a pod of ${workload} requests from its node (${namesOf(able)}) ${what}`,
    fix: isMissing
      ? "install the device plugin of the accelerator (its operator includes it), or choose nodes that have it"
      : "choose larger nodes, or use fewer accelerators per pod (parallelism)",
  };
}

/** A demand, what each of its pods requests, and the nodes that can hold such a pod. */
interface Placeable {
  demand: Demand;
  requests: Amounts;
  able: readonly ClusterNode[];
}

function roomFor({ demand, requests, able }: Placeable, room: Room, source: string): CheckFinding[] {
  const { workload, path, pod, wanted, running, surge } = demand;
  const scarce = scarcestOf(requests);
  const missing = wanted - running;
  const free = freeOn(able, scarce, room);
  const placed = room.place(requests, missing, able);
  const each = scarce === undefined ? "" : ` of ${requests.get(scarce)} ${scarce}`;
  if (placed < missing) {
    const one = lackOn(able, requests, room);
    const message = `${workload} needs ${missing} more pods${each} each, but there is room for ${placed} (${free}${one})`;
    const fix = "free or add nodes, or lower replicas";
    const at = { layer: source, code: "NoRoom" as const, path: `${path}.containers` };
    return [{ ...at, message, fix, ...(mayEvict(pod) && { severity: "warning" as const }) }];
  }
  // A workload that does not exist yet does not roll; one that rolls needs its surge in addition to the running pods.
  if (running === 0 || surge.pods === 0) return [];
  const above = room.place(requests, surge.pods, able);
  if (above === surge.pods || (above > 0 && surge.mayDoWithout)) return [];
  const pods = `${surge.pods} ${surge.pods === 1 ? "pod" : "pods"}${each}`;
  const end = surge.mayDoWithout ? "the rollout continues by removing pods first" : "the rollout would never finish";
  const message = `a rollout of ${workload} first needs ${pods} more (maxSurge), but there is room for ${above} (${free}): ${end}`;
  const fix = "set operations.rollout to { maxSurge: 0, maxUnavailable: 1 }, or free or add nodes";
  return [{ layer: source, code: "RolloutSurge", path, message, fix }];
}

function freeOn(nodes: readonly ClusterNode[], resource: string | undefined, room: Room): string {
  if (resource === undefined) return `on ${namesOf(nodes)}`;
  const each = nodes.map(({ metadata: { name } }) => `${name} ${Math.max(0, room.free(name).get(resource) ?? 0)}`);
  return `${resource} free: ${shortened(each)}`;
}

/** If another resource than the accelerator is short, the message must name it. */
function lackOn(nodes: readonly ClusterNode[], requests: Amounts, room: Room): string {
  const scarce = scarcestOf(requests);
  const short = new Set(nodes.flatMap(({ metadata }) => lacking(requests, room.free(metadata.name))));
  if (scarce !== undefined) short.delete(scarce);
  return short.size === 0 ? "" : `; also short: ${[...short].join(", ")}`;
}

function namesOf(nodes: readonly ClusterNode[]): string {
  return shortened(nodes.map(({ metadata }) => metadata.name));
}

function unreadable(what: string, why: string, source: string): CheckFinding {
  return {
    code: "ClusterUnreadable",
    path: "",
    layer: source,
    message: `${what} cannot be read, so they are not checked: ${why}`,
    fix: `allow the user of the kubeconfig to list ${what}, or disable the preflight`,
  };
}
