import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { loadavg } from "node:os";
import { run } from "../../tools/toolchain/processes/run.ts";

/** The middle of some measurements; their order is kept. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}

/** Seconds of processor time of this process that some work takes. */
export function cpuOf(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

/** Runs works in turn, so that whatever else the machine does falls on all of them alike; the results are in the order of the works. */
export async function interleaved<Works extends readonly (() => Promise<unknown>)[]>(
  runs: number,
  ...works: Works
): Promise<{ -readonly [Work in keyof Works]: Awaited<ReturnType<Works[Work]>>[] }> {
  const results: unknown[][] = works.map(() => []);
  for (let turn = 0; turn < runs; turn++) {
    for (const [index, work] of works.entries()) results[index]?.push(await work());
  }
  return results as { -readonly [Work in keyof Works]: Awaited<ReturnType<Works[Work]>>[] };
}

/** What a command cost, with all that it started and waited for. */
export interface Spent {
  cpuSeconds: number;
  wallSeconds: number;
  /** The highest of the sums of what its processes held at a time, by the name of the process; looked at now and then. */
  peakMegabytes: Readonly<Record<string, number>>;
  output: string;
}

const LOOK_MS = 500;

/** Runs a line of the shell and measures it. `watched` also looks at the memory of its processes, which costs a little. */
export async function spent(
  script: string,
  { watched = false, ...options }: { cwd: string; env: NodeJS.ProcessEnv; watched?: boolean },
): Promise<Spent> {
  const started = performance.now();
  const peaks: Record<string, number> = {};
  const timer = watched ? setInterval(() => raise(peaks, memoryBelow(process.pid)), LOOK_MS) : undefined;
  try {
    // The shell's `times` tells its own time, then that of all its children that ended, theirs included.
    const output = await run("bash", ["-c", `${script}; status=$?; times; exit $status`], options);
    const times = [
      ...output
        .split("\n")
        .slice(-3)
        .join("\n")
        .matchAll(/(\d+)m([\d.]+)s/g),
    ];
    const cpuSeconds = times.reduce((sum, [, minutes, seconds]) => sum + Number(minutes) * 60 + Number(seconds), 0);
    return { cpuSeconds, wallSeconds: (performance.now() - started) / 1000, peakMegabytes: peaks, output };
  } finally {
    clearInterval(timer);
  }
}

function raise(peaks: Record<string, number>, now: Readonly<Record<string, number>>): void {
  for (const [name, megabytes] of Object.entries(now)) peaks[name] = Math.max(peaks[name] ?? 0, megabytes);
}

/** What the processes below one hold at this moment, by name. */
function memoryBelow(root: number): Record<string, number> {
  const rows = execFileSync("ps", ["-A", "-o", "pid=,ppid=,rss=,comm="], { encoding: "utf8" })
    .trim()
    .split("\n")
    .map((line) => /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(.+)$/.exec(line)?.slice(1) ?? []);
  const found: Record<string, number> = {};
  const below = (pid: string): void => {
    for (const [own = "", parent, kilobytes, name = ""] of rows) {
      if (parent !== pid) continue;
      found[name] = (found[name] ?? 0) + Number(kilobytes) / 1024;
      below(own);
    }
  };
  below(String(root));
  return found;
}

/** What the machine is busy with: its load, and how many processes run or wait to run. */
export function machineLoad(): { load: number; running: number } {
  const running = Number(/(\d+)\/\d+/.exec(readFileSync("/proc/loadavg", "utf8"))?.[1]);
  return { load: loadavg()[0] ?? 0, running };
}
