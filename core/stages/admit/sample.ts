import { typeMeta } from "../../contract/kinds.ts";
import { LABEL, PORT } from "../../contract/names.ts";
import type { JsonObject } from "../../kubernetes/json.ts";
import { MAIN } from "../../kubernetes/workloads/pods.ts";

/**
 * A service with which the templates of a config are tried out when it is written, before any service uses it. Its
 * parts decide which templates KServe accepts: a template that reads a part that is missing here is refused. Source:
 * LLMInferenceServiceSample, pkg/controller/v1alpha2/llmisvc/sample.go, KServe v0.20.0 (the same parts).
 */
const NAME = "sample";
const NAMESPACE = "sample-namespace";

function port(name: string, containerPort: number): JsonObject {
  return { name, containerPort, protocol: "TCP" };
}

function compute(gpus: string): JsonObject {
  const amounts = { cpu: "2", memory: "4Gi", ...(gpus !== "0" && { "nvidia.com/gpu": gpus }) };
  return { requests: amounts, limits: amounts };
}

function engine(gpus: string, extra: JsonObject = {}): JsonObject {
  return { name: MAIN, image: "engine:sample", resources: compute(gpus), ...extra };
}

const HTTP = { ports: [port("http", PORT.service)] };
const ENV = [
  { name: "FIRST", value: "first" },
  { name: "SECOND", value: "second" },
];
const SCHEDULER: JsonObject = {
  name: MAIN,
  image: "scheduler:sample",
  ports: [port("grpc", PORT.picker), port("grpc-health", PORT.pickerHealth), port("zmq", PORT.kvEvents)],
  resources: { requests: { cpu: "256m", memory: "500Mi" } },
  env: [...ENV, { name: "THIRD", value: "third" }],
};

export const SAMPLE_SERVICE: JsonObject = {
  ...typeMeta("LLMInferenceService"),
  metadata: {
    name: NAME,
    namespace: NAMESPACE,
    labels: { [LABEL.name]: "sample", "app.kubernetes.io/instance": NAME },
    annotations: { sample: "annotation" },
  },
  spec: {
    model: { uri: "sample", name: "sample" },
    replicas: 2,
    parallelism: { data: 4, dataLocal: 2, tensor: 1, expert: true },
    template: {
      containers: [engine("0", { ...HTTP, env: ENV })],
      tolerations: [{ key: "nvidia.com/gpu", operator: "Exists", effect: "NoSchedule" }],
      nodeSelector: { "node.kubernetes.io/instance-type": "sample" },
    },
    worker: { containers: [engine("1")] },
    prefill: {
      replicas: 1,
      parallelism: { tensor: 1, pipeline: 1 },
      template: { containers: [engine("2", HTTP)] },
    },
    router: {
      route: { http: { refs: [{ name: "sample-route" }] } },
      gateway: { refs: [{ name: "sample-gateway", namespace: NAMESPACE }] },
      scheduler: { pool: { ref: { name: "sample-pool" } }, template: { containers: [SCHEDULER] } },
    },
  },
};
