import type { AcceleratorClass } from "../../api/shorthands/accelerator.ts";
import { type Entry, type Labels, type NodeLabels, VENDORS, type Vendor } from "./catalogue.ts";

/**
 * GKE partitions a GPU by a label of the node pool and counts the parts as GPUs; elsewhere each kind of part is a
 * resource.
 */
const GKE_PARTITION = "cloud.google.com/gke-gpu-partition-size";

/** A class of the catalogue. */
export interface KnownClass extends AcceleratorClass {
  /** Whether its memory is also the node's own. */
  unifiedMemory?: boolean;
}

type Class = (labels: NodeLabels) => KnownClass;

const CLASSES: ReadonlyMap<string, Class> = new Map(
  VENDORS.flatMap((vendor) =>
    Object.entries(vendor.entries).flatMap(([name, entry]): [string, Class][] => [
      ...[name, ...(entry.aliases ?? [])].map((one): [string, Class] => [one, (who) => classOf(vendor, entry, who)]),
      ...(entry.mig ?? []).map((profile): [string, Class] => [
        partitionName(name, profile),
        (who) => partitionOf(classOf(vendor, entry, who), profile, who),
      ]),
    ]),
  ),
);

/** Nodes without accelerators: the engine runs on the CPU, which is not an extended resource. */
export const CPUS = ["cpu", "intel-xeon", "amd-epyc"];

/** Every name that {@link acceleratorNamed} accepts. */
export const ACCELERATORS: readonly string[] = [...CLASSES.keys(), ...CPUS];

/**
 * A class of the catalogue, with the labels of the given labeller; without a node selector if the labeller has no label
 * for it. Undefined for an unknown name.
 */
export function acceleratorNamed(name: string, labels: NodeLabels = "gpu-operator"): KnownClass | undefined {
  return CPUS.includes(name) ? { resource: "cpu" } : CLASSES.get(name)?.(labels);
}

const CAPABILITIES: ReadonlyMap<string, number | undefined> = new Map(
  VENDORS.flatMap(({ entries }) =>
    Object.entries(entries).flatMap(([name, { aliases = [], mig = [], capability }]) =>
      [name, ...aliases, ...mig.map((profile) => partitionName(name, profile))].map(
        (one) => [one, capability] as const,
      ),
    ),
  ),
);

/** Vendor and model of a class: `nvidia-h100` of `nvidia-h100-80gb`. */
export function familyOf(name: string): string {
  return name.split("-").slice(0, 2).join("-");
}

/** The compute capability of a class of the catalogue, times ten; undefined for other vendors' classes and for those of a platform. */
export function capabilityOf(name: string): number | undefined {
  return CAPABILITIES.get(name);
}

function partitionName(name: string, profile: string): string {
  return `${name}-mig-${profile}`;
}

/**
 * Who labels the nodes: devices that only one cloud has (TPU, Neuron) have the labels of that cloud, whoever labels the
 * other nodes.
 */
function labellerOf(labels: Vendor["labels"], asked: NodeLabels): NodeLabels {
  const [only, ...others] = Object.keys(labels) as NodeLabels[];
  return only === undefined || only === "gpu-operator" || others.length > 0 ? asked : only;
}

function classOf({ resource, labels, taint }: Vendor, entry: Entry, asked: NodeLabels): KnownClass {
  const { memoryGiB, perNode, cores, unified } = entry;
  const who = labellerOf(labels, asked);
  const written = { "gpu-operator": entry.product, gke: entry.gke, eks: entry.eks, aks: entry.aks }[who];
  const nodeSelector = labelsOf(written, labels[who]);
  return {
    resource,
    ...(memoryGiB !== undefined && { memoryGiB }),
    ...(perNode !== undefined && { devicesPerNode: perNode }),
    ...(cores !== undefined && { coresPerDevice: cores }),
    ...(unified === true && { unifiedMemory: true }),
    ...(nodeSelector && { nodeSelector: { ...nodeSelector } }),
    ...(taint !== undefined && { tolerations: [{ key: taint, operator: "Exists", effect: "NoSchedule" }] }),
  };
}

function labelsOf(written: string | Labels | undefined, label: string | undefined): Labels | undefined {
  if (typeof written === "object") return written;
  return written === undefined || label === undefined ? undefined : { [label]: written };
}

/** A part of a GPU: `3g.40gb` is three sevenths of its cores with 40 GB. A pod cannot join several to one engine. */
function partitionOf(whole: AcceleratorClass, profile: string, who: NodeLabels): AcceleratorClass {
  const memoryGiB = Number(/\.(\d+)gb/.exec(profile)?.[1]);
  const { resource, nodeSelector } = whole;
  if (who !== "gke") return { ...whole, resource: resource.replace("/gpu", `/mig-${profile}`), memoryGiB };
  return { ...whole, memoryGiB, ...(nodeSelector && { nodeSelector: { ...nodeSelector, [GKE_PARTITION]: profile } }) };
}
