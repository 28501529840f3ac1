import type { Span } from "./release.ts";

/**
 * Facts about vLLM's compile cache, by release. Source: vllm/compilation/{compiler_interface,decorators}.py and
 * compile_factors in vllm/envs.py, read in the wheels of 0.10.2 to 0.33.0.
 */

/**
 * Artifacts are written next to their place and renamed; in earlier releases, engines that start together read each
 * other's partial files.
 */
export const SHAREABLE: Span = { from: "0.17.0" };

/**
 * Variables that are part of the cache's key although they differ from pod to pod: another pod does not find what one
 * pod compiled.
 */
export const IN_KEY: readonly ({ variable: string } & Span)[] = [
  { variable: "VLLM_NIXL_SIDE_CHANNEL_HOST", from: "0.12.0", until: "0.22.0" },
];
