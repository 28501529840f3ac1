import { releaseNumber } from "./release.ts";

/**
 * The variables that configure PyTorch's allocator, and the setting that moves memory which a connector has registered.
 */
export const ALLOCATOR = { variable: "PYTORCH_CUDA_ALLOC_CONF", moving: "expandable_segments:True" } as const;

/** Flags that keep the cache's memory in place nevertheless. */
export const STAYING: readonly string[] = ["enable-sleep-mode", "enable-cumem-allocator"];

/**
 * The first release that refuses it together with any connector. Source: `_verify_kv_transfer_compat`,
 * vllm/config/vllm.py, in the package `vllm` of 0.20.2 to 0.33.0.
 */
const REFUSED = "0.21.0";

/** Whether a release refuses moving memory together with a connector; an unknown release counts as an old one. */
export function refusesMoving(release: number | undefined): boolean {
  return (release ?? 0) >= (releaseNumber(REFUSED) ?? 0);
}
