import { z } from "zod";
import { stringMap } from "./atoms.ts";
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

const scaleToZero = z.strictObject({
  cooldownPeriod: z
    .int()
    .min(0)
    .optional()
    .describe(
      "Seconds from when no engine is wanted any more until the last one goes. Default: scaling.wva.keda's, else KEDA's 300.",
    ),
});

const DURATION = /^(\d+h(\d+m)?(\d+s)?(\d+ms)?|\d+m(\d+s)?(\d+ms)?|\d+s(\d+ms)?|\d+ms)$/;
const monitor = z.strictObject({
  interval: z
    .string()
    .regex(DURATION, "write a duration such as 30s")
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

const labelSelector = z.strictObject({
  matchLabels: stringMap.optional().describe("Labels with their values; all must match."),
  matchExpressions: z
    .array(
      z.strictObject({
        key: z.string().describe("The label."),
        operator: z.enum(["In", "NotIn", "Exists", "DoesNotExist"]).describe("How it is compared."),
        values: z.array(z.string()).optional().describe("Values, for In and NotIn."),
      }),
    )
    .optional()
    .describe("Requirements of labels; all must match."),
});

const networkPeer = z.strictObject({
  namespaceSelector: labelSelector
    .optional()
    .describe("Namespaces; with podSelector its pods in them. {} is every namespace. Default: the service's own."),
  podSelector: labelSelector.optional().describe("Pods. {} is every pod of the namespaces."),
  ipBlock: z
    .strictObject({
      cidr: z.string().describe("A range of addresses, e.g. 10.0.0.0/8."),
      except: z.array(z.string()).optional().describe("Ranges within that are left out."),
    })
    .optional()
    .describe("Addresses. Excludes the selectors."),
});

const networkPolicy = z.strictObject({
  from: z
    .array(networkPeer)
    .optional()
    .describe(
      "Who else may call the engines, as peers of a Kubernetes NetworkPolicy: Prometheus, clients that use the Service.",
    ),
});

const topologySpread = z.strictObject({
  topologyKey: z
    .string()
    .min(1)
    .optional()
    .describe("Label of nodes whose values engines are spread over. Default topology.kubernetes.io/zone."),
  maxSkew: z
    .int()
    .positive()
    .optional()
    .describe("By how many engines the fullest may be ahead of the emptiest. Default 1."),
  whenUnsatisfiable: z
    .enum(["ScheduleAnyway", "DoNotSchedule"])
    .optional()
    .describe("Whether an engine that cannot be spread runs nevertheless, or waits. Default ScheduleAnyway."),
});

const SIZE = /^(0*[1-9]\d*(\.\d+)?|0+\.0*[1-9]\d*)([KMGTPE]i|[kMGTPE])?$/;
const cache = z.strictObject({
  claimName: z
    .string()
    .min(1)
    .optional()
    .describe(
      "A PersistentVolumeClaim of the namespace that is there already. Excludes the fields of one that is made.",
    ),
  size: z
    .string()
    .regex(SIZE, "write a size such as 200Gi")
    .optional()
    .describe(
      "Size of the volume, e.g. 200Gi. Default for a model: three times its weights; for what is compiled 20Gi.",
    ),
  storageClassName: z.string().min(1).optional().describe("StorageClass of the volume. Default: the cluster's own."),
  accessMode: z
    .enum(["ReadWriteMany", "ReadWriteOnce"])
    .optional()
    .describe("ReadWriteOnce: all pods must be on one node. Default ReadWriteMany."),
  fsGroup: z
    .union([z.literal(false), z.int().min(1)])
    .optional()
    .describe(
      "Group of the volume's files, by which pods may write. Default 1000; false where the cluster sets one (OpenShift).",
    ),
});
export type Cache = z.infer<typeof cache>;
/** A name that stands in a label or annotation. */
const name = z.string().regex(/^[a-z0-9]([-a-z0-9.]{0,61}[a-z0-9])?$/, "write the name of an object");

const gangScheduling = z.strictObject({
  volcano: z
    .union([z.boolean(), z.strictObject({ queue: name.optional().describe("Volcano's Queue. Default: its own.") })])
    .optional()
    .describe("Volcano's scheduler places the pods; the LeaderWorkerSet controller must be set to it. Excludes kueue."),
  kueue: z
    .strictObject({
      queue: name.optional().describe("LocalQueue in the service's namespace; needed, by service or config."),
      priorityClass: name.optional().describe("WorkloadPriorityClass of Kueue. Default: the pods' PriorityClass."),
    })
    .optional()
    .describe("Kueue admits the pods, when its queue has the quota for all of them. Excludes volcano."),
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
  scaleToZero: z
    .union([z.boolean(), scaleToZero])
    .optional()
    .describe(
      "Engines go to zero while nobody uses them, and come back with the next request, which waits for them meanwhile. Needs scaling.wva.keda of every role, and a scheduler.",
    ),
  topologySpread: z
    .union([z.boolean(), topologySpread])
    .optional()
    .describe("Engines are spread over zones, racks or nodes; of groups the leaders, which the others follow."),
  exclusiveTopology: z
    .string()
    .min(1)
    .optional()
    .describe(
      "Label of nodes, e.g. of a rack or an NVLink domain: each group has the nodes of one of its values for itself, and all of its pods there. Groups only.",
    ),
  gangScheduling: z
    .union([z.boolean(), gangScheduling])
    .optional()
    .describe(
      "The pods of a group start all together or not at all: one of volcano and kueue says who sees to it. true: as a config has it. Groups only.",
    ),
  networkPolicy: z
    .union([z.boolean(), networkPolicy])
    .optional()
    .describe(
      "A NetworkPolicy that lets only the gateway's namespace and the service's own pods call the engines, and who else is named. What engines call stays open.",
    ),
  monitoring: monitoring.optional().describe("Who reads the metrics: objects of the Prometheus operator."),
  modelCache: z
    .union([z.boolean(), cache])
    .optional()
    .describe(
      "The model is downloaded once, by a Job, into a volume that all pods read: before any accelerator is asked for, and not again when pods come.",
    ),
  compileCache: z
    .union([z.boolean(), cache])
    .optional()
    .describe("What vLLM compiles is kept in a volume that its engines share, so that later ones start faster."),
});
export type Operations = z.infer<typeof operations>;

/** What a switch says: nothing in particular where it is only turned on; undefined where it is off. */
export function switchOf<Said extends object>(value: boolean | Said | undefined): Partial<Said> | undefined {
  if (value === undefined || value === false) return undefined;
  return value === true ? {} : value;
}
