import type { Behaviour } from "./behaviour.ts";
import type { Settings } from "./options/settings.ts";

/** What decides how a URI is brought into a pod. */
export interface Fetching {
  behaviour: Pick<Behaviour, "downloads">;
  settings: Pick<Settings, "storageInitializer">;
}

/** An image that the storage initializer reads from its registry, instead of a container that runs it or a volume of it. */
const FETCHED = "oci+fetch";

/** The scheme that decides how a URI is brought into the pod. For oci://, the settings may choose a download. */
export function schemeOf(uri: string, { behaviour, settings }: Fetching): string {
  const end = uri.indexOf("://");
  const scheme = end < 0 ? uri : uri.slice(0, end);
  const isFetched = scheme === "oci" && settings.storageInitializer.ociModelMode === "fetch";
  return isFetched && behaviour.downloads.includes(FETCHED) ? FETCHED : scheme;
}

/** Whether the storage initializer downloads what a URI names. */
export function isDownloaded(uri: string, fetching: Fetching): boolean {
  return uri.includes("://") && fetching.behaviour.downloads.includes(schemeOf(uri, fetching));
}
