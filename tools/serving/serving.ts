import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Container } from "../../core/kubernetes/objects.ts";
import { writeKubeconfig } from "../cluster/kubeconfig.ts";
import { binary } from "../cluster/tools.ts";
import type { Cluster } from "../cluster/types.ts";
import { type Child, Children } from "./children.ts";
import { type Backends, type Endpoint, envoyConfig, type HttpRoute } from "./gateway.ts";
import { programOf } from "./images.ts";
import { Kubelet } from "./kubelet.ts";
import { API_ADDRESS, Network, namespaceProblem } from "./network.ts";
import { type Answer, ask, type Request } from "./requests.ts";

const GATEWAY_ADDRESS = "10.0.255.1";
const GATEWAY_PORT = 80;

/** The data path of a namespace's services: pods as processes, and a gateway before them. */
export interface Serving {
  kubelet: Kubelet;
  /** Waits for all pods, then starts a gateway from the routes that the API server has. Again: with the routes of then. */
  openGateway(): Promise<void>;
  /** Runs one container by itself, in a network namespace of its own, with all rights at the API server. */
  alone(container: Container): Promise<Child>;
  /** One request through the gateway. */
  ask(request: Request): Promise<Answer>;
  stop(): Promise<void>;
}

/** What keeps the data path from running here, as a sentence; undefined where nothing does. */
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
  const pod = await network.pod("gateway", GATEWAY_ADDRESS);
  let [gateways, loners] = [0, 0];
  let close = async (): Promise<void> => undefined;
  return {
    kubelet,
    openGateway: async () => {
      await kubelet.ready();
      await close();
      const config = envoyConfig(
        { address: GATEWAY_ADDRESS, port: GATEWAY_PORT },
        ...(await attached(cluster, namespace)),
      );
      const name = `envoy-${gateways++}`;
      const file = join(dir, `${name}.json`);
      writeFileSync(file, JSON.stringify(config));
      const words = [
        ...pod.enter,
        binary("envoy"),
        "--config-path",
        file,
        "--concurrency",
        "1",
        "--use-dynamic-base-id",
      ];
      const envoy = await children.startReady(name, words, /all dependencies initialized|starting main dispatch loop/);
      close = () => envoy.end(500);
    },
    alone: async (container) => {
      const { binary: name = "", args = [] } = programOf(container) ?? {};
      const index = loners++;
      const own = await network.pod(`alone-${index}`, `10.0.254.${index + 1}`);
      const target = { ...cluster.target, host: API_ADDRESS, port: 443 };
      const env = { PATH: process.env["PATH"], KUBECONFIG: writeKubeconfig(join(dir, "admin.kubeconfig"), target) };
      return children.start(`alone-${index}`, [...own.enter, binary(name), ...args], env);
    },
    ask: (request) => ask(network, { address: GATEWAY_ADDRESS, port: GATEWAY_PORT }, request),
    stop: async () => {
      await kubelet.stop();
      network.stop();
      await children.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

interface EndpointSlice {
  metadata: { labels?: Record<string, string> };
  endpoints?: { addresses: string[] }[];
  ports?: { name?: string; port: number }[];
}

interface Service {
  metadata: { name: string };
  spec: { ports: { name?: string; port: number }[] };
}

interface Pool {
  metadata: { name: string };
  spec: { endpointPickerRef: { name: string; port: { number: number }; failureMode?: string } };
}

/** The routes of a namespace, and where their backends are: all is read from the API server. */
async function attached(cluster: Cluster, namespace: string): Promise<[HttpRoute[], Backends]> {
  const list = async <T>(group: string, plural: string): Promise<T[]> => {
    const { body } = await cluster.request<{ items?: T[] }>("GET", `/${group}/namespaces/${namespace}/${plural}`);
    return body.items ?? [];
  };
  const routes = await list<HttpRoute>("apis/gateway.networking.k8s.io/v1", "httproutes");
  const slices = await list<EndpointSlice>("apis/discovery.k8s.io/v1", "endpointslices");
  const services = await list<Service>("api/v1", "services");
  const pools = await list<Pool>("apis/inference.networking.k8s.io/v1", "inferencepools");
  const service = (_namespace: string, name: string, port: number): Endpoint[] => {
    const wanted = services.find(({ metadata }) => metadata.name === name)?.spec.ports.find((one) => one.port === port);
    return slices
      .filter(({ metadata }) => metadata.labels?.["kubernetes.io/service-name"] === name)
      .flatMap(({ endpoints, ports = [] }) => {
        const target = ports.find((one) => one.name === wanted?.name)?.port ?? 0;
        return (endpoints ?? []).flatMap(({ addresses }) => addresses.map((address) => ({ address, port: target })));
      });
  };
  const pool: Backends["pool"] = (_namespace, name) => {
    const found = pools.find(({ metadata }) => metadata.name === name)?.spec.endpointPickerRef;
    if (found === undefined) throw new Error(`the route leads to the InferencePool ${name}, which is not there`);
    return { picker: { name: found.name, port: found.port.number }, failsOpen: found.failureMode === "FailOpen" };
  };
  return [routes, { service, pool }];
}
