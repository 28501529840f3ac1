import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Container } from "../../core/kubernetes/objects.ts";
import { writeKubeconfig } from "../cluster/kubeconfig.ts";
import { binary } from "../cluster/tools.ts";
import type { Cluster } from "../cluster/types.ts";
import { attachedIn } from "./attached.ts";
import { type Child, Children } from "./children.ts";
import { type Endpoint, envoyConfig } from "./gateway.ts";
import { programOf } from "./images.ts";
import { Kubelet } from "./kubelet.ts";
import { API_ADDRESS, Network, namespaceProblem } from "./network.ts";
import { type Answer, ask, type Request } from "./requests.ts";

const GATEWAY_ADDRESS = "10.0.255.1";
/** Addresses of containers that belong to no pod, by their number. */
const LONE_ADDRESSES = "10.0.254.";

/** Why the data path cannot run here, as a sentence; undefined if it can. */
export function servingProblem(): string | undefined {
  for (const name of ["epp", "pd-sidecar", "llm-d-inference-sim", "envoy"]) {
    try {
      binary(name);
    } catch (error) {
      return (error as Error).message;
    }
  }
  return namespaceProblem();
}

export async function startServing(cluster: Cluster, namespace: string): Promise<Serving> {
  const dir = mkdtempSync(join(tmpdir(), "kserve-llm-serving-"));
  const children = new Children(dir);
  const network = await Network.start(children, dir, cluster.target);
  const kubelet = new Kubelet({ cluster, namespace, network, children, dir });
  kubelet.start();
  return new Serving({ cluster, namespace, network, children, dir, kubelet });
}

interface Parts {
  cluster: Cluster;
  namespace: string;
  network: Network;
  children: Children;
  /** The folder for logs, kubeconfigs and Envoy's configuration. */
  dir: string;
  kubelet: Kubelet;
}

/** The data path of a namespace's services: pods as processes, and a gateway in front of them. */
export class Serving {
  readonly kubelet: Kubelet;
  readonly #parts: Parts;
  #gateway: Endpoint | undefined;
  #loners = 0;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.kubelet = parts.kubelet;
  }

  /** Waits for all pods, then starts a gateway from the routes that the API server has now. */
  async openGateway(): Promise<void> {
    const { cluster, namespace, network, children, dir, kubelet } = this.#parts;
    await kubelet.ready();
    const { port, routes, backends } = await attachedIn(cluster, namespace);
    const gateway = { address: GATEWAY_ADDRESS, port };
    const file = join(dir, "envoy.json");
    writeFileSync(file, JSON.stringify(envoyConfig(gateway, routes, backends)));
    const pod = await network.pod("gateway", GATEWAY_ADDRESS);
    const words = [...pod.enter, binary("envoy"), "--config-path", file, "--concurrency", "1", "--use-dynamic-base-id"];
    await children.startReady("envoy", words, /all dependencies initialized|starting main dispatch loop/);
    this.#gateway = gateway;
  }

  /** Runs one container alone, in a separate network namespace, with all rights at the API server. */
  async alone(container: Container): Promise<Child> {
    const { cluster, network, children, dir } = this.#parts;
    const { binary: name = "", args = [] } = programOf(container) ?? {};
    const index = this.#loners++;
    const pod = await network.pod(`alone-${index}`, `${LONE_ADDRESSES}${index + 1}`);
    const target = { ...cluster.target, host: API_ADDRESS, port: 443 };
    const env = { PATH: process.env["PATH"], KUBECONFIG: writeKubeconfig(join(dir, "admin.kubeconfig"), target) };
    return children.start(`alone-${index}`, [...pod.enter, binary(name), ...args], env);
  }

  /** One request through the gateway. */
  ask(request: Request): Promise<Answer> {
    if (this.#gateway === undefined) throw new Error("the gateway is not open");
    return ask(this.#parts.network, this.#gateway, request);
  }

  async stop(): Promise<void> {
    const { kubelet, network, children, dir } = this.#parts;
    await kubelet.stop();
    network.stop();
    await children.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}
