/**
 * vLLM command lines, merged flag by flag: a later layer's flag takes the place of the same flag, a new one is appended.
 * What a flag takes is known for the flags of {@link FLAGS}; of another flag, a word behind it that is no flag is its value.
 * Source of the names: vLLM's EngineArgs and its OpenAI server's arguments (vllm/engine/arg_utils.py).
 */
export interface Arg {
  /** The flag's canonical name without dashes and without `no-`; undefined for a bare word. */
  flag?: string;
  /** The words that were written, the flag itself first. */
  words: string[];
}

type Takes = "nothing" | "value" | "list";

const BOOLEAN = [
  "async-scheduling",
  "enforce-eager",
  "headless",
  "trust-remote-code",
  "multi-step-stream-outputs",
  "calculate-kv-scales",
  "return-tokens-as-token-ids",
  "data-parallel-hybrid-lb",
  "data-parallel-external-lb",
  "skip-tokenizer-init",
  "fully-sharded-loras",
  "use-tqdm-on-load",
  "log-config-file-only",
  "generation-config-only",
  "api-server-only",
];
const LISTS = [
  "lora-modules",
  "served-model-name",
  "allowed-local-media-domains",
  "allowed-media-domains",
  "chat-template-kwargs",
  "cuda-graph-sizes",
  "cudagraph-capture-sizes",
  "prompt-adapters",
  "show-hidden-metrics",
  "api-key",
  "collect-detailed-traces",
];
/** Flags that may stand several times and mean all of them. */
const REPEATED = ["middleware"];
/** Short forms, by what stands behind one dash. */
const ALIASES: Readonly<Record<string, string>> = {
  tp: "tensor-parallel-size",
  pp: "pipeline-parallel-size",
  dp: "data-parallel-size",
  dpl: "data-parallel-size-local",
  dpa: "data-parallel-address",
  dpp: "data-parallel-rpc-port",
  dpr: "data-parallel-start-rank",
  dpn: "data-parallel-rank",
  dpb: "data-parallel-backend",
  dph: "data-parallel-hybrid-lb",
  ep: "enable-expert-parallel",
  q: "quantization",
  asc: "api-server-count",
  dcp: "decode-context-parallel-size",
  pcp: "prefill-context-parallel-size",
  n: "nnodes",
  r: "node-rank",
  O: "optimization-level",
  cc: "compilation-config",
};
const SWITCH = /^(?:enable|disable|no)-/;
const FLAG = /^--?[A-Za-z]/;

const FLAGS: ReadonlyMap<string, Takes> = new Map<string, Takes>([
  ...BOOLEAN.map((flag): [string, Takes] => [flag, "nothing"]),
  ...LISTS.map((flag): [string, Takes] => [flag, "list"]),
]);

/** Cuts a command line into flags with their values, and bare words. */
export function parseArgs(args: readonly string[]): Arg[] {
  const parsed: Arg[] = [];
  for (let at = 0; at < args.length; ) {
    const word = args[at] as string;
    if (!FLAG.test(word)) {
      parsed.push({ words: [word] });
      at++;
      continue;
    }
    const equals = word.indexOf("=");
    const flag = canonical(equals < 0 ? word : word.slice(0, equals));
    const length = equals < 0 ? 1 + valuesBehind(args, at + 1, takes(word, flag)) : 1;
    parsed.push({ flag, words: args.slice(at, at + length) });
    at += length;
  }
  return parsed;
}

/** `--Max_Model-len` and `-tp` by their one name; `--no-x` is `x`. */
function canonical(word: string): string {
  const name = word.replace(/^--?/, "");
  const long = word.startsWith("--") ? name : (ALIASES[name] ?? name);
  return long.replaceAll("_", "-").replace(/^no-/, "");
}

function takes(word: string, flag: string): Takes {
  const known = FLAGS.get(flag);
  if (known !== undefined) return known;
  return SWITCH.test(flag) || /^--no-/.test(word) ? "nothing" : "value";
}

function valuesBehind(args: readonly string[], start: number, kind: Takes): number {
  if (kind === "nothing") return 0;
  let end = start;
  while (end < args.length && !FLAG.test(args[end] as string)) {
    end++;
    if (kind === "value") break;
  }
  return end - start;
}

/**
 * The later arguments over the earlier: the same flag in its place, new ones behind. A bare word (the model) takes the place
 * of the earlier bare word. Neither input is changed.
 */
export function mergeArgs(base: readonly string[], added: readonly string[]): string[] {
  const merged: Arg[] = [];
  for (const arg of [...parseArgs(base), ...parseArgs(added)]) {
    const isSame = (other: Arg): boolean => other.flag === arg.flag;
    const at = REPEATED.includes(arg.flag ?? "") ? -1 : merged.findIndex(isSame);
    if (at < 0) merged.push(arg);
    else merged[at] = arg;
  }
  // argparse would give a bare word behind a list flag to that flag: bare words come first.
  const bare = merged.filter(({ flag }) => flag === undefined);
  return [...bare, ...merged.filter(({ flag }) => flag !== undefined)].flatMap(({ words }) => words);
}

/** The arguments without some flags, which may be written in any of their forms. */
export function removeFlags(args: readonly string[], flags: readonly string[]): string[] {
  const removed = new Set(flags.map(canonical));
  return parseArgs(args)
    .filter(({ flag }) => flag === undefined || !removed.has(flag))
    .flatMap(({ words }) => words);
}

/** The value of a flag: its one value or list joined by spaces, "true" or "false" for a switch; undefined where it is not set. */
export function flagValue(args: readonly string[], flag: string): string | undefined {
  const found = parseArgs(args).findLast((arg) => arg.flag === canonical(flag.startsWith("-") ? flag : `--${flag}`));
  if (found === undefined) return undefined;
  const [word = "", ...values] = found.words;
  const equals = word.indexOf("=");
  if (equals >= 0) return word.slice(equals + 1);
  if (values.length > 0) return values.join(" ");
  return /^--no-/.test(word) ? "false" : "true";
}
