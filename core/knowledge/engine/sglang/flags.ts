import { type CommandLines, commandLines } from "../flags/commandline.ts";
import { type FlagBook, flagBook } from "../flags/flagbook.ts";
import { CHOICES } from "./choices.ts";
import { KINDS, LONG_ALIASES } from "./flagtable.ts";

/**
 * The flags of `python3 -m sglang.launch_server`, which argparse reads like vLLM's, except for underscores: SGLang's
 * parser is argparse's own (prepare_server_args in sglang/srt/server_args.py of 0.5.5 to 0.5.23;
 * sgl-project/sglang#12818).
 */
export const SGLANG_FLAGS: FlagBook = flagBook({
  kinds: KINDS,
  choices: CHOICES,
  shortForms: {},
  longForms: LONG_ALIASES,
  underscores: false,
});
export const SGLANG_LINES: CommandLines = commandLines(SGLANG_FLAGS);
