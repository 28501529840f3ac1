import type { Json } from "../json.ts";

/**
 * The order of a merged list: items of the later layer in its order, items that only the earlier list has in the order
 * of that list. An earlier item comes before the first later item that follows it in the earlier list, otherwise at the
 * end. Source: normalizeElementOrder of k8s.io/apimachinery/pkg/util/strategicpatch v0.34.
 */
export function mergedOrder(
  merged: readonly Json[],
  later: readonly unknown[],
  earlier: readonly unknown[],
  identity: (item: Json) => unknown,
): Json[] {
  const laterRank = ranks(later);
  const earlierRank = ranks(earlier);
  const rankedBy = (order: ReadonlyMap<unknown, number>) => (a: Json, b: Json) =>
    (order.get(identity(a)) ?? order.size) - (order.get(identity(b)) ?? order.size);
  const named = merged.filter((item) => laterRank.has(identity(item))).sort(rankedBy(laterRank));
  const others = merged.filter((item) => !laterRank.has(identity(item))).sort(rankedBy(earlierRank));

  const out: Json[] = [];
  let next = 0;
  for (const item of named) {
    const rank = earlierRank.get(identity(item));
    while (rank !== undefined && next < others.length && isBefore(earlierRank, identity(others[next] as Json), rank)) {
      out.push(others[next++] as Json);
    }
    out.push(item);
  }
  return [...out, ...others.slice(next)];
}

function isBefore(order: ReadonlyMap<unknown, number>, identity: unknown, rank: number): boolean {
  const own = order.get(identity);
  return own !== undefined && own < rank;
}

/** The first position of each identity. */
function ranks(identities: readonly unknown[]): ReadonlyMap<unknown, number> {
  const out = new Map<unknown, number>();
  for (const identity of identities) if (!out.has(identity)) out.set(identity, out.size);
  return out;
}
