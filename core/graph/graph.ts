import { devicesOf, type PodKind, podsPerUnit, scalerOf, type Workload, workloadsOf } from "../diff/workload.ts";
import { isObject, type JsonObject } from "../json.ts";
import { COMPONENT, LABEL } from "../names.ts";
import type { KubernetesObject } from "../spec/kubernetes.ts";

/** What a request meets on its way, in this order from left to right. */
export const NODE_KINDS = ["gateway", "route", "pool", "service", "scheduler", "pods", "nodes"] as const;
export type NodeKind = (typeof NODE_KINDS)[number];

export interface GraphNode {
  id: string;
  kind: NodeKind;
  /** Its name; then its kind, and what else there is to know. */
  title: string;
  lines: string[];
}

export interface GraphEdge {
  from: string;
  to: string;
  label?: string;
}

export interface Graph {
  nodes: GraphNode[];
  edges: GraphEdge[];
}

/**
 * A service as a picture: gateway, route, pool and scheduler, the pods with their GPUs, and the nodes that they want. Read off
 * the objects themselves, by their references and selectors; the same objects give the same picture.
 */
export function graphOf(objects: readonly KubernetesObject[]): Graph {
  const workloads = workloadsOf(objects);
  const parts = [
    ...ofKind(objects, "HTTPRoute").map((route) => routeGraph(route, objects)),
    ...ofKind(objects, "InferencePool").map((pool) => poolGraph(pool, objects, workloads)),
    ...ofKind(objects, "Service").map((service) => serviceGraph(service, workloads)),
    ...workloads.map((workload) => workloadGraph(workload, objects)),
    transferGraph(workloads),
  ];
  const nodes = new Map(parts.flatMap((part) => part.nodes).map((node) => [node.id, node]));
  const edges = parts.flatMap((part) => part.edges).filter(({ from, to }) => nodes.has(from) && nodes.has(to));
  const rank = ({ kind }: GraphNode): number => NODE_KINDS.indexOf(kind);
  return { nodes: [...nodes.values()].sort((a, b) => rank(a) - rank(b)), edges };
}

function ofKind(objects: readonly KubernetesObject[], kind: string): KubernetesObject[] {
  return objects.filter((object) => object.kind === kind);
}

function routeGraph(route: KubernetesObject, objects: readonly KubernetesObject[]): Graph {
  const { hostnames, rules, parentRefs } = specOf(route);
  const id = idOf(route.kind, route.metadata.name);
  const hosts = list(hostnames).map(String);
  const backends = new Map<string, number>();
  for (const rule of list(rules)) {
    for (const key of new Set(list(field(rule, "backendRefs")).map((ref) => backendId(ref)))) {
      backends.set(key, (backends.get(key) ?? 0) + 1);
    }
  }
  const parents = list(parentRefs).map((ref): GraphNode => {
    const [kind, name] = [String(field(ref, "kind") ?? "Gateway"), String(field(ref, "name"))];
    return { id: idOf(kind, name), kind: "gateway", title: name, lines: [kind, ...namespaceLine(ref)] };
  });
  const pools = [...backends.keys()].filter((key) => key.startsWith("InferencePool/"));
  const others = pools.filter((key) => !objects.some((object) => idOf(object.kind, object.metadata.name) === key));
  return {
    nodes: [
      ...parents,
      {
        id,
        kind: "route",
        title: route.metadata.name,
        lines: ["HTTPRoute", ...hosts, plural(list(rules).length, "rule")],
      },
      ...others.map(
        (key): GraphNode => ({
          id: key,
          kind: "pool",
          title: key.split("/")[1] ?? "",
          lines: ["InferencePool", "exists beside"],
        }),
      ),
    ],
    edges: [
      ...parents.map((parent) => ({ from: parent.id, to: id })),
      ...[...backends].map(([to, count]) => ({ from: id, to, label: plural(count, "rule") })),
    ],
  };
}

function poolGraph(
  pool: KubernetesObject,
  objects: readonly KubernetesObject[],
  workloads: readonly Workload[],
): Graph {
  const { selector, targetPorts, targetPortNumber, endpointPickerRef, extensionRef } = specOf(pool);
  const id = idOf(pool.kind, pool.metadata.name);
  const ports = [...list(targetPorts).map((port) => field(port, "number")), targetPortNumber].filter(Boolean);
  const picker = endpointPickerRef ?? extensionRef;
  const pickers = objects.filter(({ kind, metadata }) => kind === "Service" && metadata.name === field(picker, "name"));
  const asked = pickers.flatMap((service) => selected(labelsIn(specOf(service)["selector"]), workloads));
  return {
    nodes: [{ id, kind: "pool", title: pool.metadata.name, lines: ["InferencePool", `port ${ports.join(", ")}`] }],
    edges: [
      ...asked.map(({ object }) => ({ from: id, to: workloadId(object), label: "asks which pod" })),
      ...selected(labelsIn(field(selector, "matchLabels") ?? selector), workloads).map(({ object }) => ({
        from: id,
        to: workloadId(object),
      })),
    ],
  };
}

/** Services of the pods that serve; the scheduler's own is part of how its pool asks it. */
function serviceGraph(service: KubernetesObject, workloads: readonly Workload[]): Graph {
  const chosen = selected(labelsIn(specOf(service)["selector"]), workloads).filter(
    ({ object }) => !isScheduler(object),
  );
  if (chosen.length === 0) return { nodes: [], edges: [] };
  const id = idOf("Service", service.metadata.name);
  const ports = list(specOf(service)["ports"]).map((port) => field(port, "port"));
  return {
    nodes: [{ id, kind: "service", title: service.metadata.name, lines: ["Service", `port ${ports.join(", ")}`] }],
    edges: chosen.map(({ object }) => ({ from: id, to: workloadId(object) })),
  };
}

function workloadGraph(workload: Workload, objects: readonly KubernetesObject[]): Graph {
  const { object } = workload;
  const id = workloadId(object);
  const kind = isScheduler(object) ? "scheduler" : "pods";
  const node: GraphNode = {
    id,
    kind,
    title: object.metadata.name,
    lines: workloadLines(workload, objects),
  };
  const wanted = nodesWanted(workload);
  return {
    nodes: [node, ...wanted.map(({ node: wants }) => wants)],
    edges: wanted.map(({ node: wants, label }) => ({ from: id, to: wants.id, ...(label && { label }) })),
  };
}

function workloadLines(workload: Workload, objects: readonly KubernetesObject[]): string[] {
  const { object, count, most, pods } = workload;
  const perUnit = podsPerUnit(workload);
  const unit = object.kind === "LeaderWorkerSet" ? "group" : "pod";
  const amount = most > count ? `${count} to ${plural(most, unit)}` : plural(count, unit);
  const scaler = scalerOf(object, objects);
  const devices = [...new Set(pods.map(({ spec }) => devicesText(devicesOf(spec))).filter(Boolean))];
  const role = roleOf(object);
  return [
    role === undefined ? object.kind : `${object.kind}, ${role}`,
    perUnit > 1 ? `${amount} × ${perUnit} pods` : amount,
    ...devices.map((text) => `${text} a pod`),
    ...(most > count && scaler !== undefined ? [`scaled by ${scaler.kind}`] : []),
  ];
}

/** Where the pods want to run, with how many of what they bring there. Pods that want nothing in particular run anywhere. */
function nodesWanted({ count, most, pods }: Workload): { node: GraphNode; label: string }[] {
  const wanted = new Map<string, { node: GraphNode; gpus: number; perUnit: number }>();
  for (const { spec, perUnit } of pods) {
    const node = nodeWanted(spec);
    const gpus = Object.values(devicesOf(spec)).reduce((sum, many) => sum + many, 0);
    if (node === undefined) continue;
    const key = `${node.id} ${gpus}`;
    wanted.set(key, { node, gpus, perUnit: perUnit + (wanted.get(key)?.perUnit ?? 0) });
  }
  return [...wanted.values()].map(({ node, gpus, perUnit }) => {
    const amount =
      most > count ? `${count * perUnit} to ${plural(most * perUnit, "pod")}` : plural(count * perUnit, "pod");
    return { node, label: gpus > 0 ? `${amount} × ${plural(gpus, "GPU")}` : amount };
  });
}

function nodeWanted(spec: PodKind["spec"]): GraphNode | undefined {
  const labels = Object.entries(spec.nodeSelector ?? {}).flatMap(([name, value]) => [name, `= ${value}`]);
  const devices = Object.keys(devicesOf(spec)).map((name) => `any with ${name}`);
  const lines = labels.length > 0 ? labels : devices;
  return lines.length === 0 ? undefined : { id: `Node/${lines.join(" ")}`, kind: "nodes", title: "Nodes", lines };
}

/** Prefill pods hand their KV cache to the decode pods. */
function transferGraph(workloads: readonly Workload[]): Graph {
  const ofRole = (role: string): Workload[] => workloads.filter(({ object }) => roleOf(object) === role);
  const edges = ofRole("prefill").flatMap((prefill) =>
    ofRole("decode").map((decode) => ({
      from: workloadId(prefill.object),
      to: workloadId(decode.object),
      label: "KV cache",
    })),
  );
  return { nodes: [], edges };
}

/** The llm-d role of a workload's pods; undefined for a scheduler. */
export function roleOf(object: KubernetesObject): string | undefined {
  return templateLabels(object)
    .map((labels) => labels[LABEL.role])
    .find((role) => role !== undefined);
}

function isScheduler({ metadata }: KubernetesObject): boolean {
  return metadata.labels?.[LABEL.component] === COMPONENT.scheduler;
}

function templateLabels(object: KubernetesObject): Record<string, string>[] {
  const spec = specOf(object);
  const group = spec["leaderWorkerTemplate"];
  const templates = [spec["template"], field(group, "leaderTemplate"), field(group, "workerTemplate")];
  return templates.filter(isObject).map((template) => labelsIn(field(template["metadata"], "labels")));
}

function selected(labels: Record<string, string>, workloads: readonly Workload[]): Workload[] {
  const wanted = Object.entries(labels);
  if (wanted.length === 0) return [];
  return workloads.filter(({ object }) =>
    templateLabels(object).some((own) => wanted.every(([name, value]) => own[name] === value)),
  );
}

export function devicesText(devices: Record<string, number>): string {
  return Object.entries(devices)
    .map(([name, count]) => `${count} × ${name}`)
    .join(", ");
}

function backendId(ref: unknown): string {
  return idOf(String(field(ref, "kind") ?? "Service"), String(field(ref, "name")));
}

function workloadId(object: KubernetesObject): string {
  return idOf(object.kind, object.metadata.name);
}

function idOf(kind: string, name: string): string {
  return `${kind}/${name}`;
}

function namespaceLine(ref: unknown): string[] {
  const namespace = field(ref, "namespace");
  return namespace === undefined ? [] : [`in ${String(namespace)}`];
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

function specOf({ spec }: KubernetesObject): JsonObject {
  return isObject(spec) ? spec : {};
}

function labelsIn(value: unknown): Record<string, string> {
  return (isObject(value) ? value : {}) as Record<string, string>;
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function field(value: unknown, name: string): unknown {
  return isObject(value) ? (value[name] ?? undefined) : undefined;
}
