import { releaseNumber } from "../engine/release.ts";

/** vLLM 0.20 raised the default share of the memory. Source: CacheConfig.gpu_memory_utilization, vllm/config/cache.py. */
const UTILIZATION = [
  { from: "0.20.0", share: 0.92 },
  { from: "0.0.0", share: 0.9 },
];

/** The share of a device's memory that a release takes by default. */
export function defaultUtilization(release: number): number | undefined {
  return UTILIZATION.find(({ from }) => release >= (releaseNumber(from) ?? 0))?.share;
}
