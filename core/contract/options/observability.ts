import { z } from "zod";
import { namespaceName, stringMap } from "../../api/atoms.ts";
import { option } from "./option.ts";

/** When an alert fires. A threshold that is not set keeps its default. */
export const DEFAULT_THRESHOLDS = {
  timeToFirstTokenSeconds: 5,
  interTokenLatencySeconds: 0.2,
  waitingRequestsPerEngine: 5,
  kvCacheUsage: 0.95,
  preemptionsPerRequest: 0.1,
  failedRequests: 0.05,
  pendingMinutes: 20,
} as const;

const share = z.number().gt(0).max(1);
const thresholds = z.strictObject({
  timeToFirstTokenSeconds: option(
    z.number().positive(),
    "99th percentile of the time to the first token, above which LLMTimeToFirstTokenHigh fires.",
    { byDefault: DEFAULT_THRESHOLDS.timeToFirstTokenSeconds, unit: "seconds" },
  ),
  interTokenLatencySeconds: option(
    z.number().positive(),
    "99th percentile of the time between two tokens, above which LLMInterTokenLatencyHigh fires.",
    { byDefault: DEFAULT_THRESHOLDS.interTokenLatencySeconds, unit: "seconds" },
  ),
  waitingRequestsPerEngine: option(
    z.number().positive(),
    "Mean number of requests that wait in an engine, above which LLMPoolQueueHigh fires. LLMQueueGrowing fires too if the number is growing.",
    { byDefault: DEFAULT_THRESHOLDS.waitingRequestsPerEngine, unit: "requests" },
  ),
  kvCacheUsage: option(share, "Share of the KV cache in use, from 0 to 1, above which LLMKVCacheFull fires.", {
    byDefault: DEFAULT_THRESHOLDS.kvCacheUsage,
  }),
  preemptionsPerRequest: option(
    z.number().positive(),
    "Preemptions for each finished request, above which LLMPreemptionsHigh fires.",
    { byDefault: DEFAULT_THRESHOLDS.preemptionsPerRequest },
  ),
  failedRequests: option(
    share,
    "Share of the requests that fail for a reason other than the request itself, from 0 to 1, above which LLMRequestsFail fires.",
    { byDefault: DEFAULT_THRESHOLDS.failedRequests },
  ),
  pendingMinutes: option(
    z.int().positive(),
    "Minutes for which a pod may be pending, and replicas may be missing, before LLMPodPending and LLMReplicasMissing fire. A large model takes long to load.",
    { byDefault: DEFAULT_THRESHOLDS.pendingMinutes, unit: "minutes" },
  ),
});
/** The thresholds of the alerts, all of them. */
export type Thresholds = Required<z.infer<typeof thresholds>>;

const dashboards = z.strictObject({
  labels: option(stringMap, "Labels of the ConfigMaps, by which the sidecar of Grafana finds them.", {
    byDefault: 'grafana_dashboard: "1"',
  }),
  annotations: option(
    stringMap,
    "Annotations of the ConfigMaps, for example grafana_folder, by which the sidecar of Grafana chooses the folder.",
  ),
});

const rules = z.strictObject({
  format: option(
    z.enum(["PrometheusRule", "ConfigMap"]),
    "Object that holds the rules. PrometheusRule: for the Prometheus operator. ConfigMap: a file of rules for a Prometheus that mounts it.",
    { byDefault: "PrometheusRule" },
  ),
  labels: option(
    stringMap,
    "Labels of the object, which a Prometheus selects rules by, for example release: prometheus.",
  ),
  alertLabels: option(stringMap, "Labels that are added to every alert, for example team: inference."),
  thresholds: option(thresholds, "Values above which alerts fire."),
});

export const observability = z.strictObject({
  namespace: option(namespaceName, "Namespace of the dashboards and rules. It must exist.", {
    byDefault: "the system namespace",
  }),
  dashboards: option(
    z.union([z.boolean(), dashboards]),
    "Creates a ConfigMap for each Grafana dashboard: engines, scheduler and scaling.",
    { byDefault: false },
  ),
  rules: option(
    z.union([z.boolean(), rules]),
    "Creates recording rules and alerts of Prometheus for the engines, the scheduler and the autoscaler.",
    { byDefault: false },
  ),
});
export type Observability = z.infer<typeof observability>;
