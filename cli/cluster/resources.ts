import type { KubernetesObject } from "../../core/spec/kubernetes.ts";
import type { ClusterClient } from "./client.ts";

interface ApiResource {
  name: string;
  kind: string;
  namespaced: boolean;
}

/** Where the API server keeps objects, by what it says of itself; asked once for each group and version. */
export class Resources {
  readonly #cluster: ClusterClient;
  readonly #known = new Map<string, Promise<readonly ApiResource[]>>();

  constructor(cluster: ClusterClient) {
    this.#cluster = cluster;
  }

  /** The path of an object; undefined where the cluster does not know its kind. */
  async pathOf({ apiVersion, kind, metadata }: KubernetesObject): Promise<string | undefined> {
    const collection = await this.collection(apiVersion, kind, metadata.namespace ?? "default");
    return collection && `${collection}/${metadata.name}`;
  }

  /** The path of all objects of a kind in a namespace. */
  async collection(apiVersion: string, kind: string, namespace: string): Promise<string | undefined> {
    const root = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    const found = (await this.#list(root)).find((one) => one.kind === kind && !one.name.includes("/"));
    if (found === undefined) return undefined;
    return found.namespaced ? `${root}/namespaces/${namespace}/${found.name}` : `${root}/${found.name}`;
  }

  #list(root: string): Promise<readonly ApiResource[]> {
    const before = this.#known.get(root);
    if (before !== undefined) return before;
    const asked = this.#cluster.get(root).then((body) => (body?.["resources"] ?? []) as ApiResource[]);
    this.#known.set(root, asked);
    return asked;
  }
}
