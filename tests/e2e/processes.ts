import { execFileSync, spawnSync } from "node:child_process";

/** One row of the table of processes. */
export interface Process {
  pid: number;
  parent: number;
  name: string;
}

/** A process and all below it: language hosts put programs into process groups of their own. */
export function withDescendants(root: number | undefined): Process[] {
  if (root === undefined) return [];
  const table = execFileSync("ps", ["-A", "-o", "pid=,ppid=,comm="], { encoding: "utf8" });
  const all = table
    .trim()
    .split("\n")
    .map((line): Process => {
      const [pid = "", parent = "", name = ""] = line.trim().split(/\s+/);
      return { pid: Number(pid), parent: Number(parent), name };
    });
  const below = (pid: number): Process[] =>
    all.filter(({ parent }) => parent === pid).flatMap((one) => [one, ...below(one.pid)]);
  return [...all.filter(({ pid }) => pid === root), ...below(root)];
}

/** A line for each process below one, with its state and the seconds it has run: for the message of a test that hangs. */
export function describeTree(root: number | undefined): string {
  const pids = withDescendants(root).map(({ pid }) => pid);
  if (pids.length === 0) return "(no process is left)";
  const columns = "pid=,ppid=,stat=,wchan:24=,etimes=,args=";
  return spawnSync("ps", ["-ww", "-o", columns, "-p", pids.join(",")], { encoding: "utf8" }).stdout;
}

/** Sends a signal to each of the processes that still runs. */
export function signal(name: NodeJS.Signals, processes: readonly Process[]): void {
  for (const { pid } of processes) {
    try {
      process.kill(pid, name);
    } catch {
      // It has just ended by itself.
    }
  }
}

/**
 * Ends a process and all below it in one moment, as a power cut does. All are stopped first, so that none starts another one
 * while the table is read, which would then run on alone.
 */
export function killTree(root: number | undefined): void {
  let stopped = 0;
  for (let tree = withDescendants(root); tree.length > stopped; tree = withDescendants(root)) {
    signal("SIGSTOP", tree);
    stopped = tree.length;
  }
  signal("SIGKILL", withDescendants(root));
}
