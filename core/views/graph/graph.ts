import { isScheduler } from "../../contract/names.ts";
import { asText, field, listOf } from "../../kubernetes/json.ts";
import { type KubernetesObject, specOf } from "../../kubernetes/objects.ts";
import { labelsIn, type Workload, workloadsOf } from "../../kubernetes/workloads/workloads.ts";
import { idOf, plural } from "../text.ts";
import { type Graph, type GraphNode, NODE_KINDS } from "./types.ts";
import { selected, transferGraph, workloadGraph, workloadId } from "./workloads.ts";

/**
 * A service as a picture: gateway, route, pool and scheduler, the pods with their GPUs, and the nodes that they select.
 * It is derived from the references and selectors of the objects; the same objects give the same picture.
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
  const hosts = listOf(hostnames).map(String);
  const backends = rulesByBackend(rules);
  const parents = listOf(parentRefs).map((ref): GraphNode => {
    const [kind, name] = [asText(field(ref, "kind") ?? "Gateway"), asText(field(ref, "name"))];
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
        lines: ["HTTPRoute", ...hosts, plural(listOf(rules).length, "rule")],
      },
      ...others.map(
        (key): GraphNode => ({
          id: key,
          kind: "pool",
          title: key.split("/")[1] ?? "",
          lines: ["InferencePool", "not part of this service"],
        }),
      ),
    ],
    edges: [
      ...parents.map((parent) => ({ from: parent.id, to: id })),
      ...[...backends].map(([to, count]) => ({ from: id, to, label: plural(count, "rule") })),
    ],
  };
}

/** How many rules lead to each backend. */
function rulesByBackend(rules: unknown): Map<string, number> {
  const backends = new Map<string, number>();
  for (const rule of listOf(rules)) {
    for (const key of new Set(listOf(field(rule, "backendRefs")).map(backendId))) {
      backends.set(key, (backends.get(key) ?? 0) + 1);
    }
  }
  return backends;
}

function poolGraph(
  pool: KubernetesObject,
  objects: readonly KubernetesObject[],
  workloads: readonly Workload[],
): Graph {
  const { selector, targetPorts, targetPortNumber, endpointPickerRef, extensionRef } = specOf(pool);
  const id = idOf(pool.kind, pool.metadata.name);
  const ports = [...listOf(targetPorts).map((port) => field(port, "number")), targetPortNumber].filter(Boolean);
  const picker = endpointPickerRef ?? extensionRef;
  const pickers = objects.filter(({ kind, metadata }) => kind === "Service" && metadata.name === field(picker, "name"));
  const asked = pickers.flatMap((service) => selected(labelsIn(specOf(service)["selector"]), workloads));
  return {
    nodes: [{ id, kind: "pool", title: pool.metadata.name, lines: ["InferencePool", `port ${ports.join(", ")}`] }],
    edges: [
      ...asked.map(({ object }) => ({ from: id, to: workloadId(object), label: "picks a pod" })),
      ...selected(labelsIn(field(selector, "matchLabels") ?? selector), workloads).map(({ object }) => ({
        from: id,
        to: workloadId(object),
      })),
    ],
  };
}

/** Services of the pods that serve; the scheduler's own Service is drawn as part of the edge from its pool. */
function serviceGraph(service: KubernetesObject, workloads: readonly Workload[]): Graph {
  const chosen = selected(labelsIn(specOf(service)["selector"]), workloads).filter(
    ({ object }) => !isScheduler(object),
  );
  if (chosen.length === 0) return { nodes: [], edges: [] };
  const id = idOf("Service", service.metadata.name);
  const ports = listOf(specOf(service)["ports"]).map((port) => field(port, "port"));
  return {
    nodes: [{ id, kind: "service", title: service.metadata.name, lines: ["Service", `port ${ports.join(", ")}`] }],
    edges: chosen.map(({ object }) => ({ from: id, to: workloadId(object) })),
  };
}

function backendId(ref: unknown): string {
  return idOf(asText(field(ref, "kind") ?? "Service"), asText(field(ref, "name")));
}

function namespaceLine(ref: unknown): string[] {
  const namespace = field(ref, "namespace");
  return namespace === undefined ? [] : [`in ${asText(namespace)}`];
}
