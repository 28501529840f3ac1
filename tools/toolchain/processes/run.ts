import { spawn } from "node:child_process";
import { Guardian } from "./guardian.ts";

export interface RunOptions {
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  /** A command that takes longer is ended and has failed. */
  timeoutMs?: number;
  /** On an abort, the command is ended and has failed. */
  signal?: AbortSignal;
}

/**
 * Runs a command in a separate process group and resolves to its standard output; the error contains the end of its
 * error output. The group ends with this process.
 */
export async function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  const { timeoutMs, signal, ...where } = options;
  signal?.throwIfAborted();
  return await new Promise((resolve, reject) => {
    const guardian = new Guardian();
    const child = spawn(command, args, { ...where, detached: true, stdio: ["ignore", "pipe", "pipe"] });
    const { pid } = child;
    if (pid !== undefined) guardian.watch(pid);
    const abort = (): void => void (pid !== undefined && endGroup(pid));
    signal?.addEventListener("abort", abort);
    const timer = pid !== undefined && timeoutMs !== undefined && setTimeout(() => endGroup(pid), timeoutMs);
    let [out, err] = ["", ""];
    child.stdout.on("data", (chunk) => {
      out += chunk;
    });
    child.stderr.on("data", (chunk) => {
      err = (err + chunk).slice(-8_000);
    });
    const settle = (outcome: () => void): void => {
      if (timer) clearTimeout(timer);
      signal?.removeEventListener("abort", abort);
      guardian.release();
      outcome();
    };
    child.on("error", (error) => settle(() => reject(error)));
    child.on("close", (code, by) => {
      const failure = `${[command, ...args].join(" ")} failed (${by ?? code})${err === "" ? "" : `:\n${err}`}`;
      settle(() => (code === 0 ? resolve(out) : reject(new Error(failure))));
    });
  });
}

function endGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It has just ended by itself.
  }
}
