import { z } from "zod";
import { stringMap } from "./kubernetes.ts";
import { amount } from "./share.ts";

const podDisruptionBudget = z.strictObject({
  maxUnavailable: amount
    .optional()
    .describe("Engines that evictions may take away at a time: a number, or a percentage of the replicas. Default 1."),
  minAvailable: amount
    .optional()
    .describe("Engines that evictions must leave: a number, or a percentage of the replicas. Excludes maxUnavailable."),
});

const rollout = z.strictObject({
  maxSurge: amount
    .optional()
    .describe(
      "Engines above the wanted number while a change rolls out: 0 needs no free accelerators. Default 25 % for pods, 0 for groups.",
    ),
  maxUnavailable: amount
    .optional()
    .describe(
      "Engines below the wanted number while a change rolls out. Default 25 % for pods, rounded down, and 1 for groups.",
    ),
});

const monitor = z.strictObject({
  interval: z
    .string()
    .regex(/^(?=.)(\d+h)?(\d+m)?(\d+s)?(\d+ms)?$/, "write a duration such as 30s")
    .optional()
    .describe("How often metrics are read, e.g. 30s. Default: Prometheus' own."),
  labels: stringMap
    .optional()
    .describe("Labels by which a Prometheus selects what it reads, e.g. release: prometheus."),
});

const monitoring = z.strictObject({
  podMonitor: z
    .union([z.boolean(), monitor])
    .optional()
    .describe("A PodMonitor of the Prometheus operator for the engines of each workload."),
  serviceMonitor: z
    .union([z.boolean(), monitor])
    .optional()
    .describe("A ServiceMonitor of the Prometheus operator for the scheduler."),
});

/** How a service is run: switches that add to its objects, and never to what KServe's spec says. */
export const operations = z.strictObject({
  podDisruptionBudget: z
    .union([z.boolean(), podDisruptionBudget])
    .optional()
    .describe(
      "A PodDisruptionBudget for each workload: how many of its engines (pods, or groups of pods) a drain of nodes may take away at a time. true: one.",
    ),
  priorityClassName: z
    .string()
    .min(1)
    .optional()
    .describe("PriorityClass of all pods of the service, the scheduler's too, where their template names none."),
  rollout: rollout.optional().describe("How a change of the pods replaces them."),
  monitoring: monitoring.optional().describe("Who reads the metrics: objects of the Prometheus operator."),
});
export type Operations = z.infer<typeof operations>;
