import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The folder of the repository. */
export const ROOT = join(import.meta.dirname, "..");

/** The text of a file, by its path in the repository. */
export function readText(path: string): string {
  return readFileSync(join(ROOT, path), "utf8");
}
