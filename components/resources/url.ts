import { nameOf } from "../../core/contract/names.ts";
import type { KubernetesObject } from "../../core/kubernetes/objects.ts";

interface RouteSpec {
  hostnames?: string[];
}
interface ServiceSpec {
  ports?: { port: number; name?: string; appProtocol?: string }[];
}

/** Where clients find a service: the first host name of its route, else its workload Service inside of the cluster. */
export function urlOf(
  objects: readonly KubernetesObject[],
  service: { metadata: { name: string; namespace: string } },
  urlScheme: string,
): string {
  const route = objects.find((object) => object.kind === "HTTPRoute");
  const [host] = (route?.["spec"] as RouteSpec | undefined)?.hostnames ?? [];
  if (host !== undefined) return `${urlScheme}://${host}`;
  const { name, namespace } = service.metadata;
  const workload = nameOf(name, "workloadService");
  const found = objects.find((object) => object.kind === "Service" && object.metadata.name === workload);
  const [port] = (found?.["spec"] as ServiceSpec | undefined)?.ports ?? [];
  if (port === undefined) return "";
  const scheme = [port.name, port.appProtocol].includes("https") ? "https" : "http";
  return `${scheme}://${workload}.${namespace}.svc.cluster.local:${port.port}`;
}
