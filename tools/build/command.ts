import { chmodSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Metafile } from "esbuild";
import { bundle, bundleCluster, ROOT } from "./bundle.ts";
import { NOTICES, writeNotices } from "./notices.ts";

/** The command line's folder: one executable with all that it needs (presets, tables of flags and models), and what reads clusters. */
export async function buildCommand(folder: string): Promise<Metafile> {
  mkdirSync(folder, { recursive: true });
  const executable = join(folder, "kserve-llm.cjs");
  const metafile = await bundle(join(ROOT, "cli/main.ts"), executable, { banner: "#!/usr/bin/env node" });
  writeNotices(join(folder, NOTICES), [metafile, await bundleCluster(folder)]);
  chmodSync(executable, 0o755);
  return metafile;
}
