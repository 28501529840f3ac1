import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import type { Tool } from "./pins.ts";
import { discard, removeInBackground } from "./processes/discard.ts";
import { describeHolder, type Holder, whileHolding } from "./processes/lock.ts";

export const MODULES = join(import.meta.dirname, "../modules");

/** One folder per user: `$XDG_CACHE_HOME/pulumi-kserve-llm`, else `~/.cache/pulumi-kserve-llm`. */
export function cacheRoot(env: NodeJS.ProcessEnv = process.env): string {
  const base = env.XDG_CACHE_HOME || join(homedir(), ".cache");
  return join(base, "pulumi-kserve-llm");
}

/** The folder of a built tool. Its name contains the digest of all its pins, so another pin has another folder. */
export function toolDir(tool: Tool, root: string = cacheRoot()): string {
  return join(root, "tools", `${tool.name}-${tool.version}-${pinDigest(tool)}`);
}

/** True if the tool is complete: it only gets its name by a rename at the end of its build. */
export function isCached(tool: Tool, root: string = cacheRoot()): boolean {
  return existsSync(toolDir(tool, root));
}

function pinDigest(tool: Tool): string {
  const digest = createHash("sha256").update(JSON.stringify([tool.binaries, tool.define, tool.assets, tool.embeds]));
  const folder = join(MODULES, tool.name);
  for (const file of readdirSync(folder).sort()) {
    if (/\.(go|mod|sum|txt)$/.test(file)) digest.update(file).update(readFileSync(join(folder, file)));
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
 * Lets `fill` make a folder next to the target, and renames it to the target if that succeeded. A killed build leaves a
 * folder without that name, and the next builder removes it.
 */
export async function intoPlace(target: string, fill: (dir: string) => Promise<void>): Promise<string> {
  const beside = `${target}.building-${process.pid}`;
  void discard(beside);
  mkdirSync(beside, { recursive: true });
  try {
    await fill(beside);
    if (!existsSync(target)) renameSync(beside, target);
    return target;
  } finally {
    void discard(beside);
  }
}

export interface BuilderLock {
  root?: string;
  staleMs?: number;
  /** Gets a sentence that names the awaited process. */
  log: (line: string) => void;
}

/** One builder at a time, over all processes of the user. The lock of a killed builder goes stale within seconds. */
export function whileLocked<T>(
  work: (signal: AbortSignal) => Promise<T>,
  { root = cacheRoot(), staleMs, log }: BuilderLock,
): Promise<T> {
  const waiting = (holder: Holder | undefined): void =>
    log(`Another run is fetching or building the toolchain: waiting for ${describeHolder(holder)}.`);
  const options = { waiting, what: "the toolchain's cache", ...(staleMs !== undefined && { staleMs }) };
  return whileHolding(join(root, "builder.lock"), options, (signal) => {
    removeLeftovers(root);
    return work(signal);
  });
}

/** Removes what killed builds left. The folder of a running process is kept, whichever process has the lock. */
function removeLeftovers(root: string): void {
  for (const folder of [root, join(root, "tools")]) {
    for (const name of existsSync(folder) ? readdirSync(folder) : []) {
      const [, kind, pid] = /\.(building|removing)-(\d+)(?:-\d+)?$/.exec(name) ?? [];
      if (kind === "removing") void removeInBackground(join(folder, name));
      else if (kind === "building" && !isRunning(Number(pid))) void discard(join(folder, name));
    }
  }
}

function isRunning(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
