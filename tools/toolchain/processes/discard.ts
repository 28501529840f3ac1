import { spawn } from "node:child_process";
import { renameSync } from "node:fs";

let count = 0;

/**
 * Removes a folder of any size: it is renamed first, so that its name is free at once, and removed by a process of its own,
 * which outlives this one. Go's caches are 6 GB of small files and take minutes. The promise is only for those who want to wait.
 */
export function discard(path: string): Promise<void> {
  const aside = `${path}.removing-${process.pid}-${count++}`;
  try {
    renameSync(path, aside);
  } catch {
    // It is not there, or cannot be moved: a leftover does no harm, and the next builder tries again.
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
