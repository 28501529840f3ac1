import type { ClusterClient } from "./client.ts";

const PAGE = 500;

/** All objects of a collection, page by page. `query` selects among them. */
export async function listAll<T>(
  cluster: ClusterClient,
  path: string,
  query: Record<string, string> = {},
): Promise<T[]> {
  const items: T[] = [];
  let next: string | undefined = "";
  while (next !== undefined) {
    const parameters = new URLSearchParams({ ...query, limit: String(PAGE), ...(next !== "" && { continue: next }) });
    const page = await cluster.get(`${path}?${parameters}`);
    items.push(...((page?.["items"] ?? []) as T[]));
    next = (page?.["metadata"] as { continue?: string } | undefined)?.continue || undefined;
  }
  return items;
}
