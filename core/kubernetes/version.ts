import { remembering } from "./remember.ts";

/** A release in llm-d's images: MAJOR.MINOR.PATCH, with an optional pre-release and build metadata. */
export interface Version {
  numbers: readonly number[];
  isPreRelease: boolean;
}

const SHAPE = /^(\d+)\.(\d+)\.(\d+)(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/;

/** Undefined for a text that is not a version: all three numbers are required, without a leading v. */
export function parseVersion(text: string): Version | undefined {
  const found = SHAPE.exec(text);
  if (found === null) return undefined;
  return { numbers: found.slice(1, 4).map(Number), isPreRelease: found[4] !== undefined };
}

const numbersOf = remembering((release): readonly number[] => release.split(".").map(Number));

/** Whether a version is at or after a release; pre-releases of the release are before it. */
export function isSince(version: Version, release: string): boolean {
  const wanted = numbersOf(release);
  const at = wanted.findIndex((number, i) => number !== version.numbers[i]);
  if (at < 0) return !version.isPreRelease;
  return (version.numbers[at] ?? 0) > (wanted[at] ?? 0);
}
