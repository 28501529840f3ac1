import { type CommandLines, commandLines } from "../flags/commandline.ts";
import { type FlagBook, flagBook } from "../flags/flagbook.ts";
import { CHOICES } from "./choices.ts";
import { KINDS, LONG_ALIASES } from "./flagtable.ts";

/** The flags of `python3 -m sglang.launch_server`, which argparse reads as it does vLLM's. */
export const SGLANG_FLAGS: FlagBook = flagBook({
  kinds: KINDS,
  choices: CHOICES,
  shortForms: {},
  longForms: LONG_ALIASES,
});
export const SGLANG_LINES: CommandLines = commandLines(SGLANG_FLAGS);
