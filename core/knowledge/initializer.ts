import { entryOf } from "../kubernetes/table.ts";
import { isSince, parseVersion } from "../kubernetes/version.ts";
import { tagOf } from "../kubernetes/workloads/image.ts";

const REPOSITORY = "kserve/storage-initializer";

/**
 * The release from which on KServe's storage initializer downloads a scheme; every release downloads the others.
 * Source: Storage.download in kserve_storage.py, KServe v0.20.0 and v0.21 (kserve/kserve#5330, #5739).
 */
const SINCE: Readonly<Record<string, string>> = { modelscope: "0.21.0", "oci+fetch": "0.21.0" };

/** The first release that downloads all of these schemes; undefined if every release does. */
export function initializerFor(schemes: readonly string[]): string | undefined {
  return schemes.map((scheme) => entryOf(SINCE, scheme)).find((release) => release !== undefined);
}

/** KServe's image of a release. */
export function initializerImage(release: string): string {
  return `${REPOSITORY}:v${release}`;
}

/**
 * Whether an image is certainly older than a release: it has KServe's name, and a version as its tag. Pre-releases of a
 * release have its schemes.
 */
export function isInitializerBefore(image: string, release: string): boolean {
  const tag = tagOf(image);
  const [name = ""] = image.split(/[:@]/).filter((part) => part.endsWith("/storage-initializer"));
  const version = tag === undefined ? undefined : parseVersion(tag.replace(/^v/, ""));
  return name !== "" && version !== undefined && !isSince({ ...version, isPreRelease: false }, release);
}

/**
 * A URI as the storage initializer reads it: it only accepts oci:// for images. Source: ParseOciScheme in
 * pkg/utils/storage.go.
 */
export function asArgument(uri: string): string {
  return uri.replace(/^oci\+fetch:/, "oci:");
}
