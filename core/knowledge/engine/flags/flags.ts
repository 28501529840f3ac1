import { type FlagBook, flagBook } from "./flagbook.ts";
import { ALIASES, CHOICES, KINDS } from "./flagtable.ts";

/** The flags of `vllm serve`. */
export const VLLM_FLAGS: FlagBook = flagBook({
  kinds: KINDS,
  choices: CHOICES,
  shortForms: ALIASES,
  longForms: {},
  underscores: true,
});

export const { flagName, flagNamed, allFlags, flagsOf } = VLLM_FLAGS;

/** Whether it is a flag of some release in full. */
export function isFlag(name: string): boolean {
  return flagNamed(name) !== undefined;
}
