import { isObject, type JsonObject } from "../../kubernetes/json.ts";
import type { ArgFinding, Release } from "./judge.ts";

/** A command line as rules ask for it. Values that are known only in the pod are not numbers, and so break no rule. */
export interface Line {
  release: Release;
  text(flag: string): string | undefined;
  number(flag: string): number | undefined;
  isOn(flag: string): boolean;
}

/** What a rule says of a command line that breaks it. */
export type Broken = Pick<ArgFinding, "flag" | "message" | "fix" | "change" | "severity">;

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
