/** Whether a dotted version is `oldest` or newer, by its numbers; suffixes (`rc1`, `-dev`) are ignored. */
export function isAtLeast(version: string, oldest: string): boolean {
  const [have, want] = [numbers(version), numbers(oldest)];
  for (const [index, wanted] of want.entries()) {
    const had = have[index] ?? 0;
    if (had !== wanted) return had > wanted;
  }
  return true;
}

function numbers(version: string): number[] {
  return version.split(".").map((part) => Number.parseInt(part, 10) || 0);
}
