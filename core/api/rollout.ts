import { z } from "zod";
import { inCrd } from "./atoms.ts";

/** A number of replicas or a percentage of them; a rule decides which values are valid, as in KServe. */
const amount = inCrd(z.union([z.int(), z.string()]).optional(), { "x-kubernetes-int-or-string": true });

/** How a workload's pods or groups are replaced. Source: RolloutStrategy, llm_inference_service_types.go, KServe v0.21. */
export const rolloutStrategy = z.strictObject({
  maxUnavailable: amount.describe(
    "Number or percentage of the replicas that may be missing during a rollout. Default: 25% for pods, 1 for groups.",
  ),
  maxSurge: amount.describe(
    "Number or percentage of the replicas that a rollout may start in addition. Default: 25% for pods, 0 for groups.",
  ),
});
