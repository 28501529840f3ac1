import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import lockfile from "proper-lockfile";
import type { Tool } from "./pins.ts";

export const MODULES = join(import.meta.dirname, "../modules");

/** One folder per user: `$XDG_CACHE_HOME/pulumi-kserve-llm`, else `~/.cache/pulumi-kserve-llm`. */
export function cacheRoot(env: NodeJS.ProcessEnv = process.env): string {
  const base = env.XDG_CACHE_HOME || join(homedir(), ".cache");
  return join(base, "pulumi-kserve-llm");
}

/** Where a tool stands once it is built. The name holds the digest of all its pins, so another pin is another folder. */
export function toolDir(tool: Tool, root: string = cacheRoot()): string {
  return join(root, "tools", `${tool.name}-${tool.version}-${pinDigest(tool)}`);
}

/** True when the tool is there whole: it only ever gets its name by a rename at the end of its build. */
export function isCached(tool: Tool, root: string = cacheRoot()): boolean {
  return existsSync(toolDir(tool, root));
}

function pinDigest(tool: Tool): string {
  const digest = createHash("sha256").update(JSON.stringify([tool.binaries, tool.define, tool.assets, tool.embeds]));
  const folder = join(MODULES, tool.name);
  for (const file of readdirSync(folder).sort()) {
    if (/\.(go|mod|sum)$/.test(file)) digest.update(file).update(readFileSync(join(folder, file)));
  }
  return digest.digest("hex").slice(0, 12);
}

/** `intoPlace` for a tool. */
export function intoCache(
  tool: Tool,
  fill: (dir: string) => Promise<void>,
  root: string = cacheRoot(),
): Promise<string> {
  return intoPlace(toolDir(tool, root), fill);
}

/**
 * Lets `fill` make a folder beside the target, and gives it the target's name when it succeeded. A build that is killed
 * leaves a folder that no name leads to, and the next builder removes it.
 */
export async function intoPlace(target: string, fill: (dir: string) => Promise<void>): Promise<string> {
  const beside = `${target}.building-${process.pid}`;
  remove(beside);
  mkdirSync(beside, { recursive: true });
  try {
    await fill(beside);
    if (!existsSync(target)) renameSync(beside, target);
    return target;
  } finally {
    remove(beside);
  }
}

/** One builder at a time, over all processes of the user. The lock of a builder that was killed goes stale in seconds. */
export async function whileLocked<T>(
  work: () => Promise<T>,
  waiting: () => void,
  root: string = cacheRoot(),
  staleMs = 15_000,
): Promise<T> {
  mkdirSync(root, { recursive: true });
  const options = { lockfilePath: join(root, "builder.lock"), stale: staleMs, update: staleMs / 5 };
  let release: () => Promise<void>;
  try {
    release = await lockfile.lock(root, options);
  } catch (error) {
    if ((error as { code?: string }).code !== "ELOCKED") throw error;
    waiting();
    const retries = { forever: true, minTimeout: 1_000, maxTimeout: 3_000, factor: 1.5 };
    release = await lockfile.lock(root, { ...options, retries });
  }
  try {
    removeLeftovers(root);
    return await work();
  } finally {
    await release();
  }
}

/** What builds that were killed left behind; nobody else builds while the lock is held. */
function removeLeftovers(root: string): void {
  for (const folder of [root, join(root, "tools")]) {
    for (const name of existsSync(folder) ? readdirSync(folder) : []) {
      if (/\.building-\d+$/.test(name)) remove(join(folder, name));
    }
  }
}

/** Goes on when a file cannot be removed: a leftover is of no use, and of no harm either. */
function remove(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true, maxRetries: 3 });
  } catch {
    // The next builder tries again.
  }
}
