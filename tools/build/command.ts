import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Metafile } from "esbuild";
import { bundle, bundleCluster, ROOT, START, textOf } from "./bundle.ts";
import { NOTICES, writeNotices } from "./notices.ts";

/**
 * The command line's folder: one executable, its bundle with everything that it needs (presets, tables of flags and
 * models), and the code that reads clusters.
 */
export async function buildCommand(folder: string): Promise<Metafile> {
  mkdirSync(folder, { recursive: true });
  const metafile = await bundle(join(ROOT, "cli/main.ts"), join(folder, "main.cjs"), { brief: true });
  writeNotices(join(folder, NOTICES), [metafile, await bundleCluster(folder)]);
  const executable = join(folder, "kserve-llm.cjs");
  writeFileSync(executable, `#!/usr/bin/env node\n${await textOf(START)}`);
  chmodSync(executable, 0o755);
  return metafile;
}
