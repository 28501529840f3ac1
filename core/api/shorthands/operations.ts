import { z } from "zod";
import { stringMap } from "../atoms.ts";
import { amount } from "./share.ts";

const podDisruptionBudget = z.strictObject({
  maxUnavailable: amount
    .optional()
    .describe(
      "Maximum number of engines that evictions may remove at the same time: a number, or a percentage of the replicas. Cannot be combined with `minAvailable`. Default: 1.",
    ),
  minAvailable: amount
    .optional()
    .describe(
      "Minimum number of engines that must stay available: a number, or a percentage of the replicas. Cannot be combined with `maxUnavailable`.",
    ),
});

const rollout = z.strictObject({
  maxSurge: amount
    .optional()
    .describe(
      "Number or percentage of engines that a rollout may start in addition to the replicas. With 0 a rollout needs no free accelerators. Default: 25% for pods, 0 for groups.",
    ),
  maxUnavailable: amount
    .optional()
    .describe(
      "Number or percentage of engines that may be missing during a rollout. Default: 25% for pods, rounded down, and 1 for groups.",
    ),
});

const pairedRollout = z.strictObject({
  mode: z
    .enum(["max-role", "sum"])
    .optional()
    .describe(
      "How the scheduler shares requests between two revisions: by the ready pods of the larger role, or by those of both roles. Default: max-role.",
    ),
  disaggregatedSet: z
    .boolean()
    .optional()
    .describe(
      "Creates one DisaggregatedSet with the roles prefill and decode instead of two workloads, so that its controller (LeaderWorkerSet 0.9 or later, for autoscaled roles 0.10 or later) replaces both in step. Default: false.",
    ),
});

const scaleToZero = z.strictObject({
  cooldownPeriod: z
    .int()
    .min(0)
    .optional()
    .describe(
      "Seconds without demand after which the last engine is removed. Default: `scaling.wva.keda.cooldownPeriod`, or 300, the default of KEDA.",
    ),
});

const DURATION = /^(\d+h(\d+m)?(\d+s)?(\d+ms)?|\d+m(\d+s)?(\d+ms)?|\d+s(\d+ms)?|\d+ms)$/;
const monitor = z.strictObject({
  interval: z
    .string()
    .regex(DURATION, "write a duration such as 30s")
    .optional()
    .describe("Interval between two scrapes, for example 30s. Default: the interval of Prometheus."),
  labels: stringMap
    .optional()
    .describe("Labels of the monitor, which a Prometheus selects monitors by, for example release: prometheus."),
});

const monitoring = z.strictObject({
  podMonitor: z
    .union([z.boolean(), monitor])
    .optional()
    .describe("Creates a PodMonitor of the Prometheus operator for the engines of each workload. Default: false."),
  serviceMonitor: z
    .union([z.boolean(), monitor])
    .optional()
    .describe("Creates a ServiceMonitor of the Prometheus operator for the scheduler. Default: false."),
});

const labelSelector = z.strictObject({
  matchLabels: stringMap.optional().describe("Labels and their values. All of them must match."),
  matchExpressions: z
    .array(
      z.strictObject({
        key: z.string().describe("Key of the label."),
        operator: z
          .enum(["In", "NotIn", "Exists", "DoesNotExist"])
          .describe("Operator that compares the label with the values."),
        values: z.array(z.string()).optional().describe("Values for the operators In and NotIn."),
      }),
    )
    .optional()
    .describe("Requirements on labels. All of them must match."),
});

const networkPeer = z.strictObject({
  namespaceSelector: labelSelector
    .optional()
    .describe(
      "Selects namespaces. Together with `podSelector` it selects pods in these namespaces. {} selects every namespace. Default: the namespace of the service.",
    ),
  podSelector: labelSelector.optional().describe("Selects pods. {} selects every pod of the namespaces."),
  ipBlock: z
    .strictObject({
      cidr: z.string().describe("Range of IP addresses, for example 10.0.0.0/8."),
      except: z.array(z.string()).optional().describe("Ranges inside `cidr` that are excluded."),
    })
    .optional()
    .describe("Range of IP addresses. Cannot be combined with the selectors."),
});

const networkPolicy = z.strictObject({
  from: z
    .array(networkPeer)
    .optional()
    .describe(
      "Additional peers that may call the engines, as in a Kubernetes NetworkPolicy, for example Prometheus or clients of the Service.",
    ),
});

const topologySpread = z.strictObject({
  topologyKey: z
    .string()
    .min(1)
    .optional()
    .describe("Node label; engines are spread over its values. Default: topology.kubernetes.io/zone."),
  maxSkew: z
    .int()
    .positive()
    .optional()
    .describe("Maximum difference between the numbers of engines of two values. Default: 1."),
  whenUnsatisfiable: z
    .enum(["ScheduleAnyway", "DoNotSchedule"])
    .optional()
    .describe(
      "What happens to an engine that would exceed `maxSkew`. ScheduleAnyway: it is scheduled anyway. DoNotSchedule: it waits. Default: ScheduleAnyway.",
    ),
});

const SIZE = /^(0*[1-9]\d*(\.\d+)?|0+\.0*[1-9]\d*)([KMGTPE]i|[kMGTPE])?$/;
const cache = z.strictObject({
  claimName: z
    .string()
    .min(1)
    .optional()
    .describe(
      "Name of an existing PersistentVolumeClaim. Cannot be combined with `size`, `storageClassName` or `accessMode`.",
    ),
  size: z
    .string()
    .regex(SIZE, "write a size such as 200Gi")
    .optional()
    .describe(
      "Size of the volume, for example 200Gi. Default: three times the size of the weights for a model cache, 20Gi for a compile cache.",
    ),
  storageClassName: z
    .string()
    .min(1)
    .optional()
    .describe("StorageClass of the volume. Default: the default StorageClass of the cluster."),
  accessMode: z
    .enum(["ReadWriteMany", "ReadWriteOnce"])
    .optional()
    .describe("Access mode of the volume. With ReadWriteOnce all pods must run on one node. Default: ReadWriteMany."),
  fsGroup: z
    .union([z.literal(false), z.int().min(1)])
    .optional()
    .describe(
      "Group ID that owns the files of the volume, so that pods can write them. Set it to false if the cluster assigns a group, as OpenShift does. Default: 1000.",
    ),
});
export type Cache = z.infer<typeof cache>;
/** A name that is used in a label or annotation. */
const name = z.string().regex(/^[a-z0-9]([-a-z0-9.]{0,61}[a-z0-9])?$/, "write the name of an object");

const gangScheduling = z.strictObject({
  volcano: z
    .union([
      z.boolean(),
      z.strictObject({ queue: name.optional().describe("Queue of Volcano. Default: the default queue of Volcano.") }),
    ])
    .optional()
    .describe(
      "Schedules the pods with Volcano. The LeaderWorkerSet controller must be configured for Volcano. Cannot be combined with `kueue`.",
    ),
  kueue: z
    .strictObject({
      queue: name
        .optional()
        .describe(
          "LocalQueue in the namespace of the service. Required: the service or one of its configs must set it.",
        ),
      priorityClass: name
        .optional()
        .describe("WorkloadPriorityClass of Kueue. Default: the PriorityClass of the pods."),
    })
    .optional()
    .describe("Lets Kueue admit the pods once its queue has quota for all of them. Cannot be combined with `volcano`."),
});

/** How a service is run: switches that add to its objects, and never change KServe's spec. */
export const operations = z.strictObject({
  podDisruptionBudget: z
    .union([z.boolean(), podDisruptionBudget])
    .optional()
    .describe(
      "Creates a PodDisruptionBudget for each workload, which limits how many of its engines (pods, or groups of pods) a node drain removes at the same time. true allows one. Default: false.",
    ),
  priorityClassName: z
    .string()
    .min(1)
    .optional()
    .describe(
      "PriorityClass of all pods of the service, including the scheduler. A `priorityClassName` in a template takes precedence.",
    ),
  rollout: rollout.optional().describe("How a rollout replaces the pods."),
  pairedRollout: z
    .union([z.boolean(), pairedRollout])
    .optional()
    .describe(
      "Replaces prefill and decode pods together: a change of either role replaces the pods of both, and the scheduler sends a request only to pods of one revision (from its release 0.10 on). Default: false.",
    ),
  scaleToZero: z
    .union([z.boolean(), scaleToZero])
    .optional()
    .describe(
      "Scales the engines to zero when there are no requests. The next request starts them again and waits until one is ready. Requires `scaling.wva.keda` for every role, and a scheduler. Default: false.",
    ),
  topologySpread: z
    .union([z.boolean(), topologySpread])
    .optional()
    .describe(
      "Spreads the engines over zones, racks or nodes. In a group, the leader is spread and the other pods follow it. Default: false.",
    ),
  exclusiveTopology: z
    .string()
    .min(1)
    .optional()
    .describe(
      "Node label, for example of a rack or an NVLink domain. All pods of a group run on nodes with one value of the label, and no other group uses these nodes. Only for groups.",
    ),
  gangScheduling: z
    .union([z.boolean(), gangScheduling])
    .optional()
    .describe(
      "Starts all pods of a group together or none of them. Set either `volcano` or `kueue`. true uses the one that a config sets. Only for groups. Default: false.",
    ),
  networkPolicy: z
    .union([z.boolean(), networkPolicy])
    .optional()
    .describe(
      "Creates a NetworkPolicy: only the namespace of the gateway, the pods of the service and the peers in `from` can call the engines. Outgoing traffic of the engines is not restricted. Default: false.",
    ),
  monitoring: monitoring.optional().describe("Monitors of the Prometheus operator, which scrape the metrics."),
  modelCache: z
    .union([z.boolean(), cache])
    .optional()
    .describe(
      "Downloads the model once, with a Job, into a volume that all pods read. The download finishes before any pod requests an accelerator, and new pods do not download the model again. Default: false.",
    ),
  compileCache: z
    .union([z.boolean(), cache])
    .optional()
    .describe(
      "Keeps the compile cache of vLLM in a volume that all engines share, so that later engines start faster. Requires vLLM 0.17 or later. Default: false.",
    ),
});
export type Operations = z.infer<typeof operations>;

/** The settings of a switch: empty if it is only turned on; undefined if it is off. */
export function switchOf<Options extends object>(value: boolean | Options | undefined): Partial<Options> | undefined {
  if (value === undefined || value === false) return undefined;
  return value === true ? {} : value;
}
