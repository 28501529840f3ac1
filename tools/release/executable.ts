import { chmodSync, copyFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Metafile } from "esbuild";
import { bundle, ROOT } from "../build/bundle.ts";
import { run } from "../toolchain/processes/run.ts";
import { nodeFor } from "./node.ts";
import { ownTarget } from "./targets.ts";

/** What Node looks for in its own binary: https://nodejs.org/docs/latest-v22.x/api/single-executable-applications.html */
const RESOURCE = "NODE_SEA_BLOB";
const POSTJECT = join(ROOT, "node_modules/postject/dist/cli.js");
const FUSE = "NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2";

/** The plugin in the form that Node's binaries embed, the same for every target; and its inputs. */
export interface Application {
  blob: string;
  metafile: Metafile;
}

/**
 * Bundles the plugin with its schema. Without a code cache and a snapshot, which only work on the machine that made
 * them.
 */
export async function buildApplication(folder: string, schema: string): Promise<Application> {
  const metafile = await bundle(join(ROOT, "provider/executable.ts"), join(folder, "plugin.cjs"), { whole: true });
  // The blob contains the path of `main`: without folders, the same sources give the same bytes.
  const settings = {
    main: "plugin.cjs",
    output: "plugin.blob",
    disableExperimentalSEAWarning: true,
    useCodeCache: false,
    useSnapshot: false,
    assets: { "schema.json": schema },
  };
  const file = join(folder, "application.json");
  writeFileSync(file, JSON.stringify(settings));
  // The format of the blob depends on the release of Node, so the same release makes it.
  const { binary } = await nodeFor(ownTarget());
  await run(binary, ["--experimental-sea-config", file], { cwd: folder });
  return { blob: join(folder, "plugin.blob"), metafile };
}

/** Writes a Node binary that runs the plugin. */
export async function writeExecutable(file: string, node: string, { blob }: Application): Promise<void> {
  copyFileSync(node, file);
  chmodSync(file, 0o755);
  await run(process.execPath, [POSTJECT, file, RESOURCE, blob, "--sentinel-fuse", FUSE]);
}
