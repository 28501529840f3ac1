import { POD_PART, POD_PATH, PORT } from "../../contract/names.ts";
import type { Container, PodSpec } from "../../kubernetes/objects.ts";
import { MAIN } from "../../kubernetes/workloads/pods.ts";
import type { SidecarFacts } from "../stacks/stack.ts";

/** The pieces that presets are made of. */

export const SCHEME = "{{ if .GlobalConfig.EnableTLS }}HTTPS{{ else }}HTTP{{ end }}";
export const TLS_SECRET = "{{ ChildName .ObjectMeta.Name `-kserve-self-signed-certs` }}";

/** Seconds: the load balancer removes the pod (preStop), running requests end, then the process is stopped. */
const DRAIN_SECONDS = 15;
const GRACE_SECONDS = 60;

/** RDMA pins memory (IPC_LOCK), maps device registers (SYS_RAWIO) and opens raw sockets (NET_RAW). */
export const RDMA_CAPABILITIES: readonly string[] = ["IPC_LOCK", "SYS_RAWIO", "NET_RAW"];

/** Paths that the engine must be able to write to, in memory or as scratch; the storage stage adds models. */
const SCRATCH = [
  { name: "home", mountPath: "/home" },
  { name: "tmp-dir", mountPath: "/tmp" },
  { name: "model-cache", mountPath: "/models" },
] as const;

/** Pods of one engine each; `capabilities` are those that groups over RDMA need in addition. */
export interface EngineParts {
  image: string;
  port: number;
  args: readonly string[];
  env?: Container["env"];
  /** Shared memory of the ranks in a pod, for NCCL and the engine's own queues. */
  sharedMemory: string;
  capabilities?: readonly string[];
  /** A follower of a group serves no traffic: it has no port and no probes. */
  follower?: boolean;
  /** What is started; by default vLLM. */
  program?: EngineProgram;
}

/** The parts of a pod that depend on the engine. */
export interface EngineProgram {
  command: readonly string[];
  /** The flags of every engine of the kind, before those of its role. */
  args(port: number): string[];
  env: readonly { name: string; value: string }[];
  probes(port: number): Pick<Container, "livenessProbe" | "readinessProbe" | "startupProbe">;
  /** Whether its image sets no user, so that it runs as root. */
  runsAsRoot: boolean;
}

const VLLM: EngineProgram = {
  command: ["vllm", "serve"],
  args: (port) => [POD_PATH.models, ...servedNames(), `--port=${port}`],
  env: [{ name: "VLLM_LOGGING_LEVEL", value: "INFO" }],
  probes: engineProbes,
  runsAsRoot: false,
};

/** A pod that runs an engine with plain argv: without a shell, every flag can be merged and nothing is evaluated. */
export function enginePod(parts: EngineParts): PodSpec {
  return {
    terminationGracePeriodSeconds: GRACE_SECONDS,
    containers: [engineContainer(parts)],
    volumes: [
      ...SCRATCH.map(({ name }) => ({ name, emptyDir: {} })),
      { name: "dshm", emptyDir: { medium: "Memory", sizeLimit: parts.sharedMemory } },
      { name: "tls-certs", secret: { secretName: TLS_SECRET, optional: true } },
    ],
  };
}

function engineContainer(parts: EngineParts): Container {
  const { image, port, args, env = [], capabilities = [], follower = false, program = VLLM } = parts;
  return {
    name: MAIN,
    image,
    imagePullPolicy: "IfNotPresent",
    command: [...program.command],
    args: [...program.args(port), ...args],
    env: [
      { name: "HOME", value: "/home" },
      ...program.env.map((one) => ({ ...one })),
      { name: "HF_HUB_CACHE", value: "/models" },
      ...env,
    ],
    ...(!follower && { ports: [{ containerPort: port, protocol: "TCP" }], ...program.probes(port) }),
    lifecycle: { preStop: { exec: { command: ["/bin/sleep", String(DRAIN_SECONDS)] } } },
    securityContext: { ...hardened(capabilities), ...(program.runsAsRoot && { runAsNonRoot: false }) },
    terminationMessagePath: "/dev/termination-log",
    terminationMessagePolicy: "FallbackToLogsOnError",
    volumeMounts: [
      ...SCRATCH.map(({ name, mountPath }) => ({ name, mountPath })),
      { name: "dshm", mountPath: POD_PATH.sharedMemory },
      { name: "tls-certs", mountPath: POD_PATH.certificates, readOnly: true },
    ],
  };
}

/** Clients may use the model's name, or its publisher's path if several services share a gateway. */
function servedNames(): string[] {
  const name = "{{ .Spec.Model.Name }}";
  return ["--served-model-name", name, `publishers/{{ .ObjectMeta.Namespace }}/models/${name}`];
}

/** Start-up may take ten minutes (weights, graph capture); after that a pod that hangs is detected within two. */
function engineProbes(port: number): Pick<Container, "livenessProbe" | "readinessProbe" | "startupProbe"> {
  const httpGet = { path: "/health", port, scheme: SCHEME };
  return {
    startupProbe: { httpGet, periodSeconds: 10, failureThreshold: 60 },
    readinessProbe: { httpGet, periodSeconds: 1, timeoutSeconds: 1, failureThreshold: 2 },
    livenessProbe: { httpGet, periodSeconds: 10, timeoutSeconds: 1, failureThreshold: 10 },
  };
}

/** Non-root, without privilege escalation, and without capabilities except for those that are listed. */
export function hardened(capabilities: readonly string[] = []): NonNullable<Container["securityContext"]> {
  return {
    allowPrivilegeEscalation: false,
    capabilities: { drop: ["ALL"], ...(capabilities.length > 0 && { add: [...capabilities] }) },
    readOnlyRootFilesystem: false,
    runAsNonRoot: true,
    seccompProfile: { type: "RuntimeDefault" },
  };
}

/** A flag that the container has only if TLS is enabled. */
export function withTls(flag: string): string {
  return `{{ if .GlobalConfig.EnableTLS }}${flag}{{ end }}`;
}

/** llm-d's proxy in front of a decode engine: it has the prompt prefilled elsewhere, then forwards the request. */
export function routingSidecar(
  { image, portFlag }: Pick<SidecarFacts, "image" | "portFlag">,
  connector: "nixlv2" | "sglang" = "nixlv2",
): Container {
  const httpGet = { path: "/health", port: PORT.service, scheme: SCHEME };
  const probe = { httpGet, initialDelaySeconds: 10, periodSeconds: 10 };
  return {
    name: POD_PART.sidecar,
    image,
    imagePullPolicy: "IfNotPresent",
    restartPolicy: "Always",
    command: [
      "/app/pd-sidecar",
      `--port=${PORT.service}`,
      `--${portFlag}=${PORT.behindSidecar}`,
      `--kv-connector=${connector}`,
      "--enable-ssrf-protection=true",
      "--pool-group=inference.networking.k8s.io",
      "--inference-pool={{ .GlobalConfig.InferencePoolNamespacedName }}",
      "--secure-proxy={{ .GlobalConfig.EnableTLS }}",
      withTls(`--cert-path=${POD_PATH.certificates}`),
      withTls("--enable-tls=decoder"),
      withTls("--enable-tls=prefiller"),
    ],
    env: [
      { name: "INFERENCE_POOL_NAMESPACE", valueFrom: { fieldRef: { fieldPath: "metadata.namespace" } } },
      {
        name: "SSL_CERT_DIR",
        value: `${POD_PATH.certificates}:${POD_PATH.serviceAccount}:/etc/pki/tls/certs`,
      },
    ],
    ports: [{ containerPort: PORT.service, protocol: "TCP" }],
    livenessProbe: { ...probe, timeoutSeconds: 10, failureThreshold: 3 },
    readinessProbe: { ...probe, timeoutSeconds: 5, failureThreshold: 10 },
    securityContext: hardened(),
    terminationMessagePath: "/dev/termination-log",
    terminationMessagePolicy: "FallbackToLogsOnError",
    volumeMounts: [{ name: "tls-certs", mountPath: POD_PATH.certificates, readOnly: true }],
  };
}
