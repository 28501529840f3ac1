import type { Span } from "./release.ts";

/**
 * What is known of vLLM's compile cache, by release. Source: vllm/compilation/{compiler_interface,decorators}.py and
 * compile_factors in vllm/envs.py, read in the wheels of 0.10.2 to 0.33.0.
 */

/** Artifacts are written beside their place and renamed; before, engines that start together read each other's halves. */
export const SHAREABLE: Span = { from: "0.17.0" };

/** Variables that the cache's key holds though they differ from pod to pod: what one pod compiled no other one finds. */
export const IN_KEY: readonly ({ variable: string } & Span)[] = [
  { variable: "VLLM_NIXL_SIDE_CHANNEL_HOST", from: "0.12.0", until: "0.22.0" },
];
