import { POD_PATH } from "../../contract/names.ts";
import type { Container, Volume } from "../../kubernetes/objects.ts";
import { hardened } from "./parts.ts";

const PORT = 8082;
/** What the tokenizer writes to, as scratch. */
const SCRATCH = [
  { name: "tokenizer-tmp", mountPath: "/tmp" },
  { name: "tokenizer-cache", mountPath: "/.cache" },
] as const;

/** llm-d's tokenizer behind a Unix socket, with vLLM's own tokenization; the image that goes with the scheduler's. */
export function tokenizerContainer(
  name: string,
  image: string,
  sockets: { name: string; mountPath: string },
): Container {
  const probe = { httpGet: { path: "/healthz", port: PORT }, timeoutSeconds: 5 };
  return {
    name,
    image,
    imagePullPolicy: "IfNotPresent",
    // It finds models as folders below where it runs.
    workingDir: POD_PATH.models,
    env: [{ name: "TOKENIZERS_DIR", value: POD_PATH.models }],
    ports: [{ name: "health", containerPort: PORT, protocol: "TCP" }],
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
