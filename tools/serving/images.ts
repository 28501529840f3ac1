import type { Container } from "../../core/kubernetes/objects.ts";

/** What runs instead of an image. */
export interface Program {
  /** Name of the binary in the toolchain's cache. */
  binary: string;
  args: string[];
  env?: Record<string, string>;
  /** How it differs from the rendered command, as a sentence; undefined if the command line is the same. */
  differs?: string;
}

interface Row {
  /** The image without registry and tag. */
  image: RegExp;
  program(container: Container): Program;
}

/**
 * Flags of vLLM that the simulator supports with the same name and meaning. Source: pkg/common/parser.go of
 * llm-d-inference-sim 0.10.2.
 */
const SIMULATED = new Set([
  ...["port", "served-model-name", "lora-modules", "max-loras", "max-cpu-loras", "max-num-seqs", "max-model-len"],
  ...["block-size", "data-parallel-size", "data-parallel-rank", "seed", "ssl-certfile", "ssl-keyfile"],
]);

/**
 * What the simulator has instead of a model: its speed, its length, and no name under which it would contact the
 * model's hub. It writes each request and answer into its log. Rendered flags come later, so they win.
 */
const OWN = [
  ...["--force-dummy-tokenizer", "--time-to-first-token=20ms", "--inter-token-latency=10ms"],
  ...["--max-model-len=32768", "--log-http"],
];

/** Which binary replaces which image. An image without a row is not run: downloads of weights, tokenizers. */
const ROWS: readonly Row[] = [
  { image: /(^|\/)llm-d-(router-endpoint-picker|inference-scheduler)$/, program: (one) => verbatim("epp", one) },
  { image: /(^|\/)llm-d-(router-disagg|routing)-sidecar$/, program: sidecar },
  { image: /(^|\/)(llm-d-(cuda|cpu|rocm|xpu|hpu)|vllm-openai|vllm-openai-cpu)$/, program: simulator },
];

export function programOf(container: Container): Program | undefined {
  const name = (container.image ?? "").split("@")[0]?.replace(/:[^/:]*$/, "") ?? "";
  return ROWS.find(({ image }) => image.test(name))?.program(container);
}

function verbatim(binary: string, { command = [], args = [] }: Container): Program {
  return { binary, args: [...command.slice(1), ...args] };
}

/**
 * The sidecar without its list of pods that may prefill: 0.7.1 reads the whole selector of a v1 InferencePool as
 * labels, finds no pod by them, and so refuses every prefill pod. Source: llm-d-router pull request 1696, merged after
 * 0.9.0 was cut.
 */
function sidecar(container: Container): Program {
  const program = verbatim("pd-sidecar", container);
  const guard = "--enable-ssrf-protection=true";
  if (!program.args.includes(guard)) return program;
  return {
    ...program,
    args: program.args.filter((word) => word !== guard),
    differs: `${guard} is left out: this release refuses every prefill pod of a v1 InferencePool with it`,
  };
}

/** `vllm serve MODEL FLAGS` in the form of the simulator, with only the flags that it supports. */
function simulator({ command = [], args = [] }: Container): Program {
  const words = [...command, ...args];
  const at = words.indexOf("serve");
  const [model = "", ...rest] = words.slice(at + 1);
  const groups = flagGroups(rest);
  const isTaken = ([flag = ""]: string[]): boolean => SIMULATED.has(flag.replace(/^--/, "").replace(/=.*$/s, ""));
  const taken = groups.filter(isTaken).flat();
  const left = groups.filter((group) => !isTaken(group)).map(([flag = ""]) => flag.replace(/=.*$/s, ""));
  return {
    binary: "llm-d-inference-sim",
    args: [`--model=${model}`, ...OWN, ...taken],
    differs: `the simulator takes the place of vLLM${left.length > 0 ? ` and has no ${left.join(", ")}` : ""}`,
  };
}

/** Each flag with the words up to the next one. */
function flagGroups(words: readonly string[]): string[][] {
  const groups: string[][] = [];
  for (const word of words) {
    const last = groups.at(-1);
    if (word.startsWith("--") || last === undefined) groups.push([word]);
    else last.push(word);
  }
  return groups;
}
