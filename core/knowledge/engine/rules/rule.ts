import type { ArgFinding, Release } from "../flags/judge.ts";
import { readNumber } from "./number.ts";

/** A command line as rules query it. Values that are known only in the pod are not numbers, so they break no rule. */
export interface Line {
  release: Release;
  text(flag: string): string | undefined;
  number(flag: string): number | undefined;
  isOn(flag: string): boolean;
}

/** A command line by the texts of its flags. */
export function lineOf(text: Line["text"], release: Release): Line {
  const number = (flag: string): number | undefined => readNumber(text(flag));
  return { release, text, number, isOn: (flag) => text(flag) === "true" };
}

/** A size whose default is one; undefined if its value is known only in the pod. */
export function sizeOn({ text, number }: Line, flag: string): number | undefined {
  return text(flag) === undefined ? 1 : number(flag);
}

/** What a rule reports about a command line that breaks it. */
export type Broken = Pick<ArgFinding, "flag" | "message" | "fix" | "change" | "severity" | "refusedByRelease">;

/** A rule that the engine itself checks when it reads its configuration, before it loads anything. */
export interface Rule {
  /** The first release that has it; unset if all do. */
  from?: string;
  /** The first release that no longer has it, or for which that is not known; unset if there is none. */
  until?: string;
  source: string;
  /** Whether it requires something that is not on the command line: a file or a variable may set it. */
  asksForMore?: true;
  broken(line: Line): Broken | undefined;
}
