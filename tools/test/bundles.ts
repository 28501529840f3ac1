import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../build/bundle.ts";
import { buildCommand } from "../build/command.ts";
import { buildLibraryCode } from "../build/library.ts";

const CACHE = join(ROOT, "node_modules/.cache");
/** Always the same folder, because Node keeps what it compiled by the path of a file. */
const BUNDLES = join(CACHE, "tests/dist");

/**
 * Builds the command line and the library that the tests start, once for all of them: a bundle takes half of the processor
 * time that hundreds of sources take to load. Returns the variables by which the tests find them; without these they start
 * the sources.
 */
export async function bundlesForTests(): Promise<Record<string, string>> {
  mkdirSync(CACHE, { recursive: true });
  const built = mkdtempSync(join(CACHE, "tests-"));
  try {
    await Promise.all([buildCommand(join(built, "cli")), buildLibraryCode(built)]);
    const files = readdirSync(built, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    for (const { name, parentPath } of files) {
      const folder = parentPath.replace(built, BUNDLES);
      mkdirSync(folder, { recursive: true });
      // At once, because another run of the tests may start the same file.
      renameSync(join(parentPath, name), join(folder, name));
    }
  } finally {
    rmSync(built, { recursive: true, force: true });
  }
  return {
    KSERVE_LLM_TESTED_COMMAND: join(BUNDLES, "cli/kserve-llm.cjs"),
    KSERVE_LLM_TESTED_LIBRARY: join(BUNDLES, "components/index.js"),
  };
}
