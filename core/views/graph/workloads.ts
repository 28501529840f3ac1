import { isScheduler, isTokenizer, LABEL } from "../../contract/names.ts";
import { devicesOf } from "../../knowledge/accelerators/devices.ts";
import type { KubernetesObject } from "../../kubernetes/objects.ts";
import { entryOf } from "../../kubernetes/table.ts";
import { ROLE_LABELS } from "../../kubernetes/workloads/disaggregatedset.ts";
import {
  isLeaderWorkerSet,
  isOfRole,
  type PodKind,
  podsPerUnit,
  scalerOf,
  templatesOf,
  type Workload,
} from "../../kubernetes/workloads/workloads.ts";
import { idOf, plural } from "../text.ts";
import type { Graph, GraphNode } from "./types.ts";

/** A workload, and the nodes that its pods select. */
export function workloadGraph(workload: Workload, objects: readonly KubernetesObject[]): Graph {
  const { object } = workload;
  const id = workloadId(object);
  const kind = isScheduler(object) || isTokenizer(object) ? "scheduler" : "pods";
  const node: GraphNode = {
    id,
    kind,
    title: object.metadata.labels?.[ROLE_LABELS.set] ?? object.metadata.name,
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
  const unit = isLeaderWorkerSet(object) ? "group" : "pod";
  const amount = most > count ? `${count} to ${plural(most, unit)}` : plural(count, unit);
  const scaler = scalerOf(object, objects);
  const devices = [...new Set(pods.map(({ spec }) => devicesText(devicesOf(spec))).filter(Boolean))];
  const role = roleOf(object);
  const kind = isOfRole(object) ? "DisaggregatedSet" : object.kind;
  return [
    role === undefined ? kind : `${kind}, ${role}`,
    perUnit > 1 ? `${amount} × ${perUnit} pods` : amount,
    ...devices.map((text) => `${text} per pod`),
    ...(most > count && scaler !== undefined ? [`scaled by ${scaler.kind}`] : []),
  ];
}

/**
 * Where the pods are to run, with the number of devices that they request there. Pods without a selector run anywhere.
 */
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

/** Prefill pods transfer their KV cache to the decode pods. */
export function transferGraph(workloads: readonly Workload[]): Graph {
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
  return templatesOf(object)
    .map(({ labels }) => labels[LABEL.role])
    .find((role) => role !== undefined);
}

/** The workloads whose pods have all of these labels; none for no labels. */
export function selected(labels: Record<string, string>, workloads: readonly Workload[]): Workload[] {
  const wanted = Object.entries(labels);
  if (wanted.length === 0) return [];
  return workloads.filter(({ object }) =>
    templatesOf(object).some(({ labels: own }) => wanted.every(([name, value]) => entryOf(own, name) === value)),
  );
}

export function devicesText(devices: Record<string, number>): string {
  return Object.entries(devices)
    .map(([name, count]) => `${count} × ${name}`)
    .join(", ");
}

export function workloadId(object: KubernetesObject): string {
  return idOf(object.kind, object.metadata.name);
}
