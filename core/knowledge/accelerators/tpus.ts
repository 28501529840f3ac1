import { entryOf } from "../../kubernetes/table.ts";

/** Labels by which GKE's nodes of TPUs are selected. */
export const TPU_KIND = "cloud.google.com/gke-tpu-accelerator";
export const TPU_TOPOLOGY = "cloud.google.com/gke-tpu-topology";

/** Two-dimensional slices on offer, the same for each generation that has them. */
const PLANE = ["1x1", "2x2", "2x4", "4x4", "4x8", "8x8", "8x16", "16x16"];

/**
 * Dimensions of a slice, by GKE's name of the generation. Source: cloud.google.com/kubernetes-engine/docs/concepts/plan-tpus; the
 * topologies and numbers of chips of GoogleCloudPlatform/kubernetes-engine-samples and AI-Hypercomputer/tpu-recipes agree with it.
 */
const DIMENSIONS: Readonly<Record<string, 2 | 3>> = {
  "tpu-v4-podslice": 3,
  "tpu-v5-lite-device": 2,
  "tpu-v5-lite-podslice": 2,
  "tpu-v5p-slice": 3,
  "tpu-v6e-slice": 2,
  tpu7x: 3,
};

export const TPU_KINDS: readonly string[] = Object.keys(DIMENSIONS);

/** A slice: chips that a dedicated network connects, on one node or several. */
export interface Slice {
  topology: string;
  chips: number;
  /** Chips per node: a slice of eight is one node or two. */
  perNode: readonly number[];
}

/** Why no node has a topology, with the probably intended one if there is one; undefined for an existing slice. */
export interface NoSlice {
  why: "no topology" | "other dimensions" | "not sold";
  dimensions: 2 | 3;
  meant?: string;
}

/** The slice of a topology of a generation; undefined for an unknown generation. */
export function sliceOf(kind: string, topology: string): Slice | NoSlice | undefined {
  const dimensions = entryOf(DIMENSIONS, kind);
  if (dimensions === undefined) return undefined;
  if (!/^[1-9]\d{0,3}x[1-9]\d{0,3}(?:x[1-9]\d{0,3})?$/.test(topology)) {
    const meant = topology.toLowerCase().replace(/[^0-9x]/g, "");
    const found = meant === topology ? undefined : sliceOf(kind, meant);
    return { why: "no topology", dimensions, ...(found && !("why" in found) && { meant }) };
  }
  const sizes = topology.split("x").map(Number);
  const chips = sizes.reduce((all, size) => all * size, 1);
  if (sizes.length !== dimensions) {
    const meant = topologyOf(kind, chips);
    return { why: "other dimensions", dimensions, ...(meant !== undefined && { meant }) };
  }
  if (isSold(topology, dimensions)) return { topology, chips, perNode: chipsOfNode(dimensions, chips) };
  const sorted = [...sizes].sort((a, b) => a - b).join("x");
  return { why: "not sold", dimensions, ...(isSold(sorted, dimensions) && { meant: sorted }) };
}

/** Slices of three dimensions grow in the last one first; from 64 chips on each dimension is a multiple of 4. */
function isSold(topology: string, dimensions: 2 | 3): boolean {
  if (dimensions === 2) return PLANE.includes(topology);
  if (SMALL.includes(topology)) return true;
  const sizes = topology.split("x").map(Number);
  return sizes.every((size, i) => size % 4 === 0 && size >= (sizes[i - 1] ?? 4));
}

const SMALL = ["1x1x1", "1x2x1", "2x1x1", "1x1x2", "2x2x1", "2x2x2", "2x2x4", "2x4x4"];

function chipsOfNode(dimensions: 2 | 3, chips: number): number[] {
  if (chips <= 4) return [chips];
  return dimensions === 2 && chips === 8 ? [8, 4] : [4];
}

/** The topology of a number of chips, if there is only one. */
export function topologyOf(kind: string, chips: number): string | undefined {
  const all = entryOf(DIMENSIONS, kind) === 2 ? PLANE : ["1x1x1", "2x2x1", "2x2x2", "2x2x4", "2x4x4", "4x4x4"];
  return all.find((one) => one.split("x").reduce((product, size) => product * Number(size), 1) === chips);
}
