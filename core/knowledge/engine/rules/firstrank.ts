import { releaseNumber } from "../release.ts";

/**
 * From this release on, a server with a first data-parallel rank balances between servers (hybrid load balancer), even
 * if the rank is 0, and then refuses engines with `--headless`; before, 0 counted as unset. Source:
 * create_engine_config in vllm/engine/arg_utils.py of 0.27.1 and 0.28.0, every release up to 0.33.0;
 * gpustack/gpustack#6236.
 */
const SINCE = releaseNumber("0.28.0") ?? 0;

/**
 * Whether the leader of a group with headless followers must not have a first rank; undefined if the release is
 * unknown.
 */
export function refusesFirstRank(release: number | undefined): boolean | undefined {
  return release === undefined ? undefined : release >= SINCE;
}
