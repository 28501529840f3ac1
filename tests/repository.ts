import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The folder of the repository. */
export const ROOT = join(import.meta.dirname, "..");

/** The text of a file, by its path in the repository. */
export function readText(path: string): string {
  return readFileSync(join(ROOT, path), "utf8");
}

/** The script of the command line: the bundle that a run of all tests builds, else the sources. */
export const COMMAND = process.env["KSERVE_LLM_TESTED_COMMAND"] ?? join(ROOT, "cli/main.ts");
