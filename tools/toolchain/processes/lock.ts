import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname } from "node:path";
import lockfile from "proper-lockfile";
import { ToolchainError } from "../error.ts";

/** The holder of a lock: written next to it, for waiting processes. */
export interface Holder {
  pid: number;
  command: string;
  since: string;
}

export interface LockOptions {
  /** A lock that was not renewed for this long belongs to a process that is gone. */
  staleMs?: number;
  /** Called when another process holds the lock, and again every minute until it is free. */
  waiting: (holder: Holder | undefined) => void;
  /** What the lock guards, for the message if it is lost. */
  what: string;
}

/** The lock went to another process, or was removed, during the work. */
export class LockLost extends ToolchainError {}

const STALE_MS = 30_000;
const RETRY_MS = 500;
const REMIND_MS = 60_000;

/**
 * Does the work while no other process of the user does it. A second process waits. The signal is aborted, and the
 * promise rejected with {@link LockLost}, if the lock is lost: a process that was suspended for longer than `staleMs`
 * no longer holds it.
 */
export async function whileHolding<T>(
  path: string,
  { staleMs = STALE_MS, waiting, what }: LockOptions,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  mkdirSync(dirname(path), { recursive: true });
  const abort = new AbortController();
  const lost = new Promise<never>((_, reject) => {
    abort.signal.addEventListener("abort", () => reject(abort.signal.reason));
  });
  // The promise is not awaited before the work begins.
  lost.catch(() => undefined);
  const release = await acquire(path, staleMs, waiting, () => abort.abort(new LockLost(lostText(path, staleMs, what))));
  try {
    return await Promise.race([work(abort.signal), lost]);
  } finally {
    if (!abort.signal.aborted) {
      forget(path);
      // Another process took the lock at this moment: the work is done all the same.
      await release().catch(() => undefined);
    }
  }
}

async function acquire(
  path: string,
  stale: number,
  waiting: LockOptions["waiting"],
  onCompromised: () => void,
): Promise<() => Promise<void>> {
  const options = { lockfilePath: path, realpath: false, stale, update: stale / 5, onCompromised };
  for (let remindAt = 0; ; ) {
    try {
      const release = await lockfile.lock(path, options);
      const since = new Date().toISOString();
      writeFileSync(holderFile(path), JSON.stringify({ pid: process.pid, command: command(), since }));
      return release;
    } catch (error) {
      if ((error as { code?: string }).code !== "ELOCKED") throw error;
    }
    if (Date.now() >= remindAt) {
      waiting(readHolder(path));
      remindAt = Date.now() + REMIND_MS;
    }
    await new Promise((resolve) => setTimeout(resolve, Math.min(RETRY_MS, stale / 4)));
  }
}

/** "process 4711 (test.ts --unit) since 14:03:12", or "another process" if nothing is known. */
export function describeHolder(holder: Holder | undefined): string {
  if (holder === undefined) return "another process";
  const since = new Date(holder.since).toTimeString().slice(0, 8);
  return `process ${holder.pid} (${holder.command}) since ${since}`;
}

function lostText(path: string, staleMs: number, what: string): string {
  return [
    `The lock of ${what} (${path}) was lost: this process did not run for more than ${staleMs / 1000} s`,
    "(the computer slept, or the disk was full or very slow), or another user removed the lock.",
    "Run the command again. Finished work is kept.",
  ].join(" ");
}

function command(): string {
  const [script = "", ...args] = process.argv.slice(1);
  return [basename(script), ...args].join(" ").slice(0, 100);
}

function holderFile(path: string): string {
  return `${path}.holder`;
}

function readHolder(path: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(holderFile(path), "utf8")) as Holder;
  } catch {
    // The holder is about to write it, or was killed in between.
    return undefined;
  }
}

function forget(path: string): void {
  if (readHolder(path)?.pid === process.pid) rmSync(holderFile(path), { force: true });
}
