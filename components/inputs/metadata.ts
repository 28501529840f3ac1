import { type Deferred, isPlainObject } from "./deferred.ts";

/** The arguments with the default name and namespace in the metadata of a document; the metadata may come as one Output. */
export function withNames(deferred: Deferred, document: "service" | "config", name: string): Deferred {
  const planned = deferred.planned as Record<string, Record<string, unknown>>;
  const { metadata = {} } = planned[document] ?? {};
  if (!isPlainObject(metadata)) return deferred;
  const named = { ...planned[document], metadata: { name, namespace: "default", ...metadata } };
  return { ...deferred, planned: { ...planned, [document]: named } };
}
