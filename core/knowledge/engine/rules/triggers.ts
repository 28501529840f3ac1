import { VLLM_FLAGS } from "../flags/flags.ts";
import type { Release } from "../flags/judge.ts";
import { type Broken, type Line, lineOf } from "./rule.ts";

/** Judges a command line; it finds nothing in an empty one. */
export type LineJudge = (line: Line) => Broken | readonly Broken[] | undefined;

/** Several judges, by the flags that can make them find something. */
export interface Triggers {
  judges: readonly LineJudge[];
  /** By flag, the positions of the judges that read it. */
  byFlag: ReadonlyMap<string, readonly number[]>;
}

/**
 * The flags that a judge reads are recorded while it judges an empty command line. If none of them is written it gets
 * the same answers, and so finds nothing there either: a command line needs only some of more than a hundred judges.
 */
export function triggersOf(judges: readonly LineJudge[], release: Release): Triggers {
  const byFlag = new Map<string, number[]>();
  for (const [place, judge] of judges.entries()) {
    for (const flag of flagsAskedBy(judge, release)) byFlag.set(flag, [...(byFlag.get(flag) ?? []), place]);
  }
  return { judges, byFlag };
}

function flagsAskedBy(judge: LineJudge, release: Release): ReadonlySet<string> {
  const asked = new Set<string>();
  const empty = (flag: string): undefined => void asked.add(VLLM_FLAGS.flagName(flag));
  judge(lineOf(empty, release));
  return asked;
}

/** What the judges find in a command line that has these flags, in their order. */
export function foundBy({ judges, byFlag }: Triggers, flags: Iterable<string>, line: Line): Broken[] {
  const places = new Set<number>();
  for (const flag of flags) for (const place of byFlag.get(flag) ?? []) places.add(place);
  return [...places].sort((one, other) => one - other).flatMap((place) => judges[place]?.(line) ?? []);
}
