import type { Answer, ClusterClient } from "../../cluster/client.ts";
import { Refused } from "../../cluster/client.ts";
import { KINDS, pathOfCollection } from "../../core/contract/kinds.ts";
import type { KubernetesObject } from "../../core/kubernetes/objects.ts";

/** An API server in memory: it serves the kinds of the table, and applies an object by answering with it. */
export interface FakeCluster extends ClusterClient {
  /** Paths that were read, in order. */
  read: string[];
}

export function fakeCluster(
  objects: readonly KubernetesObject[],
  { forbidden = [] }: { forbidden?: readonly string[] } = {},
): FakeCluster {
  const read: string[] = [];
  const answer = (path: string): Answer => {
    const [plain = "", query = ""] = path.split("?");
    if (forbidden.some((plural) => plain.includes(`/${plural}`)))
      return { status: 403, body: { message: "forbidden" } };
    const body = discovery(plain) ?? collection(plain, new URLSearchParams(query), objects) ?? single(plain, objects);
    return body === undefined ? { status: 404, body: {} } : { status: 200, body };
  };
  return {
    ...{ server: "https://fake", context: "fake", read },
    send: async (_method, _path, body) => ({ status: 200, body: body as Record<string, unknown> }),
    get: async (path) => {
      read.push(path);
      const found = answer(path);
      if (found.status === 403) throw new Refused(path, found);
      return found.status === 200 ? found.body : undefined;
    },
  };
}

function discovery(path: string): Record<string, unknown> | undefined {
  const rows = Object.values(KINDS).filter(({ apiVersion }) => path === rootOf(apiVersion));
  if (rows.length === 0) return undefined;
  const resources = rows.map(({ plural, kind, isClusterWide }) => ({ name: plural, kind, namespaced: !isClusterWide }));
  return { resources };
}

function rootOf(apiVersion: string): string {
  return apiVersion === "v1" ? "/api/v1" : `/apis/${apiVersion}`;
}

function collection(
  path: string,
  query: URLSearchParams,
  objects: readonly KubernetesObject[],
): Record<string, unknown> | undefined {
  const isServed = Object.values(KINDS).some((row) => path === pathOfCollection(row, namespaceIn(path)));
  if (!isServed) return undefined;
  const wanted = (query.get("labelSelector") ?? "").split(",").filter(Boolean);
  const matches = ({ metadata: { labels = {} } }: KubernetesObject): boolean =>
    wanted.every((pair) => labels[pair.split("=")[0] ?? ""] === pair.split("=")[1]);
  return { items: objects.filter((one) => collectionOf(one) === path && matches(one)) };
}

function single(path: string, objects: readonly KubernetesObject[]): KubernetesObject | undefined {
  return objects.find((one) => `${collectionOf(one)}/${one.metadata.name}` === path);
}

function collectionOf({ apiVersion, kind, metadata }: KubernetesObject): string | undefined {
  const row = Object.values(KINDS).find((one) => one.apiVersion === apiVersion && one.kind === kind);
  return row && pathOfCollection(row, metadata.namespace);
}

function namespaceIn(path: string): string | undefined {
  return /\/namespaces\/([^/]+)\//.exec(path)?.[1];
}
