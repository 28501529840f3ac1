import { groupOf, neededGroups } from "../core/preflight/apis.ts";
import type { ClusterFacts, ClusterNode, ClusterPod } from "../core/preflight/facts.ts";
import type { KubernetesObject } from "../core/spec/kubernetes.ts";
import { type ClusterClient, Refused } from "./client.ts";
import { listAll } from "./list.ts";
import { Resources } from "./resources.ts";

/** Pods that are done hold nothing of a node. */
const ALIVE = "status.phase!=Succeeded,status.phase!=Failed";
/** What a user of the cluster may not do; anything else means that it does not work. */
const FORBIDDEN = [401, 403];

/** Looks at a cluster for what a preflight of the objects judges. Only reads; what it may not read, the facts tell. */
export async function readFacts(objects: readonly KubernetesObject[], cluster: ClusterClient): Promise<ClusterFacts> {
  const unread: { what: string; why: string }[] = [];
  const allowed = async <T>(what: string, reading: Promise<T>): Promise<T | undefined> => {
    try {
      return await reading;
    } catch (error) {
      if (!(error instanceof Refused) || !FORBIDDEN.includes(error.status)) throw error;
      unread.push({ what, why: error.message });
      return undefined;
    }
  };
  const [apis, nodes, pods] = await Promise.all([
    readApis(objects, cluster),
    allowed("nodes", listAll<ClusterNode>(cluster, "/api/v1/nodes")),
    allowed("pods", listAll<ClusterPod>(cluster, "/api/v1/pods", { fieldSelector: ALIVE })),
  ]);
  return { source: `cluster ${cluster.context}`, apis, nodes, pods, unread };
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

/** What was looked at, in one line. */
export function describeFacts({ server, context }: ClusterClient, { apis, nodes, pods }: ClusterFacts): string {
  const count = (list: readonly unknown[] | undefined, what: string): string =>
    list === undefined ? `no ${what} (not allowed)` : `${list.length} ${what}`;
  const versions = Object.keys(apis).length;
  return `read ${server} (context ${context}): ${count(nodes, "nodes")}, ${count(pods, "pods")}, ${versions} API versions`;
}
