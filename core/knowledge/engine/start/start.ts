import type { Container } from "../../../kubernetes/objects.ts";
import { rememberingLast } from "../../../kubernetes/remember.ts";
import { ENGINE_TITLE, type EngineKind } from "../engines.ts";
import { parseArgs } from "../flags/commandline.ts";
import { isEngineImage, otherEngineOf } from "../images.ts";
import { assignedIn, changesPassed, readsFile, type ValueFor } from "./assignments.ts";
import { commandsOf, expandWord, rawText, type ScriptWord } from "./shellscript.ts";

/** How a container starts an engine. */
export interface EngineStart {
  /**
   * The whole command line after the program that it starts, wherever its words are written. A word that is known only
   * in the pod contains a `$(…)`.
   */
  args: readonly string[];
  /** Whether flags appended to the container's `args` reach the engine. */
  takesArgs: boolean;
  /** Whether a shell evaluates `args` once more, and so removes quotes and expands variables. */
  evaluated: boolean;
  /** Whether `args` are its complete command line: a script may contain more words. */
  complete: boolean;
  /** Whether it is the server's module, which does not read the model as a bare word. */
  isModule: boolean;
}

/** The parts of a container that determine how it starts. */
export type Startable = Pick<Container, "command" | "args" | "image" | "env" | "envFrom">;

/**
 * How a container starts vLLM; undefined if it starts something else, or if that cannot be read: `vllm serve`, the
 * OpenAI server's module, a shell script that has one of both, and images of vLLM without a command. All code that
 * reads or changes an engine's flags uses this predicate: other engines (and scripts whose flags cannot be read) run as
 * they were written.
 */
export function vllmStart(container: Startable): EngineStart | undefined {
  return engineStart(container, "vllm");
}

/**
 * The same for an engine of any kind. Images of SGLang start nothing without a command. A container is read once per
 * engine.
 */
export function engineStart(container: Startable, engine: EngineKind): EngineStart | undefined {
  const starts = startsOf(container);
  if (!starts.has(engine)) starts.set(engine, readStart(container, engine));
  return starts.get(engine);
}

const startsOf = rememberingLast((_container: Startable) => new Map<EngineKind, EngineStart | undefined>());

function readStart(container: Startable, engine: EngineKind): EngineStart | undefined {
  const { command = [], args = [], image = "" } = container;
  const argv = [...command, ...args].map(String);
  const whole = (start: Pick<EngineStart, "args" | "isModule">): EngineStart => {
    const words = start.args.map((word) => withNumbers(word, container));
    return { ...start, args: words, takesArgs: true, evaluated: false, complete: true };
  };
  const plain = startIn(argv, engine);
  if (plain !== undefined) return whole(plain);
  if (command.length > 0 || shellAt(argv) >= 0) return scriptStart(argv, command.length, container, engine);
  if (engine !== "vllm" || !isEngineImage(image)) return undefined;
  return whole({ args: argv, isModule: false });
}

/**
 * Whether all flags of an engine can be read: neither a script nor a file (`--config`, of both engines) adds any.
 * Source: FlexibleArgumentParser in vllm/utils/argparse_utils.py.
 */
export function isWhole({ args, complete }: Pick<EngineStart, "args" | "complete">): boolean {
  return complete && !args.some((word) => word === "--config" || word.startsWith("--config="));
}

const REFERENCE = /\$?\$\(([A-Za-z_][\w.-]*)\)/g;
/** Sizes, shares of memory and lengths (`64k`): the numbers that checks of a command line use. */
const NUMBER = /^-?\d+(?:\.\d+)?[kKmMgG]?$/;

/** A word with the numbers that Kubernetes fills in for `$(NAME)`; `$$(NAME)` is text. */
function withNumbers(word: string, { env = [] }: Startable): string {
  if (!word.includes("$(")) return word;
  return word.replace(REFERENCE, (written: string, name: string) => {
    const value = env.findLast((one) => one.name === name)?.value ?? "";
    return NUMBER.test(value) && !written.startsWith("$$") ? value : written;
  });
}

/** Whether flags in a container's `args` reach the engine. */
export function takesFlags(container: Startable, engine: EngineKind = "vllm"): boolean {
  return engineStart(container, engine)?.takesArgs === true;
}

/**
 * Whether a container is known to accept no flags in its `args`; without a command and with an unknown image that is
 * not known.
 */
export function refusesFlags(container: Startable, engine: EngineKind = "vllm"): boolean {
  const { command = [], image = "" } = container;
  const other = otherEngineOf(image);
  return (
    !takesFlags(container, engine) && (command.length > 0 || (other !== undefined && other !== ENGINE_TITLE[engine]))
  );
}

/** What starts an engine: its module, the file of that, and the program with its subcommand for serving. */
const STARTERS: Readonly<Record<EngineKind, { module: string; file: string; programs: readonly string[] }>> = {
  vllm: {
    module: "vllm.entrypoints.openai.api_server",
    file: "vllm/entrypoints/openai/api_server.py",
    programs: ["vllm", "vllm.entrypoints.cli.main"],
  },
  // Source: the entry points of SGLang's wheels.
  sglang: { module: "sglang.launch_server", file: "sglang/launch_server.py", programs: ["sglang", "sglang.cli.main"] },
};

/** The words after those that start an engine. */
function startIn(words: readonly string[], engine: EngineKind): Pick<EngineStart, "args" | "isModule"> | undefined {
  const { module, file, programs } = STARTERS[engine];
  const isServe = (at: number): boolean => {
    const before = words[at - 1] ?? "";
    return words[at] === "serve" && (programs.includes(before) || before.endsWith(`/${programs[0]}`));
  };
  const at = words.findIndex((word, i) => word === module || word.endsWith(file) || isServe(i));
  if (at < 0) return undefined;
  const isModule = words[at] !== "serve";
  return { args: words.slice(at + 1), isModule };
}

const SHELL = /^(?:.*\/)?(?:ba|da|a|z|k)?sh$/;

function shellAt(argv: readonly string[]): number {
  return argv.findIndex((word) => SHELL.test(word));
}

/**
 * The script of `sh -c SCRIPT NAME ARGS…`, by its position among the words; undefined if a file is run, or another
 * program.
 */
export function scriptAt(argv: readonly string[]): number | undefined {
  let at = shellAt(argv) + 1;
  let isCommand = false;
  if (at === 0) return undefined;
  for (; /^[-+][A-Za-z]/.test(argv[at] ?? ""); at++) {
    const word = argv[at] ?? "";
    if (/^-[A-Za-z]+$/.test(word) && word.includes("c")) isCommand = true;
    // `-o pipefail` takes the word behind it.
    if (/^[-+][A-Za-z]*[oO]$/.test(word)) at += 1;
  }
  return isCommand && argv[at] !== undefined ? at : undefined;
}

function scriptStart(
  written: readonly string[],
  ofCommand: number,
  container: Startable,
  engine: EngineKind,
): EngineStart | undefined {
  const { env = [], envFrom = [] } = container;
  // Kubernetes fills them in before the shell starts.
  const argv = written.map((word) => withNumbers(word, container));
  const at = scriptAt(argv);
  if (at === undefined) return undefined;
  const values = new Map(
    env.map(({ name, value, valueFrom }) => [name, valueFrom === undefined ? (value ?? "") : null]),
  );
  // A ConfigMap or a Secret may contain any variable.
  const others = envFrom.length > 0 ? null : undefined;
  const valueFor: ValueFor = (name) => (values.has(name) ? values.get(name) : others);
  const read = readScript(withoutTemplates(argv[at] ?? ""), valueFor, argv.slice(at + 2), engine);
  // The word after the script is `$0`, and only the words after that are passed on.
  return read && { ...read, takesArgs: read.takesArgs && at + 2 <= ofCommand };
}

/** Templates may contain characters that end a command; before they are expanded each is one word. */
function withoutTemplates(script: string): string {
  return script.replace(/\{\{[^{}]*\}\}/g, (template) => template.replace(/[\s;|&"'`()]/g, ""));
}

/** The single command of a script that starts the engine; undefined if there is none, or more than one. */
function readScript(
  script: string,
  outer: ValueFor,
  passed: readonly string[],
  engine: EngineKind,
): EngineStart | undefined {
  const commands = commandsOf(script);
  const given: ValueFor = commands.some(readsFile) ? (name) => outer(name) ?? null : outer;
  const own = assignedIn(commands, given);
  const valueFor: ValueFor = (name) => (own.has(name) ? own.get(name) : given(name));
  const starts = commands.flatMap(({ words }): EngineStart[] => {
    const [first, ...rest] = words.map(rawText);
    if (first === "echo" || first === "printf") return [];
    if (first !== "eval") return startOfCommand(words, valueFor, passed, engine);
    const inner = readScript(rest.join(" "), valueFor, passed, engine);
    return inner === undefined ? [] : [{ ...inner, evaluated: true }];
  });
  const [start, ...others] = starts;
  if (start === undefined || others.length > 0) return undefined;
  return start.takesArgs && changesPassed(commands) ? { ...start, complete: false } : start;
}

const ALL = /^\$(?:[@*]|\{[@*]\})$/;

function startOfCommand(
  words: readonly ScriptWord[],
  valueFor: ValueFor,
  passed: readonly string[],
  engine: EngineKind,
): EngineStart[] {
  let takesArgs = false;
  const open = new Set<string>();
  const expanded = words.flatMap((word): string[] => {
    if (ALL.test(rawText(word))) {
      takesArgs = true;
      return [...passed];
    }
    return expandWord(word, valueFor).flatMap((one) => {
      if (one.open) open.add(one.text);
      return [one.text];
    });
  });
  const start = startIn(expanded, engine);
  if (start === undefined) return [];
  return [{ ...start, takesArgs, evaluated: false, complete: !mayHoldMore(start, open) }];
}

/**
 * Whether a word that is known only in the pod may be flags. The first bare one of `vllm serve` is the model, unless
 * its name implies otherwise.
 */
function mayHoldMore({ args, isModule }: Pick<EngineStart, "args" | "isModule">, open: ReadonlySet<string>): boolean {
  const bare = parseArgs(args)
    .filter(({ flag }) => flag === undefined)
    .map(({ words: [word = ""] }) => word);
  const isModel = !isModule && !/arg|flag|opt|extra|param|cmd|[@*]/i.test(bare[0] ?? "");
  return bare.slice(isModel ? 1 : 0).some((word) => open.has(word)) || args.some((word) => /\[[@*]\]\}$/.test(word));
}
