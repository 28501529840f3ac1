import { isObject, type JsonObject } from "../../../kubernetes/json.ts";
import type { ArgFinding, Release } from "../flags/judge.ts";
import { readNumber } from "./number.ts";

/** A command line as rules ask for it. Values that are known only in the pod are not numbers, and so break no rule. */
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

/** A size of which one is the default; undefined where its value is known only in the pod. */
export function sizeOn({ text, number }: Line, flag: string): number | undefined {
  return text(flag) === undefined ? 1 : number(flag);
}

/** What a rule says of a command line that breaks it. */
export type Broken = Pick<ArgFinding, "flag" | "message" | "fix" | "change" | "severity">;

/** A rule that the engine itself holds when it reads its configuration, before it loads anything. */
export interface Rule {
  /** The first release that has it; all do without. */
  from?: string;
  /** The first release that has it no more, or of which that is not known; none does without. */
  until?: string;
  source: string;
  /** Whether it asks for what is not on the command line: a file or a variable may have it. */
  asksForMore?: true;
  broken(line: Line): Broken | undefined;
}

/** The value of a flag that takes JSON; undefined for what is no object, or not written. */
export function jsonOf(text: string | undefined): JsonObject | undefined {
  const read = readJson(text);
  return isObject(read) ? read : undefined;
}

/** Whatever JSON a text is; undefined for what is none. */
export function readJson(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
