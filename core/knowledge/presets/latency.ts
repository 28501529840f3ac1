import type { LLMInferenceServiceConfigSpec } from "../../api/service.ts";
import type { Container, PodSpec } from "../../kubernetes/objects.ts";
import { MAIN } from "../../kubernetes/workloads/pods.ts";
import { hardened } from "./parts.ts";

const TRAINING_PORT = 8000;
const PREDICTION_PORT = 8001;
const TRAINING_URL = `http://localhost:${TRAINING_PORT}`;
const PREDICTION_URL = `http://localhost:${PREDICTION_PORT}`;
/** Both servers must use the same method: gradient-boosted trees that predict the mean. */
const LEARNED = { LATENCY_MODEL_TYPE: "xgboost", LATENCY_OBJECTIVE_TYPE: "mean" };
/** Prediction runs in as many workers as it has CPUs, each with one thread. */
const PREDICTION_WORKERS = 28;

interface ServerParts {
  name: string;
  port: { name: string; number: number };
  /** Where it keeps its models, and the size of that volume. */
  models: { path: string; room: string };
  /** The prefix of the variables that name its models' files. */
  prefix: string;
  env: Readonly<Record<string, string>>;
  probes: Pick<Container, "startupProbe" | "livenessProbe" | "readinessProbe">;
  resources: NonNullable<Container["resources"]>;
}

const PROBE = { failureThreshold: 3, timeoutSeconds: 5, periodSeconds: 10 };

/** Learns continuously from the latencies of requests: every ten seconds, once there are a hundred new samples. */
const TRAINING: ServerParts = {
  name: "training-server",
  port: { name: "training-port", number: TRAINING_PORT },
  models: { path: "/models", room: "20Gi" },
  prefix: "LATENCY",
  env: {
    LATENCY_RETRAINING_INTERVAL_SEC: "10",
    LATENCY_MIN_SAMPLES_FOR_RETRAIN: "100",
    LATENCY_MAX_TRAINING_DATA_SIZE_PER_BUCKET: "500",
    ...LEARNED,
  },
  probes: {
    startupProbe: { ...PROBE, httpGet: { path: "/healthz", port: TRAINING_PORT }, failureThreshold: 30 },
    readinessProbe: { ...PROBE, httpGet: { path: "/readyz", port: TRAINING_PORT } },
    livenessProbe: { ...PROBE, httpGet: { path: "/healthz", port: TRAINING_PORT }, periodSeconds: 20 },
  },
  resources: { requests: { cpu: "2", memory: "4Gi" }, limits: { cpu: "4", memory: "8Gi" } },
};

/** Predicts, for every request and endpoint, how long it would take; fetches the newest models twice a minute. */
const PREDICTION: ServerParts = {
  name: "prediction-server",
  port: { name: "predict-port", number: PREDICTION_PORT },
  models: { path: "/server_models", room: "10Gi" },
  prefix: "LOCAL",
  env: {
    TRAINING_SERVER_URL: TRAINING_URL,
    PREDICT_HOST: "0.0.0.0",
    PREDICT_PORT: String(PREDICTION_PORT),
    UVICORN_WORKERS: String(PREDICTION_WORKERS),
    OMP_NUM_THREADS: "1",
    MODEL_SYNC_INTERVAL_SEC: "30",
    ...LEARNED,
  },
  probes: {
    startupProbe: { ...PROBE, httpGet: { path: "/readyz", port: PREDICTION_PORT }, failureThreshold: 60 },
    readinessProbe: { ...PROBE, httpGet: { path: "/readyz", port: PREDICTION_PORT } },
    livenessProbe: { ...PROBE, httpGet: { path: "/healthz", port: PREDICTION_PORT }, periodSeconds: 15 },
  },
  resources: {
    requests: { cpu: "8", memory: "4Gi" },
    limits: { cpu: String(PREDICTION_WORKERS), memory: "8Gi" },
  },
};

/** llm-d's latency predictor next to the scheduler: one server that learns, one that predicts, and their addresses. */
export function latencyPredictorPreset(tag: string): LLMInferenceServiceConfigSpec {
  const servers = [TRAINING, PREDICTION];
  const main: Container = {
    name: MAIN,
    env: variables({
      PREDICTION_SERVER_URL: PREDICTION_URL,
      TRAINING_SERVER_URL: TRAINING_URL,
      LATENCY_MAX_SAMPLE_SIZE: "10000",
      LATENCY_MAX_CONCURRENT_DISPATCHES: "36",
      LATENCY_COALESCE_WINDOW_MS: "1",
    }),
  };
  const template: PodSpec = {
    containers: [main, ...servers.map((server) => serverContainer(server, tag))],
    volumes: servers.flatMap(({ name, models }) => [
      { name: `${name}-storage`, emptyDir: { sizeLimit: models.room } },
      { name: `${name}-tmp`, emptyDir: {} },
    ]),
  };
  return { router: { scheduler: { template } } };
}

function serverContainer(parts: ServerParts, tag: string): Container {
  const { name, port, models, prefix, env, probes, resources } = parts;
  return {
    name,
    image: `ghcr.io/llm-d/llm-d-latency-predictor-${name}:${tag}`,
    imagePullPolicy: "IfNotPresent",
    env: variables({ ...modelFiles(prefix, models.path), ...env }),
    ports: [{ name: port.name, containerPort: port.number, protocol: "TCP" }],
    ...probes,
    resources,
    securityContext: { ...hardened(), readOnlyRootFilesystem: true },
    terminationMessagePath: "/dev/termination-log",
    terminationMessagePolicy: "FallbackToLogsOnError",
    volumeMounts: [
      { name: `${name}-storage`, mountPath: models.path },
      { name: `${name}-tmp`, mountPath: "/tmp" },
    ],
  };
}

/** Time to the first token and time per further token, each with its scaler and its gated model. */
function modelFiles(prefix: string, folder: string): Record<string, string> {
  const files = ["TTFT", "TPOT"].flatMap((what) =>
    ["MODEL", "SCALER", "GATED_MODEL"].map((part) => {
      const file = `${what}_${part.replace(/_?MODEL$/, "")}`.replace(/_$/, "").toLowerCase();
      return [`${prefix}_${what}_${part}_PATH`, `${folder}/${file}.joblib`];
    }),
  );
  return Object.fromEntries(files);
}

function variables(values: Readonly<Record<string, string>>): NonNullable<Container["env"]> {
  return Object.entries(values).map(([name, value]) => ({ name, value }));
}
