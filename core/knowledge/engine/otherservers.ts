import { otherEngineOf } from "./images.ts";
import type { Startable } from "./start/start.ts";

/**
 * A server of an engine whose flags are not known as a whole: the few that decide where it answers, and on how many GPUs
 * it runs.
 */
interface Server {
  title: string;
  program: string;
  /** Subcommands that start the same server. */
  subcommands: readonly string[];
  /** What `otherEngineOf` calls images that start it without a command. */
  ofImages?: string;
  host: { flag: string; initial?: string };
  /** `ofImages` is the port that the project's own images set. */
  port: {
    flag: string;
    short?: string;
    variable?: string;
    initial?: number;
    ofImages?: { name: RegExp; port: number };
  };
  /** By size, the names of its flag; the ranks are the product of all sizes. */
  sizes: readonly (readonly string[])[];
  sizeVariable?: string;
  /** Number of ranks without a flag; all GPUs if there is none. */
  initialRanks?: number;
  /** Whether it refuses more ranks than there are GPUs, before it loads anything. */
  refusesMore: boolean;
  /** Flags after which sizes or the form of weights are no longer known, unless their value is `initial`. */
  opaque: readonly { flag: string; variable?: string; initial?: string }[];
  /** The flag and variable that name the model; otherwise the first bare word does. */
  model?: { flag: string; variable: string };
}

/**
 * Source: launcher/src/main.rs and server/text_generation_server/utils/dist.py of text-generation-inference 3;
 * its Dockerfile; tensorrt_llm/commands/serve.py and llmapi/llm.py of TensorRT-LLM 1.0 to 1.3.
 */
const SERVERS: readonly Server[] = [
  {
    title: "Text Generation Inference",
    program: "text-generation-launcher",
    subcommands: [],
    ofImages: "Text Generation Inference",
    host: { flag: "--hostname" },
    port: {
      flag: "--port",
      short: "-p",
      variable: "PORT",
      ofImages: { name: /(^|\/)huggingface\/text-generation-inference(?=[:@]|$)/, port: 80 },
    },
    sizes: [["--num-shard"]],
    sizeVariable: "NUM_SHARD",
    refusesMore: true,
    opaque: [
      { flag: "--quantize", variable: "QUANTIZE" },
      { flag: "--sharded", variable: "SHARDED" },
    ],
    model: { flag: "--model-id", variable: "MODEL_ID" },
  },
  {
    title: "TensorRT-LLM",
    program: "trtllm-serve",
    subcommands: ["serve"],
    host: { flag: "--host", initial: "localhost" },
    port: { flag: "--port", initial: 8000 },
    sizes: [
      ["--tensor_parallel_size", "--tp_size"],
      ["--pipeline_parallel_size", "--pp_size"],
      ["--context_parallel_size", "--cp_size"],
    ],
    initialRanks: 1,
    refusesMore: false,
    // Other backends than PyTorch load engines that are built already.
    opaque: [{ flag: "--config" }, { flag: "--extra_llm_api_options" }, { flag: "--backend", initial: "pytorch" }],
  },
];

/** How a container starts one of these servers. What is known only in the pod is undefined. */
export interface ServerStart extends Pick<Server, "title" | "refusesMore"> {
  host: { flag: string; value: string | undefined; isWritten: boolean };
  port: { flag: string; value: number | undefined; isWritten: boolean };
  /** The number of ranks, and the flag that sets them, or most of them; `isAll`: at most as many as the pod has GPUs. */
  ranks: { flag: string; count: number | undefined; isAll?: true };
  /** What it loads, if its weights stay as they are stored. */
  model: string | undefined;
}

/** How a container starts one of these servers without a shell; undefined if it does not. */
export function serverStart(container: Startable): ServerStart | undefined {
  const { command = [], args = [], image = "" } = container;
  const [first = "", ...others] = [...command, ...args].map(String);
  const isOfImage = command.length === 0;
  const program = first.split("/").at(-1);
  const server = SERVERS.find((one) => (isOfImage ? one.ofImages === otherEngineOf(image) : one.program === program));
  if (server === undefined) return undefined;
  const rest = isOfImage ? [first, ...others] : others;
  const [word = ""] = rest;
  const isNamed = server.subcommands.includes(word);
  // Another subcommand starts another server.
  if (!isNamed && server.subcommands.length > 0 && /^[a-z]+(_[a-z]+)*$/.test(word)) return undefined;
  return startOf(server, isNamed ? rest.slice(1) : rest, container);
}

function startOf(server: Server, words: readonly string[], container: Startable): ServerStart {
  const { title, refusesMore, host, port, model, opaque } = server;
  const written = (name: string): string | undefined => lastValueOf(words, name);
  const address = written(host.flag);
  const short = port.short === undefined ? undefined : lastShortOf(words, port.short);
  const number = written(port.flag) ?? short ?? variableOf(container, port.variable);
  const isOpaque = opaque.some(({ flag, variable, initial }) => {
    const value = written(flag) ?? variableOf(container, variable);
    return value !== undefined && value !== initial;
  });
  const loaded =
    model === undefined
      ? words.find((word) => !word.startsWith("-"))
      : (written(model.flag) ?? variableOf(container, model.variable));
  return {
    title,
    refusesMore,
    host: { flag: host.flag, value: address ?? host.initial, isWritten: address !== undefined },
    port: {
      flag: short === undefined ? port.flag : (port.short ?? port.flag),
      value: number === undefined ? portOfImage(port, container) : numberOf(number),
      isWritten: number !== undefined,
    },
    ranks: ranksOf(server, { written, isOpaque }, container),
    model: isOpaque ? undefined : loaded,
  };
}

function portOfImage({ initial, ofImages }: Server["port"], { image = "" }: Startable): number | undefined {
  return ofImages?.name.test(image) === true ? ofImages.port : initial;
}

interface Line {
  written(name: string): string | undefined;
  isOpaque: boolean;
}

function ranksOf(
  { sizes, sizeVariable, initialRanks }: Server,
  { written, isOpaque }: Line,
  container: Startable,
): ServerStart["ranks"] {
  const found = sizes.flatMap((names) => {
    const name = names.find((one) => written(one) !== undefined) ?? names[0] ?? "";
    const value = written(name) ?? variableOf(container, sizeVariable);
    return value === undefined ? [] : [{ name, count: numberOf(value) }];
  });
  const largest = [...found].sort((one, other) => (other.count ?? 0) - (one.count ?? 0))[0];
  const flag = largest?.name ?? sizes[0]?.[0] ?? "";
  if (isOpaque || found.some(({ count }) => count === undefined)) return { flag, count: undefined };
  if (found.length === 0) return { flag, count: initialRanks, ...(initialRanks === undefined && { isAll: true }) };
  return { flag, count: found.reduce((product, { count = 1 }) => product * count, 1) };
}

/**
 * The value of a variable; a text that is not a number if the value is known only in the pod, as all values of an
 * object that the pod reads whole are.
 */
function variableOf({ env = [], envFrom = [] }: Startable, name: string | undefined): string | undefined {
  if (name === undefined) return undefined;
  const found = env.findLast((one) => one.name === name);
  if (found !== undefined) return found.value ?? "$";
  return envFrom.some(({ prefix }) => name.startsWith(prefix ?? "")) ? "$" : undefined;
}

function numberOf(text: string): number | undefined {
  return /^\d{1,5}$/.test(text) ? Number(text) : undefined;
}

/** The value of the last flag of a name. */
function lastValueOf(words: readonly string[], name: string): string | undefined {
  const values = words.flatMap((word, i): string[] => {
    if (word === name) return [words[i + 1] ?? ""];
    return word.startsWith(`${name}=`) ? [word.slice(name.length + 1)] : [];
  });
  return values.at(-1);
}

/** The value of the last flag of one letter: `-p N`, `-pN` or `-p=N`. */
function lastShortOf(words: readonly string[], name: string): string | undefined {
  const values = words.flatMap((word, i): string[] => {
    if (word === name) return [words[i + 1] ?? ""];
    return word.startsWith(name) ? [word.slice(name.length).replace(/^=/, "")] : [];
  });
  return values.at(-1);
}
