import { groupOf, type KubernetesObject } from "../core/kubernetes/objects.ts";
import { neededGroups } from "../core/views/preflight/apis.ts";
import type { ClusterFacts, ClusterNode, ClusterPod } from "../core/views/preflight/facts.ts";
import { type NeededList, neededLists } from "../core/views/preflight/references.ts";
import { type ClusterClient, Refused } from "./client.ts";
import { listAll } from "./list.ts";
import { Resources } from "./resources.ts";

/** Finished pods occupy nothing of a node. */
const ALIVE = "status.phase!=Succeeded,status.phase!=Failed";

/**
 * Reads in a cluster what a preflight of the objects judges. It writes nothing; parts that it may not read are listed
 * in the facts.
 */
export async function readFacts(objects: readonly KubernetesObject[], cluster: ClusterClient): Promise<ClusterFacts> {
  const unread: { what: string; why: string }[] = [];
  const allowed = async <T>(what: string, reading: Promise<T>): Promise<T | undefined> => {
    try {
      return await reading;
    } catch (error) {
      if (!(error instanceof Refused) || !error.isForbidden) throw error;
      unread.push({ what, why: error.message });
      return undefined;
    }
  };
  const [apis, named, nodes, pods] = await Promise.all([
    readApis(objects, cluster),
    readNamed(objects, ({ what, path }) => allowed(what, listAll<Named>(cluster, path))),
    allowed("nodes", listAll<ClusterNode>(cluster, "/api/v1/nodes")),
    allowed("pods", listAll<ClusterPod>(cluster, "/api/v1/pods", { fieldSelector: ALIVE })),
  ]);
  return { source: `cluster ${cluster.context}`, apis, named, nodes, pods, unread };
}

interface Named {
  metadata: { name: string; annotations?: Record<string, string> };
}
const DEFAULT_CLASS = "storageclass.kubernetes.io/is-default-class";

/** The lists in which the objects' references are looked up; lists that may not be read are missing. */
async function readNamed(
  objects: readonly KubernetesObject[],
  read: (list: NeededList) => Promise<readonly Named[] | undefined>,
): Promise<ClusterFacts["named"]> {
  const lists = await Promise.all(
    neededLists(objects).map(async (list) => {
      const found = await read(list);
      const names = found?.map(({ metadata: { name, annotations } }) => ({
        name,
        isDefault: annotations?.[DEFAULT_CLASS] === "true",
      }));
      return [list.path, names] as const;
    }),
  );
  return Object.fromEntries(lists.flatMap(([path, names]) => (names === undefined ? [] : [[path, names]])));
}

async function readApis(objects: readonly KubernetesObject[], cluster: ClusterClient): Promise<ClusterFacts["apis"]> {
  const resources = new Resources(cluster);
  const groups = neededGroups(objects);
  const served = (await resources.groupVersions()).filter((apiVersion) => groups.has(groupOf(apiVersion)));
  const kinds = await Promise.all(served.map((apiVersion) => resources.kinds(apiVersion)));
  return Object.fromEntries(
    served.map((apiVersion, index) => [apiVersion, (kinds[index] ?? []).map(({ kind }) => kind)]),
  );
}

/** What was read, in one line. */
export function describeFacts({ server, context }: ClusterClient, { apis, nodes, pods }: ClusterFacts): string {
  const count = (list: readonly unknown[] | undefined, what: string): string =>
    list === undefined ? `no ${what} (not allowed)` : `${list.length} ${what}`;
  const versions = Object.keys(apis).length;
  return `read ${server} (context ${context}): ${count(nodes, "nodes")}, ${count(pods, "pods")}, ${versions} API versions`;
}
