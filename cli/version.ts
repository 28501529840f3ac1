import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Relative to the sources, and relative to the built files (dist/cli). */
const MANIFESTS = ["../package.json", "../../package.json"];
const NAME = "pulumi-kserve-llm";

/** The version of this package, from its package.json. */
export const VERSION: string = MANIFESTS.map(versionIn).find((version) => version !== undefined) ?? "unknown";

function versionIn(path: string): string | undefined {
  try {
    const { name, version } = JSON.parse(readFileSync(join(import.meta.dirname, path), "utf8"));
    return name === NAME ? String(version) : undefined;
  } catch {
    return undefined;
  }
}
