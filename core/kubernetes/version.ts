/** A release as llm-d's images have it: MAJOR.MINOR.PATCH, perhaps with a pre-release and build metadata. */
export interface Version {
  numbers: readonly number[];
  isPreRelease: boolean;
}

const SHAPE = /^(\d+)\.(\d+)\.(\d+)(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/;

/** Undefined for what is no version: no leading v, and all three numbers. */
export function parseVersion(text: string): Version | undefined {
  const found = SHAPE.exec(text);
  if (found === null) return undefined;
  return { numbers: found.slice(1, 4).map(Number), isPreRelease: found[4] !== undefined };
}

/** Whether a version is not before a release; what leads to a release is before it. */
export function isSince(version: Version, release: string): boolean {
  const wanted = release.split(".").map(Number);
  const at = wanted.findIndex((number, i) => number !== version.numbers[i]);
  if (at < 0) return !version.isPreRelease;
  return (version.numbers[at] ?? 0) > (wanted[at] ?? 0);
}
