/**
 * Compute capability of NVIDIA's accelerators, times ten, by what the names of their classes begin with, the longest first.
 * Source: developer.nvidia.com/cuda-gpus.
 */
const CAPABILITIES: readonly (readonly [prefix: string, capability: number])[] = [
  ["nvidia-rtx-pro-", 120],
  ["nvidia-rtx-5090", 120],
  ["nvidia-gb10-", 121],
  ["nvidia-gb300-", 103],
  ["nvidia-b300-", 103],
  ["nvidia-gb200-", 100],
  ["nvidia-b200-", 100],
  ["nvidia-gh200-", 90],
  ["nvidia-h100-", 90],
  ["nvidia-h200-", 90],
  ["nvidia-h800-", 90],
  ["nvidia-h20-", 90],
  ["nvidia-rtx-6000-ada", 89],
  ["nvidia-rtx-4090", 89],
  ["nvidia-l40", 89],
  ["nvidia-l20", 89],
  ["nvidia-l4", 89],
  ["nvidia-rtx-a6000", 86],
  ["nvidia-rtx-3090", 86],
  ["nvidia-a40", 86],
  ["nvidia-a10", 86],
  ["nvidia-a100-", 80],
  ["nvidia-a800-", 80],
  ["nvidia-a30", 80],
  ["nvidia-t4", 75],
  ["nvidia-v100-", 70],
];

/** The compute capability of a class of the catalogue, times ten; undefined for other vendors' and for classes of a platform. */
export function capabilityOf(name: string): number | undefined {
  const fitting = CAPABILITIES.filter(([prefix]) => name.startsWith(prefix));
  return fitting.sort(([one], [other]) => other.length - one.length)[0]?.[1];
}
