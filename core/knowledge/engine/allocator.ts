import { releaseNumber } from "./release.ts";

/** What PyTorch's allocator is told by, and the setting by which memory moves under a connector that has registered it. */
export const ALLOCATOR = { variable: "PYTORCH_CUDA_ALLOC_CONF", moving: "expandable_segments:True" } as const;

/** Flags by which the cache's memory stays where it is all the same. */
export const STAYING: readonly string[] = ["enable-sleep-mode", "enable-cumem-allocator"];

/** The first release that refuses it beside any connector. Source: `_verify_kv_transfer_compat`, vllm/config/vllm.py, in the package `vllm` of 0.20.2 to 0.33.0. */
const REFUSED = "0.21.0";

/** Whether a release refuses moving memory beside a connector; one that is not known is taken for an old one. */
export function refusesMoving(release: number | undefined): boolean {
  return (release ?? 0) >= (releaseNumber(REFUSED) ?? 0);
}
