import { positionIn, type Span } from "../release.ts";

/** The variable that sets the size of the KV cache on CPUs, in whole GiB. */
export const CPU_CACHE = "VLLM_CPU_KVCACHE_SPACE";

/**
 * Releases whose cache has 4 GiB on CPUs if the variable is not set; later ones take a share of the free memory.
 * Source: get_device_total_memory and check_and_update_config, vllm/platforms/cpu.py, 0.8.0 to 0.33.0.
 */
const FOUR: Span = { until: "0.13.0" };
const DEFAULT_GIB = 4;

/** The cache of an engine on CPUs, in GiB; undefined if it follows from the memory of the node, or is not known. */
export function cpuCacheGiB(value: string | undefined, release: number): number | undefined {
  if (value === undefined) return positionIn(FOUR, release) === "inside" ? DEFAULT_GIB : undefined;
  const size = Number(value);
  return /^\d+$/.test(value) && size > 0 ? size : undefined;
}
