import type { Cluster } from "../cluster/types.ts";
import type { Backends, Endpoint, HttpRoute } from "./gateway.ts";

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

interface Gateway {
  spec: { listeners: { protocol: string; port: number }[] };
}

/** What a namespace contains for one gateway. */
export interface Attached {
  /** The port of the gateway's first HTTP listener. */
  port: number;
  routes: HttpRoute[];
  backends: Backends;
}

/**
 * The routes of a namespace, the gateway to which they are attached, and the addresses of their backends, all read from
 * the API server.
 */
export async function attachedIn(cluster: Cluster, namespace: string): Promise<Attached> {
  const list = async <T>(group: string, plural: string): Promise<T[]> => {
    const { body } = await cluster.request<{ items?: T[] }>("GET", `/${group}/namespaces/${namespace}/${plural}`);
    return body.items ?? [];
  };
  const routes = await list<HttpRoute>("apis/gateway.networking.k8s.io/v1", "httproutes");
  const slices = await list<EndpointSlice>("apis/discovery.k8s.io/v1", "endpointslices");
  const services = await list<Service>("api/v1", "services");
  const pools = await list<Pool>("apis/inference.networking.k8s.io/v1", "inferencepools");
  return {
    port: await portOf(cluster, routes),
    routes,
    backends: {
      service: (_namespace, name, port) => endpointsOf(name, port, services, slices),
      pool: (_namespace, name) => {
        const found = pools.find(({ metadata }) => metadata.name === name)?.spec.endpointPickerRef;
        if (found === undefined) throw new Error(`the route leads to the InferencePool ${name}, which does not exist`);
        return { picker: { name: found.name, port: found.port.number }, failsOpen: found.failureMode === "FailOpen" };
      },
    },
  };
}

/** All routes are attached to one gateway, which must exist. */
async function portOf(cluster: Cluster, routes: readonly HttpRoute[]): Promise<number> {
  const parents = routes.flatMap(({ metadata, spec }) =>
    (spec.parentRefs ?? []).map(({ namespace = metadata.namespace, name }) => `${namespace}/gateways/${name}`),
  );
  const [parent, ...others] = new Set(parents);
  if (parent === undefined || others.length > 0) throw new Error(`one gateway is needed, not: ${parents.join(", ")}`);
  const path = `/apis/gateway.networking.k8s.io/v1/namespaces/${parent}`;
  const { status, body } = await cluster.request<Partial<Gateway>>("GET", path);
  const listener = body.spec?.listeners.find(({ protocol }) => protocol === "HTTP");
  if (listener === undefined) throw new Error(`${parent} has no HTTP listener (${status})`);
  return listener.port;
}

function endpointsOf(
  name: string,
  port: number,
  services: readonly Service[],
  slices: readonly EndpointSlice[],
): Endpoint[] {
  const service = services.find(({ metadata }) => metadata.name === name);
  const wanted = service?.spec.ports.find((one) => one.port === port)?.name;
  return slices
    .filter(({ metadata }) => metadata.labels?.["kubernetes.io/service-name"] === name)
    .flatMap(({ endpoints, ports = [] }) => {
      const target = ports.find((one) => one.name === wanted)?.port ?? 0;
      return (endpoints ?? []).flatMap(({ addresses }) => addresses.map((address) => ({ address, port: target })));
    });
}
