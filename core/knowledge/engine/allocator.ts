import { releaseNumber } from "./release.ts";

/** What PyTorch's allocator is told by, and the setting by which memory moves under a connector that has registered it. */
export const ALLOCATOR = { variable: "PYTORCH_CUDA_ALLOC_CONF", moving: "expandable_segments:True" } as const;

/** Flags by which the cache's memory stays where it is all the same. */
export const STAYING: readonly string[] = ["enable-sleep-mode", "enable-cumem-allocator"];

/**
 * The first releases that refuse it: beside a connector that hands cache to other pods, and beside any. Sources:
 * vllm-project/vllm#41237, merged in May 2026; `_verify_kv_transfer_compat`, vllm/config/vllm.py, vLLM 0.32.0.
 */
const REFUSED = { handing: "0.27.0", any: "0.32.0" };

/** Whether a release refuses moving memory beside a connector; one that is not known is taken for an old one. */
export function refusesMoving(release: number | undefined, isHanding: boolean): boolean {
  return (release ?? 0) >= (releaseNumber(isHanding ? REFUSED.handing : REFUSED.any) ?? 0);
}
