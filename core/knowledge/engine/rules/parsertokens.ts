import { positionIn, readSpan, type Span } from "../release.ts";

const THINK = "<think>";
const CHANNEL = "<|channel>";
const SEED = "<seed:think>";
const MINIMAX = "<mm:think>";

/**
 * Parsers that look for a token in the vocabulary of the model and fail without it, by the releases in which they do.
 * Source: BaseThinkingReasoningParser and the classes derived from it in vllm/reasoning, and gemma4_tool_parser.py in
 * vllm/tool_parsers, each release from 0.8.3 to 0.33.0; parsers that only compare texts are left out.
 */
const REASONING: ReadonlyMap<string, string> = new Map([
  [THINK, "deepseek_r1@0.8.3- qwen3@0.9-0.24 glm45@0.10.1-0.14 step3@0.10.1- minimax_m2@0.11.1-0.24 ernie45@0.11.1-"],
  [CHANNEL, "gemma4@0.19-0.24"],
  [SEED, "seed_oss@0.11-0.25"],
  [MINIMAX, "minimax_m3@0.24-"],
]);
const TOOLS: ReadonlyMap<string, string> = new Map([[CHANNEL, "gemma4@0.19-0.24"]]);

interface Needs extends Span {
  name: string;
  token: string;
}

const needsOf = (table: ReadonlyMap<string, string>): Needs[] =>
  [...table].flatMap(([token, names]) => names.split(" ").map((one) => ({ ...readSpan(one), token })));

/** The flags of parsers, each with the flag that adds parsers. */
const FLAGS: readonly { flag: string; plugin: string; needs: readonly Needs[] }[] = [
  { flag: "reasoning-parser", plugin: "reasoning-parser-plugin", needs: needsOf(REASONING) },
  { flag: "tool-call-parser", plugin: "tool-parser-plugin", needs: needsOf(TOOLS) },
];

/**
 * Which of these tokens the vocabularies of publishers' families have. Source: the `tokenizer.json` of the models. Models
 * of other publishers may have been given more.
 */
const FAMILIES: readonly (readonly [uri: RegExp, tokens: readonly string[]])[] = [
  [/^hf:\/\/meta-llama\/(?:meta-)?llama-[34]/i, []],
  [/^hf:\/\/google\/gemma-[23]/i, []],
  [/^hf:\/\/google\/gemma-4/i, [CHANNEL]],
  [/^hf:\/\/qwen\/qwen2(?:\.5)?-/i, []],
  [/^hf:\/\/qwen\/(?:qwen3|qwq)/i, [THINK]],
  [/^hf:\/\/deepseek-ai\/deepseek-(?:r1|v3)/i, [THINK]],
  [/^hf:\/\/openai\/gpt-oss-/i, []],
];

/** A parser of a command line that needs a token which the model's vocabulary does not have. */
export interface Misfit {
  flag: string;
  parser: string;
  token: string;
}

export function misfits(uri: string, text: (flag: string) => string | undefined, release: number): Misfit[] {
  const tokens = FAMILIES.find(([pattern]) => pattern.test(uri))?.[1];
  if (tokens === undefined) return [];
  return FLAGS.flatMap(({ flag, plugin, needs }) => {
    const parser = text(plugin) === undefined ? text(flag) : undefined;
    const found = needs.find((one) => one.name === parser && positionIn(one, release) === "inside");
    if (parser === undefined || found === undefined || tokens.includes(found.token)) return [];
    return [{ flag, parser, token: found.token }];
  });
}
