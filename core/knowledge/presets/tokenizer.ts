import type { LLMInferenceServiceConfigSpec } from "../../api/service.ts";
import { POD_PATH, PORT } from "../../contract/names.ts";
import type { Container, Volume } from "../../kubernetes/objects.ts";
import { MAIN } from "../../kubernetes/workloads/pods.ts";
import { hardened, SCHEME, TLS_SECRET, withTls } from "./parts.ts";

const HEALTH_PORT = 8082;
/** Scratch space of the tokenizer. */
const SCRATCH = [
  { name: "tokenizer-tmp", mountPath: "/tmp" },
  { name: "tokenizer-cache", mountPath: "/.cache" },
] as const;

/**
 * llm-d's tokenizer behind a Unix socket, with vLLM's own tokenization; its image is released together with the
 * scheduler's.
 */
export function tokenizerContainer(
  name: string,
  image: string,
  sockets: { name: string; mountPath: string },
): Container {
  const probe = { httpGet: { path: "/healthz", port: HEALTH_PORT }, timeoutSeconds: 5 };
  return {
    name,
    image,
    imagePullPolicy: "IfNotPresent",
    // It looks for models in folders below its working directory.
    workingDir: POD_PATH.models,
    env: [{ name: "TOKENIZERS_DIR", value: POD_PATH.models }],
    ports: [{ name: "health", containerPort: HEALTH_PORT, protocol: "TCP" }],
    startupProbe: { ...probe, initialDelaySeconds: 5, periodSeconds: 10, failureThreshold: 60 },
    readinessProbe: { ...probe, periodSeconds: 10, failureThreshold: 3 },
    livenessProbe: { ...probe, periodSeconds: 15, failureThreshold: 3 },
    resources: { requests: { cpu: "256m", memory: "500Mi" } },
    securityContext: { ...hardened(), readOnlyRootFilesystem: true },
    terminationMessagePath: "/dev/termination-log",
    terminationMessagePolicy: "FallbackToLogsOnError",
    volumeMounts: [...SCRATCH.map((mount) => ({ ...mount })), sockets],
  };
}

export function tokenizerVolumes(sockets: { name: string }): Volume[] {
  return [...SCRATCH, sockets].map(({ name }) => ({ name, emptyDir: {} }));
}

const SERVER_PORT = { name: "render-http", containerPort: PORT.tokenizer, protocol: "TCP" };

/** vLLM's own tokenization and chat templates over HTTP, without an engine, so a CPU is enough. */
export function tokenizerPreset(image: string): LLMInferenceServiceConfigSpec {
  const volumes: Volume[] = [
    { name: "tmp-dir", emptyDir: {} },
    { name: "tls-certs", secret: { secretName: TLS_SECRET, optional: true } },
  ];
  const template = { automountServiceAccountToken: false, containers: [server(image)], volumes };
  return { router: { scheduler: { tokenizer: { template } } } };
}

function server(image: string): Container {
  return {
    name: MAIN,
    image,
    imagePullPolicy: "IfNotPresent",
    command: ["vllm", "launch", "render"],
    args: [
      `${POD_PATH.models}/base`,
      `--port=${SERVER_PORT.containerPort}`,
      withTls("--enable-ssl-refresh"),
      withTls(`--ssl-certfile=${POD_PATH.certificates}/tls.crt`),
      withTls(`--ssl-keyfile=${POD_PATH.certificates}/tls.key`),
    ],
    env: [
      { name: "HF_HOME", value: "/tmp/hf" },
      { name: "DO_NOT_TRACK", value: "1" },
    ],
    ports: [{ ...SERVER_PORT }],
    readinessProbe: {
      httpGet: { path: "/health", port: SERVER_PORT.name, scheme: SCHEME },
      initialDelaySeconds: 30,
      periodSeconds: 10,
      timeoutSeconds: 5,
      failureThreshold: 60,
    },
    resources: { requests: { cpu: "1", memory: "4Gi" }, limits: { cpu: "4", memory: "12Gi" } },
    // vLLM's image for CPUs runs as root.
    securityContext: { ...hardened(), runAsNonRoot: false, readOnlyRootFilesystem: true },
    terminationMessagePath: "/dev/termination-log",
    terminationMessagePolicy: "FallbackToLogsOnError",
    volumeMounts: [
      { name: "tmp-dir", mountPath: "/tmp" },
      { name: "tls-certs", mountPath: POD_PATH.certificates, readOnly: true },
    ],
  };
}
