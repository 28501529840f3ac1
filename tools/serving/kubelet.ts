import { join } from "node:path";
import { eventually } from "../cluster/client.ts";
import { writeKubeconfig } from "../cluster/kubeconfig.ts";
import type { Cluster } from "../cluster/types.ts";
import type { Children } from "./children.ts";
import { API_ADDRESS, type Network } from "./network.ts";
import { ServingPod } from "./pod.ts";
import type { Pod } from "./types.ts";

const LOOK_EVERY_MS = 250;

export interface KubeletOptions {
  cluster: Cluster;
  namespace: string;
  network: Network;
  children: Children;
  /** The folder for kubeconfigs. */
  dir: string;
}

/**
 * Runs the pods of a namespace: KWOK has assigned their addresses and marked them as ready, and this starts the
 * programs of their containers in network namespaces with these addresses, and ends them when the pods are deleted.
 */
export class Kubelet {
  readonly #options: KubeletOptions;
  readonly #pods = new Map<string, ServingPod>();
  readonly #tokens = new Map<string, Promise<string>>();
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> = Promise.resolve();
  #failure: Error | undefined;
  #restarts = 0;

  constructor(options: KubeletOptions) {
    this.#options = options;
  }

  start(): void {
    const look = (): void => {
      this.#looking = this.#look().catch((error: Error) => {
        this.#failure = error;
      });
      void this.#looking.then(() => {
        if (this.#timer !== undefined) this.#timer = setTimeout(look, LOOK_EVERY_MS);
      });
    };
    this.#timer = setTimeout(look, 0);
  }

  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    await this.#looking;
  }

  /** The pods that run and are not being deleted, by name. */
  pods(): ServingPod[] {
    return [...this.#pods.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** The pods of one service and component, such as `workload`. */
  podsOf(service: string, component: string): ServingPod[] {
    return this.pods().filter(({ pod: { metadata } }) => {
      const { "app.kubernetes.io/name": name, "app.kubernetes.io/component": is } = metadata.labels ?? {};
      return name === service && is === `llminferenceservice-${component}`;
    });
  }

  /** Waits until all pods of the namespace run and their probes pass. */
  async ready(): Promise<void> {
    await eventually("the pods' processes", async () => {
      if (this.#failure !== undefined) throw this.#failure;
      const wanted = await this.#list();
      if (wanted.length === 0 || wanted.some(({ metadata }) => !this.#pods.has(metadata.uid))) return undefined;
      for (const pod of this.#pods.values()) if (!(await pod.isReady())) return undefined;
      return true;
    });
  }

  /** How often containers were started again so far. */
  restarts(): number {
    return this.#restarts;
  }

  async #list(): Promise<Pod[]> {
    const { cluster, namespace } = this.#options;
    const { body } = await cluster.request<{ items?: Pod[] }>("GET", `/api/v1/namespaces/${namespace}/pods`);
    return (body.items ?? []).filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  }

  async #look(): Promise<void> {
    const pods = await this.#list();
    const uids = new Set(pods.map(({ metadata }) => metadata.uid));
    for (const [uid, pod] of this.#pods) {
      if (uids.has(uid)) continue;
      this.#pods.delete(uid);
      void pod.leave();
    }
    for (const pod of this.#pods.values()) this.#restarts += pod.restartEnded();
    for (const pod of pods) {
      if (this.#pods.has(pod.metadata.uid) || !pod.status?.podIP) continue;
      const { children, network } = this.#options;
      const credentialsOf = (one: Pod): Promise<string> => this.#credentials(one);
      this.#pods.set(pod.metadata.uid, await ServingPod.start(pod, { children, network, credentialsOf }));
    }
  }

  #credentials({ spec }: Pod): Promise<string> {
    const account = spec.serviceAccountName ?? "default";
    const known = this.#tokens.get(account) ?? this.#kubeconfigOf(account);
    this.#tokens.set(account, known);
    return known;
  }

  /** The rights that the API server grants to the plan's own ServiceAccount, and no more. */
  async #kubeconfigOf(account: string): Promise<string> {
    const { cluster, namespace, dir } = this.#options;
    const path = `/api/v1/namespaces/${namespace}/serviceaccounts/${account}/token`;
    const request = { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec: {} };
    const { status, body } = await cluster.request("POST", path, request);
    const token = body.status?.["token"];
    if (typeof token !== "string") throw new Error(`no token for ${account}: ${status} ${body.message}`);
    const target = { host: API_ADDRESS, port: 443, token, ca: cluster.target.ca };
    return writeKubeconfig(join(dir, `${account}.kubeconfig`), target);
  }
}
