import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { apply } from "./apply.ts";
import { startCertManager } from "./cert-manager.ts";
import { eventually, send } from "./client.ts";
import { startApiServer, startControllers, whileRunning } from "./control-plane.ts";
import { type CrdSet, installCrds } from "./crds.ts";
import { startKeda } from "./keda.ts";
import { serverUrl, writeKubeconfig } from "./kubeconfig.ts";
import { startKueue } from "./kueue.ts";
import { startLws } from "./lws.ts";
import { type NodeSpec, nodeObject } from "./objects.ts";
import { Processes } from "./processes.ts";
import type { Cluster } from "./types.ts";

export interface ClusterOptions {
  nodes?: readonly NodeSpec[];
  /** Runs the LeaderWorkerSet controller (and installs its CRDs). */
  lws?: boolean;
  /** Runs KEDA's operator (`crds` installs its CRDs). */
  keda?: boolean;
  /** Runs Kueue (and installs its CRDs), with the LeaderWorkerSet controller. */
  kueue?: boolean;
  /** Runs cert-manager (and installs its CRDs). */
  certManager?: boolean;
  crds?: readonly CrdSet[];
  /** How many requests each controller of the control plane may send in a second; by default Kubernetes' 20. */
  requestsPerSecond?: number;
  /**
   * The folder for logs and data, which is kept afterwards; by default a temporary folder that is removed with the
   * cluster.
   */
  dir?: string;
}

const ATTEMPTS = 3;

/**
 * A real control plane on loopback and free ports, with simulated nodes: etcd, API server, controllers, scheduler, KWOK.
 * Its processes end with `stop()` and with this process, however it ends. Needs the toolchain's group "cluster".
 */
export async function startCluster(options: ClusterOptions = {}): Promise<Cluster> {
  for (let attempt = 1; ; attempt++) {
    const dir = options.dir ?? mkdtempSync(join(tmpdir(), "kserve-llm-cluster-"));
    mkdirSync(dir, { recursive: true });
    const temporary = options.dir === undefined;
    const processes = new Processes(dir, temporary);
    const stop = async (): Promise<void> => {
      await processes.stop();
      if (temporary) rmSync(dir, { recursive: true, force: true, maxRetries: 3 });
    };
    try {
      const cluster = await start(dir, processes, stop, options);
      await furnish(cluster, options, processes);
      processes.assertRunning();
      return cluster;
    } catch (error) {
      await stop();
      // Another process may take a free port; only this error is worth another try.
      if (attempt === ATTEMPTS || !/address already in use/.test((error as Error).message)) throw error;
    }
  }
}

async function start(
  dir: string,
  processes: Processes,
  stop: () => Promise<void>,
  { requestsPerSecond }: ClusterOptions,
): Promise<Cluster> {
  const { target, certificate } = await startApiServer(dir, processes);
  const kubeconfig = writeKubeconfig(join(dir, "kubeconfig"), target);
  await startControllers(dir, kubeconfig, processes, requestsPerSecond);
  const request: Cluster["request"] = (...args) => send(target, ...args);
  return {
    kubeconfig,
    server: serverUrl(target),
    token: target.token,
    target,
    certificate,
    dir,
    request,
    apply: async (objects) => {
      for (const object of objects) await apply(request, object);
    },
    restartApiServer: async (pauseMs) => {
      await processes.restart("kube-apiserver", pauseMs);
      await whileRunning(processes, "the API server", async () =>
        (await request("GET", "/readyz")).status === 200 ? true : undefined,
      );
    },
    stop,
  };
}

/** Kueue watches LeaderWorkerSets, and does not start without their CRD. */
const runsLws = ({ lws = false, kueue = false }: ClusterOptions): boolean => lws || kueue;

function crdSets(options: ClusterOptions): Set<CrdSet> {
  const sets = new Set(options.crds);
  if (runsLws(options)) sets.add("lws");
  if (options.kueue) sets.add("kueue");
  if (options.certManager) sets.add("cert-manager");
  return sets;
}

/** CRDs, nodes, the requested controllers; and what every namespace has once the controllers run. */
async function furnish(cluster: Cluster, options: ClusterOptions, processes: Processes): Promise<void> {
  const { nodes = [], keda = false, kueue = false, certManager = false } = options;
  await cluster.apply(nodes.map(nodeObject));
  await Promise.all([...crdSets(options)].map((set) => installCrds(cluster, set)));
  if (runsLws(options)) await startLws(cluster, processes);
  if (keda) await startKeda(cluster, processes);
  if (kueue) await startKueue(cluster, processes);
  if (certManager) await startCertManager(cluster, processes);
  for (const { name } of nodes) await nodeReady(cluster, name);
  await whileRunning(processes, "the default ServiceAccount", async () => {
    const { status } = await cluster.request("GET", "/api/v1/namespaces/default/serviceaccounts/default");
    return status === 200 ? true : undefined;
  });
}

function nodeReady(cluster: Cluster, name: string): Promise<true> {
  return eventually(`node ${name}`, async () => {
    const { body } = await cluster.request("GET", `/api/v1/nodes/${name}`);
    const conditions = body.status?.conditions ?? [];
    return conditions.some(({ type, status }) => type === "Ready" && status === "True") ? true : undefined;
  });
}
