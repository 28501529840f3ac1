/**
 * Classes that stand in for an accelerator that the catalogue does not have: different ones in memory, compute
 * capability and, unless the name has one, vendor. What is wrong with each of them is wrong whatever accelerator is meant.
 * Source: the classes of catalogue.ts.
 */
const NVIDIA: readonly string[] = ["nvidia-h200-141gb", "nvidia-t4", "nvidia-a100-40gb", "nvidia-l4"];
const ANY: readonly string[] = ["nvidia-h200-141gb", "nvidia-t4", "amd-mi300x-192gb", "amd-mi210-64gb"];

/** How many classes stand in for one. */
export const STAND_INS = 4;

/** The class that stands in for a name, by the number of the attempt. */
export function standInFor(name: string, attempt: number): string | undefined {
  return (name.toLowerCase().startsWith("nvidia") ? NVIDIA : ANY)[attempt];
}
