import type { LLMInferenceServiceConfigSpec } from "../../api/service.ts";
import { ANNOTATION, LABEL, labelsOf, POD_PATH, PORT } from "../../contract/names.ts";
import type { JsonObject } from "../../kubernetes/json.ts";
import type { Container } from "../../kubernetes/objects.ts";
import { MAIN } from "../../kubernetes/workloads/pods.ts";
import type { SchedulerFacts } from "../stacks/stack.ts";
import { hardened, withTls } from "./parts.ts";

const NAMESPACE = "{{ .ObjectMeta.Namespace }}";
const SERVICE_PATH = `/${NAMESPACE}/{{ .ObjectMeta.Name }}`;
/** A model is also reachable under its publisher's path, so that services of several namespaces can share a gateway. */
const PUBLISHED_MODEL = `publishers/${NAMESPACE}/models/{{ .Spec.Model.Name }}`;
const MODEL_HEADER = { type: "Exact", name: "{{ .GlobalConfig.ModelBasedRoutingHeaderName }}", value: PUBLISHED_MODEL };

/** The APIs that the scheduler understands, so that it can choose an engine for them. */
const SCHEDULED = {
  "v1-completions": "/v1/completions",
  "v1-chat-completions": "/v1/chat/completions",
  "v1-responses": "/v1/responses",
  "v1-messages": "/v1/messages",
} as const;

const POOL = {
  group: "inference.networking.k8s.io",
  kind: "InferencePool",
  name: "{{ ChildName .ObjectMeta.Name `-inference-pool` }}",
  port: PORT.service,
  weight: 1,
};
const WORKLOAD = {
  group: "",
  kind: "Service",
  name: "{{ ChildName .ObjectMeta.Name `-kserve-workload-svc` }}",
  port: PORT.service,
  weight: 1,
};
/** Answers stream for as long as they take: only the client sets a time-out. */
const TIMEOUTS = { request: "0s", backendRequest: "0s" };

/**
 * The route: first the scheduled APIs, by the service's path, by the model's header and by its publisher's path; then
 * everything else, which any engine can answer, directly to the workload.
 */
export function routePreset(): LLMInferenceServiceConfigSpec {
  const parents = {
    group: "gateway.networking.k8s.io",
    kind: "Gateway",
    name: "{{ .GlobalConfig.IngressGatewayName }}",
    namespace: "{{ .GlobalConfig.IngressGatewayNamespace }}",
  };
  const scheduled = Object.entries(SCHEDULED);
  const byHeader = scheduled.flatMap(([, path]) =>
    [path, `${path}/`].map((value) => ({ path: { type: "Exact", value }, headers: [MODEL_HEADER] })),
  );
  const rules: JsonObject[] = [
    ...scheduled.map(([name, path]) => rewriting(`${name}-path`, `${SERVICE_PATH}${path}`, path, POOL)),
    { name: "v1-model-routing", matches: byHeader, backendRefs: [POOL], timeouts: TIMEOUTS },
    ...scheduled.map(([name, path]) => rewriting(`${name}-publisher-path`, `/${PUBLISHED_MODEL}${path}`, path, POOL)),
    rewriting("v1-publisher-path-catch-all", `/${PUBLISHED_MODEL}`, "/", WORKLOAD),
    rewriting("v1-catch-all-path", SERVICE_PATH, "/", WORKLOAD),
    {
      name: "v1-catch-all-model-routing",
      matches: [{ path: { type: "PathPrefix", value: "/" }, headers: [MODEL_HEADER] }],
      backendRefs: [WORKLOAD],
      timeouts: TIMEOUTS,
    },
  ];
  return { router: { route: { http: { spec: { parentRefs: [parents], rules } } } } };
}

/** A rule for one path prefix; the engine only sees the API's own part of the path. */
function rewriting(name: string, prefix: string, replacement: string, backend: JsonObject): JsonObject {
  return {
    name,
    matches: [{ path: { type: "PathPrefix", value: prefix } }],
    filters: [
      { type: "URLRewrite", urlRewrite: { path: { type: "ReplacePrefixMatch", replacePrefixMatch: replacement } } },
    ],
    backendRefs: [backend],
    timeouts: TIMEOUTS,
  };
}

/** The grace period minus the preStop hook and a reserve, by the formula of the engines. */
const DRAIN_SECONDS = "{{ shutdownTimeout .Spec.Router.Scheduler.Template 15 }}";

/** llm-d's endpoint picker, with the pool that it chooses from. */
export function schedulerPreset({ image, version, drainFlag }: SchedulerFacts): LLMInferenceServiceConfigSpec {
  return {
    router: {
      scheduler: {
        annotations: { [ANNOTATION.version]: version },
        pool: {
          spec: {
            // Every pod that serves the service; the CRD of the configs requires the field.
            selector: { matchLabels: { ...labelsOf("{{ .ObjectMeta.Name }}"), [LABEL.kserveComponent]: "workload" } },
            targetPorts: [{ number: PORT.service }],
            endpointPickerRef: {
              kind: "Service",
              name: "{{ ChildName .ObjectMeta.Name `-epp-service` }}",
              port: { number: PORT.picker },
              // Without a scheduler requests still reach an engine, but not the best one.
              failureMode: "FailOpen",
            },
          },
        },
        template: {
          terminationGracePeriodSeconds: 60,
          containers: [pickerContainer({ image, drainFlag })],
          volumes: [
            {
              name: "tls-certs",
              secret: { secretName: "{{ ChildName .ObjectMeta.Name `-kserve-self-signed-certs` }}", optional: true },
            },
          ],
        },
      },
    },
  };
}

function pickerContainer({ image, drainFlag }: Pick<SchedulerFacts, "image" | "drainFlag">): Container {
  const health = (service: string, initialDelaySeconds: number) => ({
    grpc: { port: PORT.pickerHealth, service },
    initialDelaySeconds,
    periodSeconds: 10,
    timeoutSeconds: 1,
    failureThreshold: 3,
  });
  return {
    name: MAIN,
    image,
    imagePullPolicy: "IfNotPresent",
    command: [
      "/app/epp",
      "--pool-name={{ ChildName .ObjectMeta.Name `-inference-pool` }}",
      `--pool-namespace=${NAMESPACE}`,
      "--zap-encoder=json",
      `--grpc-port=${PORT.picker}`,
      `--grpc-health-port=${PORT.pickerHealth}`,
      ...(drainFlag === undefined ? [] : [`--${drainFlag}=${DRAIN_SECONDS}s`]),
      withTls("--secure-serving=true"),
      withTls("--enable-cert-reload=true"),
      withTls("--model-server-metrics-scheme=https"),
      withTls(`--cert-path=${POD_PATH.certificates}`),
    ],
    env: [
      {
        name: "SSL_CERT_DIR",
        value: `${POD_PATH.certificates}:${POD_PATH.serviceAccount}:/etc/pki/tls/certs`,
      },
    ],
    ports: [
      { name: "grpc", containerPort: PORT.picker, protocol: "TCP" },
      { name: "grpc-health", containerPort: PORT.pickerHealth, protocol: "TCP" },
      { name: "metrics", containerPort: 9090, protocol: "TCP" },
      { name: "zmq", containerPort: PORT.kvEvents, protocol: "TCP" },
    ],
    livenessProbe: health("liveness", 5),
    readinessProbe: health("readiness", 30),
    lifecycle: { preStop: { exec: { command: ["/bin/sleep", "15"] } } },
    resources: { requests: { cpu: "1", memory: "2Gi" }, limits: { cpu: "6", memory: "16Gi" } },
    securityContext: { ...hardened(), readOnlyRootFilesystem: true },
    terminationMessagePath: "/dev/termination-log",
    terminationMessagePolicy: "FallbackToLogsOnError",
    volumeMounts: [{ name: "tls-certs", mountPath: POD_PATH.certificates, readOnly: true }],
  };
}

/** The default target of traces if `tracing` is set: a collector in the cluster, for one request in twenty. */
export function tracingPreset(): LLMInferenceServiceConfigSpec {
  return {
    tracing: {
      exporter: "otlp",
      exporterEndpoint: "http://otel-collector:4317",
      sampler: "parentbased_traceidratio",
      samplerArg: "0.05",
    },
  };
}
