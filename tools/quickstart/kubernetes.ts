import { type ClusterClient as Client, connect, Refused } from "../../cluster/client.ts";
import { listAll } from "../../cluster/list.ts";
import { Resources } from "../../cluster/resources.ts";

/**
 * The few requests that the quickstart makes itself, without the engine: it checks before it deletes what others may
 * use.
 */
export interface ClusterClient extends Pick<Client, "server" | "get"> {
  delete(path: string): Promise<void>;
  /** Everything in a namespace, of any kind that the API server lists. */
  objectsIn(namespace: string): Promise<{ kind: string; name: string }[]>;
}

/** The cluster of the current kubeconfig. */
export async function currentCluster(): Promise<ClusterClient> {
  const cluster = await connect();
  return {
    server: cluster.server,
    get: cluster.get,
    delete: async (path) => {
      const answer = await cluster.send("DELETE", path);
      if (answer.status >= 300 && answer.status !== 404) throw new Refused(path, answer);
    },
    objectsIn: (namespace) => objectsIn(cluster, namespace),
  };
}

async function objectsIn(cluster: Client, namespace: string): Promise<{ kind: string; name: string }[]> {
  const resources = new Resources(cluster);
  const found = new Map<string, { kind: string; name: string }>();
  for (const apiVersion of await resources.groupVersions()) {
    for (const { kind, namespaced, verbs } of await resources.kinds(apiVersion)) {
      if (!namespaced || !verbs.includes("list")) continue;
      const path = (await resources.collection(apiVersion, kind, namespace)) ?? "";
      for (const { metadata } of await listAll<{ metadata: { name: string } }>(cluster, path)) {
        found.set(`${kind}/${metadata.name}`, { kind, name: metadata.name });
      }
    }
  }
  return [...found.values()];
}
