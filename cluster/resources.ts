import { apiRoot, pathOfCollection } from "../core/contract/kinds.ts";
import { groupOf, type KubernetesObject } from "../core/kubernetes/objects.ts";
import type { ClusterClient } from "./client.ts";

/** A kind as the API server lists it. */
export interface ApiResource {
  name: string;
  kind: string;
  namespaced: boolean;
  verbs: string[];
}

type Identity = Pick<KubernetesObject, "apiVersion" | "kind" | "metadata">;

/** The paths of objects, from the API server's discovery; read once for each group and version. */
export class Resources {
  readonly #cluster: ClusterClient;
  readonly #known = new Map<string, Promise<readonly ApiResource[]>>();

  constructor(cluster: ClusterClient) {
    this.#cluster = cluster;
  }

  /** The path of an object; undefined if the cluster does not serve its kind. */
  async pathOf({ apiVersion, kind, metadata }: Identity): Promise<string | undefined> {
    const collection = await this.collection(
      apiVersion,
      kind,
      metadata.namespace ?? this.#cluster.namespace ?? "default",
    );
    return collection && `${collection}/${metadata.name}`;
  }

  /** The path of an object whose version the cluster no longer serves: other versions of the group have the same objects. */
  async pathInOtherVersion(object: Identity): Promise<string | undefined> {
    const [group = "", version] = object.apiVersion.split("/");
    if (version === undefined) return undefined;
    for (const apiVersion of await this.groupVersions()) {
      const path = apiVersion.startsWith(`${group}/`) ? await this.pathOf({ ...object, apiVersion }) : undefined;
      if (path !== undefined) return path;
    }
    return undefined;
  }

  /** The path of an object in each other group with a kind of this name; kinds of one name need not be related. */
  async pathsInOtherGroups(object: Identity): Promise<string[]> {
    const found = new Set([groupOf(object.apiVersion)]);
    const paths: string[] = [];
    for (const apiVersion of await this.groupVersions()) {
      const group = groupOf(apiVersion);
      const path = found.has(group) ? undefined : await this.pathOf({ ...object, apiVersion });
      if (path === undefined) continue;
      found.add(group);
      paths.push(path);
    }
    return paths;
  }

  /** The path of all objects of a kind in a namespace. */
  async collection(apiVersion: string, kind: string, namespace: string): Promise<string | undefined> {
    const found = (await this.kinds(apiVersion)).find((one) => one.kind === kind);
    if (found === undefined) return undefined;
    return pathOfCollection({ apiVersion, plural: found.name }, found.namespaced ? namespace : undefined);
  }

  /** The kinds of a group and version, without subresources; none if the cluster does not serve it. */
  kinds(apiVersion: string): Promise<readonly ApiResource[]> {
    const before = this.#known.get(apiVersion);
    if (before !== undefined) return before;
    const asked = this.#cluster
      .get(apiRoot(apiVersion))
      .then((body) => ((body?.["resources"] ?? []) as ApiResource[]).filter(({ name }) => !name.includes("/")));
    this.#known.set(apiVersion, asked);
    return asked;
  }

  /** Every group and version that the cluster serves, the preferred version of a group first. */
  async groupVersions(): Promise<string[]> {
    const groups = ((await this.#cluster.get("/apis"))?.["groups"] ?? []) as {
      preferredVersion: { groupVersion: string };
      versions: { groupVersion: string }[];
    }[];
    const named = groups.flatMap(({ preferredVersion, versions }) => [preferredVersion, ...versions]);
    return [...new Set(["v1", ...named.map(({ groupVersion }) => groupVersion)])];
  }
}
