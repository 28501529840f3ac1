import { spawn } from "node:child_process";
import { renameSync } from "node:fs";

let count = 0;

/**
 * Removes a folder of any size: it is renamed first, so that its name is free at once, and a separate process, which
 * outlives this one, removes it. Go's caches are 6 GB of small files and take minutes. The promise is only for callers
 * that want to wait.
 */
export function discard(path: string): Promise<void> {
  const aside = `${path}.removing-${process.pid}-${count++}`;
  try {
    renameSync(path, aside);
  } catch {
    // It does not exist, or cannot be moved: a leftover does no harm, and the next builder tries again.
    return Promise.resolve();
  }
  return removeInBackground(aside);
}

/** Removes a folder that is no longer used. */
export function removeInBackground(path: string): Promise<void> {
  const child = spawn("rm", ["-rf", "--", path], { detached: true, stdio: "ignore" });
  child.unref();
  return new Promise((resolve) => {
    child.on("error", () => resolve());
    child.on("exit", () => resolve());
  });
}
