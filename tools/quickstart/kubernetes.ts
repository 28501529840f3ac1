import { connect } from "../../cli/cluster/client.ts";
import { QuickstartError } from "./error.ts";

/** The few requests that the quickstart makes itself, beside the engine: it looks before it deletes what others may use. */
export interface ClusterClient {
  server: string;
  /** The document at a path of the API; undefined where there is none. */
  get(path: string): Promise<Record<string, unknown> | undefined>;
  delete(path: string): Promise<void>;
  /** Everything in a namespace, of whatever kind the API server lists. */
  objectsIn(namespace: string): Promise<{ kind: string; name: string }[]>;
}

/** The cluster of the current kubeconfig. */
export function currentCluster(): ClusterClient {
  const cluster = connect();
  return {
    server: cluster.server,
    get: cluster.get,
    delete: async (path) => {
      const { status, body } = await cluster.send("DELETE", path);
      if (status >= 300 && status !== 404)
        throw new QuickstartError(`${path}: ${status} ${String(body["message"] ?? "")}`);
    },
    objectsIn: (namespace) => objectsIn(cluster.get, namespace),
  };
}

interface ApiResource {
  name: string;
  kind: string;
  namespaced: boolean;
  verbs: string[];
}

async function objectsIn(get: ClusterClient["get"], namespace: string): Promise<{ kind: string; name: string }[]> {
  const groups = ((await get("/apis"))?.["groups"] ?? []) as { preferredVersion: { groupVersion: string } }[];
  const roots = ["/api/v1", ...groups.map(({ preferredVersion }) => `/apis/${preferredVersion.groupVersion}`)];
  const found: { kind: string; name: string }[] = [];
  for (const root of roots) {
    const resources = ((await get(root))?.["resources"] ?? []) as ApiResource[];
    const listed = resources.filter(
      ({ name, namespaced, verbs }) => namespaced && verbs.includes("list") && !name.includes("/"),
    );
    for (const { name, kind } of listed) {
      const items = ((await get(`${root}/namespaces/${namespace}/${name}`))?.["items"] ?? []) as {
        metadata: { name: string };
      }[];
      found.push(...items.map(({ metadata }) => ({ kind, name: metadata.name })));
    }
  }
  return found;
}
