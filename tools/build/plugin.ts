import { chmodSync, cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Metafile } from "esbuild";
import { bundle, bundleCluster, ROOT, START, textOf } from "./bundle.ts";
import { NOTICES, writeNotices } from "./notices.ts";

const ASSETS = join(import.meta.dirname, "assets");

/**
 * The plugin's folder: the bundle, its start script, the code that reads clusters, its schema, the executable that the
 * engine looks for on PATH, and Pulumi's manifest of a plugin that a language host runs.
 */
export async function buildPlugin(folder: string): Promise<Metafile> {
  mkdirSync(folder, { recursive: true });
  const metafile = await bundle(join(ROOT, "provider/main.ts"), join(folder, "main.cjs"));
  writeNotices(join(folder, NOTICES), [metafile, await bundleCluster(folder)]);
  const schema: unknown = JSON.parse(readFileSync(join(ROOT, "provider/schema.json"), "utf8"));
  writeFileSync(join(folder, "schema.json"), JSON.stringify(schema));
  writeFileSync(join(folder, START), await textOf(START));
  cpSync(ASSETS, folder, { recursive: true });
  chmodSync(join(folder, "pulumi-resource-kserve-llm"), 0o755);
  return metafile;
}
