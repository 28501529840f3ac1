import { remembering } from "../../kubernetes/remember.ts";
import { inOtherLetters } from "../../kubernetes/schema/rightfix.ts";
import { type Spans, spansOf } from "./releases.ts";

/** What a flag takes: a switch takes no separate word, but accepts `=true` or `=false`. */
type SchedulerFlagKind = "switch" | "text" | "number" | "duration";

export interface SchedulerFlag extends Spans {
  kind: SchedulerFlagKind;
}

/**
 * Every flag of the endpoint picker: `NAME:KIND llm-d@FROM-UNTIL gie@FROM-UNTIL`; without a span the family never had it.
 * Source: cmd/epp/runner/runner.go and pkg/epp/server/options.go of gateway-api-inference-extension 0.5 to 1.5, on which
 * llm-d-inference-scheduler 0.2 to 0.8 are built, and of llm-d-router 0.9 and 0.10; `zap-…` are controller-runtime's.
 */
const FLAGS = `
  DestinationEndpointHintMetadataNamespace:text llm-d@-0.3 gie@-1.0
  allow-experimental-plugins:switch llm-d@0.10-
  cache-info-metric:text llm-d@0.4- gie@1.1-
  cert-path:text llm-d@0.3- gie@1.0-
  certPath:text llm-d@-0.3 gie@-1.0
  config-file:text llm-d@0.3- gie@1.0-
  config-text:text llm-d@0.3- gie@1.0-
  configFile:text llm-d@-0.3 gie@-1.0
  configText:text llm-d@-0.3 gie@-1.0
  destinationEndpointHintKey:text llm-d@-0.3 gie@-1.0
  disable-endpoint-subset-filter:switch llm-d@0.5- gie@1.3-
  drain-timeout:duration llm-d@0.10-
  emit-endpoint-scores:switch llm-d@0.10-
  enable-cert-reload:switch llm-d@0.5- gie@1.3-
  enable-grpc-stream-metrics:switch llm-d@0.9-
  enable-pprof:switch llm-d@0.3- gie@1.0-
  enablePprof:switch llm-d@-0.3 gie@-1.0
  endpoint-selector:text llm-d@0.4- gie@1.2-
  endpoint-target-ports:text llm-d@0.4- gie@1.2-
  grpc-health-port:number llm-d@0.3- gie@1.0-
  grpc-max-recv-msg-size:text llm-d@0.9-
  grpc-max-send-msg-size:text llm-d@0.9-
  grpc-port:number llm-d@0.3- gie@1.0-
  grpcHealthPort:number llm-d@-0.3 gie@-1.0
  grpcPort:number llm-d@-0.3 gie@-1.0
  ha-enable-leader-election:switch llm-d@0.3- gie@1.0-
  health-checking:switch llm-d@0.3- gie@1.0-
  healthChecking:switch llm-d@-0.3 gie@-1.0
  kv-cache-usage-percentage-metric:text llm-d@0.3- gie@1.0-
  kvCacheUsagePercentageMetric:text llm-d@-0.3 gie@-1.0
  lora-info-metric:text llm-d@0.3- gie@1.0-
  loraInfoMetric:text llm-d@-0.3 gie@-1.0
  metrics-cert-dir:text llm-d@0.10-
  metrics-client-ca-file:text llm-d@0.10-
  metrics-endpoint-auth:switch llm-d@0.4- gie@1.1-
  metrics-port:number llm-d@0.3- gie@1.0-
  metrics-staleness-threshold:duration llm-d@0.3- gie@1.0-
  metricsPort:number llm-d@-0.3 gie@-1.0
  model-server-metrics-https-insecure-skip-verify:switch llm-d@0.3-0.10 gie@1.0-
  model-server-metrics-path:text llm-d@0.3-0.10 gie@1.0-
  model-server-metrics-port:number llm-d@0.3-0.10 gie@1.0-
  model-server-metrics-scheme:text llm-d@0.3-0.10 gie@1.0-
  modelServerMetricsHttpsInsecureSkipVerify:switch llm-d@-0.3 gie@-1.0
  modelServerMetricsPath:text llm-d@-0.3 gie@-1.0
  modelServerMetricsPort:number llm-d@-0.3 gie@-1.0
  modelServerMetricsScheme:text llm-d@-0.3 gie@-1.0
  pool-group:text llm-d@0.3- gie@1.0-
  pool-name:text llm-d@0.3- gie@1.0-
  pool-namespace:text llm-d@0.3- gie@1.0-
  poolName:text llm-d@-0.3 gie@-1.0
  poolNamespace:text llm-d@-0.3 gie@-1.0
  refresh-metrics-interval:duration llm-d@0.3- gie@1.0-
  refresh-prometheus-metrics-interval:duration llm-d@0.3- gie@1.0-
  refreshMetricsInterval:duration llm-d@-0.3 gie@-1.0
  refreshPrometheusMetricsInterval:duration llm-d@-0.3 gie@-1.0
  secure-serving:switch llm-d@0.3- gie@1.0-
  secureServing:switch llm-d@-0.3 gie@-1.0
  tls-cipher-suites:text llm-d@0.10-
  tls-min-version:text llm-d@0.10-
  total-queued-requests-metric:text llm-d@0.3- gie@1.0-
  total-running-requests-metric:text llm-d@0.5- gie@1.3-
  totalQueuedRequestsMetric:text llm-d@-0.3 gie@-1.0
  tracing:switch llm-d@0.4- gie@1.1-
  v:number llm-d@- gie@-
  zap-devel:switch llm-d@- gie@-
  zap-encoder:text llm-d@- gie@-
  zap-log-level:text llm-d@- gie@-
  zap-stacktrace-level:text llm-d@- gie@-
  zap-time-encoding:text llm-d@- gie@-
`;

const TABLE: ReadonlyMap<string, SchedulerFlag> = new Map(
  FLAGS.trim()
    .split("\n")
    .map((row) => {
      const [head = "", ...words] = row.trim().split(" ");
      const [name = "", kind] = head.split(":");
      return [name, { kind: kind as SchedulerFlagKind, ...spansOf(words) }] as const;
    }),
);

export function schedulerFlag(name: string): SchedulerFlag | undefined {
  return TABLE.get(name);
}

export function schedulerFlags(): string[] {
  return [...TABLE.keys()];
}

export function isSchedulerSwitch(name: string): boolean {
  return TABLE.get(name)?.kind === "switch";
}

const SCHEMES: readonly string[] = ["http", "https"];
const LAST_PORT = 65_535;

/**
 * Why no scheduler can use the value of a flag, and what to write; undefined if it can, or if the value is known only in
 * the pod. Source: Validate in pkg/epp/server/options.go and runner.go of the releases above, which compare the scheme
 * with these words and end; ports are not checked there, but no connection to a larger one is possible.
 */
export function wrongSchedulerValue(
  name: string,
  value: string,
): { why: string; fix: string; right?: string } | undefined {
  const kebab = otherSpelling(name) ?? name;
  if (value.includes("$") || value.includes("{{")) return undefined;
  if ([name, kebab].includes("model-server-metrics-scheme") && !SCHEMES.includes(value)) {
    const right = inOtherLetters(value, SCHEMES);
    return { why: "it must be http or https", fix: `write ${right ?? SCHEMES.join(" or ")}`, ...(right && { right }) };
  }
  const isPort = /[-a-z]port$/i.test(name) && TABLE.get(name)?.kind === "number";
  return isPort && /^\d+$/.test(value) && Number(value) > LAST_PORT
    ? { why: `the largest port is ${LAST_PORT}`, fix: `write a number up to ${LAST_PORT}` }
    : undefined;
}

/**
 * The other spelling of a flag: camelCase until llm-d 0.3 and the extension 1.0, kebab-case since. No release accepts
 * both.
 */
export const otherSpelling = remembering((name: string): string | undefined => {
  const kebab = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`).replace(/^-/, "");
  const camel = name.replace(/-([a-z])/g, (_dash, letter: string) => letter.toUpperCase());
  return [kebab, camel].find((one) => one !== name && TABLE.has(one));
});

/**
 * What replaced removed flags. Source: llm-d-router 0.10, pkg/epp/server/options.go and the plugin metrics-data-source.
 */
export const FLAG_SUCCESSORS: Readonly<Record<string, string>> = {
  "model-server-metrics-scheme": "set scheme in the parameters of the plugin metrics-data-source",
  "model-server-metrics-path": "set path in the parameters of the plugin metrics-data-source",
  "model-server-metrics-https-insecure-skip-verify":
    "set insecureSkipVerify in the parameters of the plugin metrics-data-source",
  "model-server-metrics-port": "set port in the parameters of the plugin metrics-data-source",
};

/**
 * Flags for the names of metrics: from these releases on they are no longer read, and the plan moves them into the
 * configuration.
 */
export const METRIC_FLAG =
  /^(total-queued-requests|total-running-requests|kv-cache-usage-percentage|lora-info|cache-info)-metric$/;

/** Flags for reading metrics: removed in llm-d's 0.10, which reads the parameters of the plugin metrics-data-source. */
export const MOVED_FLAG = /^model-server-metrics-/;
