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

/** Runs two works in turn, so that whatever else the machine does falls on both. */
export async function interleaved<T>(
  runs: number,
  one: () => Promise<T>,
  other: () => Promise<T>,
): Promise<[T[], T[]]> {
  const [first, second]: [T[], T[]] = [[], []];
  for (let run = 0; run < runs; run++) {
    first.push(await one());
    second.push(await other());
  }
  return [first, second];
}
