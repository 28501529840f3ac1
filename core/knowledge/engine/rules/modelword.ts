import { parseArgs } from "../flags/commandline.ts";
import type { ArgFinding, Release } from "../flags/judge.ts";
import { releaseNumber } from "../release.ts";

/** Until MOVED, `--model` as a separate word was refused; since then its value is put in front of all other words. */
const REFUSED = releaseNumber("0.8.3") ?? 0;
const MOVED = releaseNumber("0.11.1") ?? 0;
/** From here on the first word must be the model if names are given to it. */
const FIRST = releaseNumber("0.17.0") ?? 0;

const NAME = /^--served[-_]model[-_]name(=.+|$)/;

/**
 * The model of `vllm serve` given both as its first word and by `--model`. This does not apply to the server's module,
 * whose model is the flag. Source: FlexibleArgumentParser.parse_args, vllm/utils.py and vllm/utils/argparse_utils.py of
 * every release from 0.8.0 to 0.33.0.
 */
export function judgeModelWord(args: readonly string[], { number, text }: Release): ArgFinding[] {
  const word = parseArgs(args).find(({ flag }) => flag === undefined)?.words[0];
  if (number < REFUSED) return [];
  if (number < MOVED) return args.includes("--model") ? [refused(`vllm serve of ${text} refuses --model`, word)] : [];
  const isGiven = args.some((arg) => /^--model(=|$)/.test(arg));
  if (isGiven && word === undefined) return [];
  if (isGiven)
    return [refused(`vllm serve takes the model from --model, and refuses the additional word ${word}`, word)];
  const isNamed = args[0]?.startsWith("--") === true && args.some((arg) => NAME.test(arg));
  if (number < FIRST || !isNamed) return [];
  return [
    {
      code: "InvalidFlagValue",
      flag: "served-model-name",
      message: `vllm serve of ${text} refuses --served-model-name if the model is not its first word`,
      fix: "write the model as the first of the args",
    },
  ];
}

/**
 * The same for an unknown release, such as that of `latest`: every release since 0.8.3 refuses both, in one way or the
 * other.
 */
export function judgeModelTwice(args: readonly string[]): ArgFinding[] {
  const word = parseArgs(args).find(({ flag }) => flag === undefined)?.words[0];
  if (word === undefined || !args.some((arg) => /^--model(=|$)/.test(arg))) return [];
  return [{ ...refused(`vllm serve refuses --model in addition to the model ${word}`, word), severity: "warning" }];
}

function refused(message: string, word: string | undefined): ArgFinding {
  const told = { code: "InvalidFlagValue", flag: "model", message } as const;
  if (word === undefined) return { ...told, fix: "write the model as the first of the args, without --model" };
  return {
    ...told,
    fix: `remove --model: the engine then loads ${word}, the first word of its command line`,
    change: { to: "nothing" },
  };
}
