import { didYouMean } from "../../kubernetes/nearest.ts";
import type { PodSpec } from "../../kubernetes/objects.ts";
import { entryOf } from "../../kubernetes/table.ts";
import type { ClusterNode, Taint } from "./facts.ts";

/** Why nodes do not accept a pod: what was looked for, what exists, and the fix. */
export interface Obstacle {
  /** The path below the pod's own. */
  path: string;
  message: string;
  fix: string;
}

type Toleration = NonNullable<PodSpec["tolerations"]>[number];
type NodeSelector = NonNullable<
  NonNullable<NonNullable<PodSpec["affinity"]>["nodeAffinity"]>["requiredDuringSchedulingIgnoredDuringExecution"]
>;
type Term = NodeSelector["nodeSelectorTerms"][number];
type Requirement = NonNullable<Term["matchExpressions"]>[number];

const CORDONED: Taint = { key: "node.kubernetes.io/unschedulable", effect: "NoSchedule" };
const AFFINITY = "affinity.nodeAffinity";

/** The nodes on which a pod may run by selector, affinity and taints. */
export function nodesFor(pod: PodSpec, nodes: readonly ClusterNode[]): ClusterNode[] {
  return nodes.filter(
    (node) => selectorMisses(pod, node).length === 0 && fitsAffinity(pod, node) && untolerated(pod, node).length === 0,
  );
}

/** The obstacles of the first step that excludes every node: the selector, the affinity, then the taints. */
export function obstaclesOf(pod: PodSpec, nodes: readonly ClusterNode[]): Obstacle[] {
  if (nodes.length === 0) {
    return [{ path: "", message: "the cluster has no nodes", fix: "add nodes, or inspect another cluster" }];
  }
  const selected = nodes.filter((node) => selectorMisses(pod, node).length === 0);
  if (selected.length === 0) return selectorObstacles(pod, nodes);
  const near = selected.filter((node) => fitsAffinity(pod, node));
  return near.length === 0 ? [affinityObstacle(pod, selected)] : [taintObstacle(pod, near)];
}

/** Entries of the node selector that a node does not have. */
function selectorMisses({ nodeSelector = {} }: PodSpec, { metadata }: ClusterNode): [string, string][] {
  return Object.entries(nodeSelector).filter(([key, value]) => entryOf(metadata.labels, key) !== value);
}

function selectorObstacles(pod: PodSpec, nodes: readonly ClusterNode[]): Obstacle[] {
  const alone = Object.entries(pod.nodeSelector ?? {}).filter(
    ([key, value]) => !nodes.some(({ metadata }) => entryOf(metadata.labels, key) === value),
  );
  if (alone.length > 0) return alone.map(([key, value]) => labelObstacle(key, value, nodes));
  const wanted = Object.entries(pod.nodeSelector ?? {}).map(([key, value]) => `${key}=${value}`);
  const message = `no single node has all of ${wanted.join(", ")}, although each label exists on some node`;
  return [{ path: "nodeSelector", message, fix: "select labels that exist together on one node" }];
}

function labelObstacle(key: string, value: string, nodes: readonly ClusterNode[]): Obstacle {
  const values = valuesOf(key, nodes);
  const path = `nodeSelector[${key}]`;
  const looked = `none of the ${nodes.length} nodes has the label ${key}=${value}`;
  if (values.length > 0) {
    const hint = didYouMean(value, values);
    const fix = `${hint === undefined ? "" : `${hint} `}use an existing value, or add nodes with this value`;
    return { path, message: `${looked}; existing values of ${key}: ${values.join(", ")}`, fix };
  }
  const keys = [...new Set(nodes.flatMap(({ metadata }) => Object.keys(metadata.labels ?? {})))];
  const hint = didYouMean(key, keys);
  const fix = `${hint === undefined ? "" : `${hint} `}label the nodes (the GPU operator or node feature discovery does this), or select other labels`;
  return { path, message: `${looked}; no node has the label ${key}`, fix };
}

function valuesOf(key: string, nodes: readonly ClusterNode[]): string[] {
  return [...new Set(nodes.flatMap(({ metadata }) => entryOf(metadata.labels, key) ?? []))].sort();
}

function termsOf(pod: PodSpec): readonly Term[] | undefined {
  return pod.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
}

/** All requirements of one of the terms must match; a term without requirements matches no node. */
function fitsAffinity(pod: PodSpec, node: ClusterNode): boolean {
  const terms = termsOf(pod);
  if (terms === undefined) return true;
  return terms.some(({ matchExpressions = [], matchFields = [] }) => {
    if (matchExpressions.length + matchFields.length === 0) return false;
    const byField = matchFields.every((one) => holds(one, node.metadata.name));
    return byField && matchExpressions.every((one) => holds(one, entryOf(node.metadata.labels, one.key)));
  });
}

type Operator = "In" | "NotIn" | "Exists" | "DoesNotExist" | "Gt" | "Lt";
const OPERATORS: Readonly<Record<Operator, (label: string | undefined, values: readonly string[]) => boolean>> = {
  In: (label, values) => label !== undefined && values.includes(label),
  NotIn: (label, values) => label === undefined || !values.includes(label),
  Exists: (label) => label !== undefined,
  DoesNotExist: (label) => label === undefined,
  Gt: (label, [bound]) => label !== undefined && Number(label) > Number(bound),
  Lt: (label, [bound]) => label !== undefined && Number(label) < Number(bound),
};

function holds({ operator, values = [] }: Requirement, label: string | undefined): boolean {
  return OPERATORS[operator as Operator]?.(label, values) ?? false;
}

function affinityObstacle(pod: PodSpec, nodes: readonly ClusterNode[]): Obstacle {
  const terms = (termsOf(pod) ?? []).map(({ matchExpressions = [], matchFields = [] }) =>
    [...matchFields, ...matchExpressions].map(formatRequirement).join(" and "),
  );
  const keys = [...new Set((termsOf(pod) ?? []).flatMap(({ matchExpressions = [] }) => matchExpressions))].map(
    ({ key }) => `${key}: ${valuesOf(key, nodes).join(", ") || "not set"}`,
  );
  const found = keys.length === 0 ? "" : `; existing values: ${[...new Set(keys)].join("; ")}`;
  const message = `none of the ${nodes.length} nodes matches ${terms.map((term) => `(${term})`).join(" or ")}${found}`;
  return { path: AFFINITY, message, fix: "select labels that nodes have, or label the nodes" };
}

function formatRequirement({ key, operator, values = [] }: Requirement): string {
  return values.length === 0 ? `${key} ${operator}` : `${key} ${operator} [${values.join(", ")}]`;
}

/** Taints of a node that keep the pod away. */
function untolerated({ tolerations = [] }: PodSpec, { spec = {} }: ClusterNode): Taint[] {
  const taints = [...(spec.taints ?? []), ...(spec.unschedulable === true ? [CORDONED] : [])];
  return taints.filter(
    (taint) => taint.effect !== "PreferNoSchedule" && !tolerations.some((one) => tolerates(one, taint)),
  );
}

function tolerates({ key, operator = "Equal", value = "", effect }: Toleration, taint: Taint): boolean {
  if (effect && effect !== taint.effect) return false;
  if (!key) return operator === "Exists";
  return key === taint.key && (operator === "Exists" || value === (taint.value ?? ""));
}

function taintObstacle(pod: PodSpec, nodes: readonly ClusterNode[]): Obstacle {
  const taints = [...new Set(nodes.flatMap((node) => untolerated(pod, node).map(formatTaint)))];
  const message = `${nodes.map(({ metadata }) => metadata.name).join(", ")} match, but the pods do not tolerate ${taints.join(", ")}`;
  return {
    path: "tolerations",
    message,
    fix: "add a toleration, or remove the taint (kubectl uncordon, kubectl taint)",
  };
}

function formatTaint({ key, value, effect }: Taint): string {
  return `${key}${value ? `=${value}` : ""}:${effect}`;
}
