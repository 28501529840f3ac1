/**
 * How much more may something cost than what is measured beside it in the same run, in processor time. Each bound is so far
 * above what it was when it was set that a noisy machine passes and work done twice does not; docs/benchmarks.md has the figures.
 */
export const BOUNDS = {
  /** A warm plan of one node, beside the reference work (reference.ts): it was 0.8 × on 2026-11-27. */
  single: 2,
  /** The same for prefill and decode with route, pool and scheduler: it was 1.8 to 2.2 ×. */
  disaggregated: 5,
  /** Twice as many different services in one process: 2 × is linear. */
  doubled: 3,
  /** The provider up to its first GetSchema without a compile cache, beside a bundle without our code: it was 1.3 to 1.5 ×. */
  start: 2,
  startMegabytes: 110,
} as const;
