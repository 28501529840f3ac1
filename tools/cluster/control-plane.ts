import { generateKeyPairSync } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { eventually, send, type Target } from "./client.ts";
import { freePorts, type Processes } from "./processes.ts";
import { asset, binary } from "./tools.ts";

const START_MS = 120_000;
const TOKEN = "kserve-llm-test";

/** A certificate for 127.0.0.1, as the API server makes it for itself; other TLS servers on loopback use it too. */
export interface Certificate {
  key: string;
  cert: string;
}

/** etcd and the API server; resolves when the latter is ready. */
export async function startApiServer(
  dir: string,
  processes: Processes,
): Promise<{ target: Target; certificate: Certificate }> {
  const [client, peer, port] = (await freePorts(3)) as [number, number, number];
  const urls = { client: `http://127.0.0.1:${client}`, peer: `http://127.0.0.1:${peer}` };
  processes.start("etcd", binary("etcd"), [
    `--data-dir=${join(dir, "etcd")}`,
    `--listen-client-urls=${urls.client}`,
    `--advertise-client-urls=${urls.client}`,
    `--listen-peer-urls=${urls.peer}`,
    `--initial-advertise-peer-urls=${urls.peer}`,
    `--initial-cluster=default=${urls.peer}`,
    "--unsafe-no-fsync",
  ]);
  writeFileSync(join(dir, "tokens.csv"), `${TOKEN},admin,admin,system:masters\n`);
  const certs = join(dir, "apiserver-certs");
  processes.start("kube-apiserver", binary("kube-apiserver"), [
    `--etcd-servers=${urls.client}`,
    `--cert-dir=${certs}`,
    "--bind-address=127.0.0.1",
    "--advertise-address=127.0.0.1",
    `--secure-port=${port}`,
    `--token-auth-file=${join(dir, "tokens.csv")}`,
    "--authorization-mode=RBAC",
    "--service-cluster-ip-range=10.96.0.0/16",
    "--service-account-issuer=https://kubernetes.default.svc",
    `--service-account-key-file=${signingKey(dir)}`,
    `--service-account-signing-key-file=${signingKey(dir)}`,
    ...FRUGAL,
  ]);
  const ready = async (): Promise<{ target: Target; certificate: Certificate } | undefined> => {
    const certificate = { key: join(certs, "apiserver.key"), cert: join(certs, "apiserver.crt") };
    const target = { host: "127.0.0.1", port, token: TOKEN, ca: readFileSync(certificate.cert, "utf8") };
    return (await send(target, "GET", "/readyz")).status === 200 ? { target, certificate } : undefined;
  };
  return await whileRunning(processes, "the API server", ready);
}

/**
 * The counts, estimates and queues that these settings disable help an API server with many objects and clients. They are a tenth of
 * what an idle one takes, and several idle ones share the cores of the machine while tests wait for their programs.
 */
const FRUGAL = [
  "--etcd-count-metric-poll-period=0",
  "--enable-priority-and-fairness=false",
  "--feature-gates=SizeBasedListCostEstimate=false,DetectCacheInconsistency=false",
];

function signingKey(dir: string): string {
  const file = join(dir, "service-account.key");
  try {
    const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    writeFileSync(file, privateKey.export({ type: "pkcs1", format: "pem" }), { flag: "wx", mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
  return file;
}

/** Controllers, scheduler, and KWOK, which simulates the kubelets. */
export async function startControllers(
  dir: string,
  kubeconfig: string,
  processes: Processes,
  requestsPerSecond?: number,
): Promise<void> {
  const [controllers, scheduler, kwok] = await freePorts(3);
  const shared = (name: string, port: number | undefined): string[] => [
    `--kubeconfig=${kubeconfig}`,
    "--bind-address=127.0.0.1",
    `--secure-port=${port}`,
    `--cert-dir=${join(dir, `${name}-certs`)}`,
    "--leader-elect=false",
  ];
  processes.start("kube-controller-manager", binary("kube-controller-manager"), [
    ...shared("controller-manager", controllers),
    `--service-account-private-key-file=${signingKey(dir)}`,
    `--node-monitor-grace-period=${NODE_GRACE}`,
    ...(requestsPerSecond === undefined
      ? []
      : [`--kube-api-qps=${requestsPerSecond}`, `--kube-api-burst=${2 * requestsPerSecond}`]),
  ]);
  processes.start("kube-scheduler", binary("kube-scheduler"), shared("scheduler", scheduler));
  const stages = ["kwok/node-fast", "kwok/node-heartbeat", "kwok/pod-fast"].flatMap((path) => stageFiles(asset(path)));
  processes.start("kwok", binary("kwok"), [
    `--kubeconfig=${kubeconfig}`,
    "--manage-all-nodes=true",
    `--server-address=127.0.0.1:${kwok}`,
    ...stages.map((file) => `--config=${file}`),
  ]);
}

/**
 * How long a node may be silent before it counts as not ready. Kubernetes' 50 s are too short here: on a busy machine kwok's
 * heartbeat comes later, the controller sets the node's pods to not ready, and kwok, unlike a kubelet, never sets them back.
 * A Deployment is then waited for without end.
 */
const NODE_GRACE = "24h";

function stageFiles(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".yaml") && name !== "kustomization.yaml")
    .map((name) => join(folder, name));
}

/** Like `eventually`, but ends at once when a process has ended; the error shows the ends of the logs. */
export async function whileRunning<T>(
  processes: Processes,
  what: string,
  look: () => Promise<T | undefined>,
): Promise<T> {
  let ended: Error | undefined;
  const found = await eventually(
    what,
    async () => {
      try {
        processes.assertRunning();
      } catch (error) {
        ended = error as Error;
        return "ended";
      }
      return await look();
    },
    START_MS,
  ).catch((error: Error) => {
    throw new Error(`${error.message}\n${processes.tails()}`);
  });
  if (ended !== undefined) throw ended;
  return found as T;
}
