import type { Container } from "../../kubernetes/objects.ts";
import { parseArgs } from "./commandline.ts";
import { isEngineImage, otherEngineOf } from "./images.ts";
import { commandsOf, expandWord, rawText, type ScriptWord } from "./shellscript.ts";

/** How a container starts vLLM. */
export interface VllmStart {
  /** The whole command line behind `vllm serve`, wherever its words stand. A word that is known only in the pod has a `$(…)`. */
  args: readonly string[];
  /** Whether flags that are put at the end of the container's `args` reach vLLM. */
  takesArgs: boolean;
  /** Whether a shell evaluates `args` once more, and so takes quotes away and expands variables. */
  evaluated: boolean;
  /** Whether `args` are all that vLLM is given: words of a script may hold more. */
  complete: boolean;
  /** Whether it is the server's module, which does not read the model as a bare word. */
  isModule: boolean;
}

/** What of a container tells how it starts. */
export type Startable = Pick<Container, "command" | "args" | "image" | "env">;

/**
 * How a container starts vLLM; undefined where it starts something else, or nobody can tell: `vllm serve`, the OpenAI server's
 * module, a shell script that has one of both, and images of vLLM without a command. The one predicate for whoever reads or
 * changes an engine's flags: other engines (and scripts that hold their flags where they cannot be read) run as their author
 * wrote them.
 */
export function vllmStart(container: Startable): VllmStart | undefined {
  const { command = [], args = [], image = "" } = container;
  const argv = [...command, ...args].map(String);
  const plain = startIn(argv);
  if (plain !== undefined) return { ...plain, takesArgs: true, evaluated: false, complete: true };
  if (command.length > 0 || shellAt(argv) >= 0) return scriptStart(argv, command.length, container);
  if (!isEngineImage(image)) return undefined;
  return { args: argv, takesArgs: true, evaluated: false, complete: true, isModule: false };
}

/** Whether flags that are put into a container's `args` reach vLLM. */
export function takesFlags(container: Startable): boolean {
  return vllmStart(container)?.takesArgs === true;
}

/** Whether a container is known to take no flags in its `args`; without a command and with an unknown image nobody can tell. */
export function refusesFlags(container: Startable): boolean {
  const { command = [], image = "" } = container;
  return !takesFlags(container) && (command.length > 0 || otherEngineOf(image) !== undefined);
}

const MODULE = "vllm.entrypoints.openai.api_server";

/** Where words start vLLM: what stands behind. */
function startIn(words: readonly string[]): Pick<VllmStart, "args" | "isModule"> | undefined {
  const at = words.findIndex((word, i) => word === MODULE || isServer(word) || isServe(words, i));
  if (at < 0) return undefined;
  const isModule = words[at] !== "serve";
  return { args: words.slice(at + 1), isModule };
}

function isServer(word: string): boolean {
  return word.endsWith("vllm/entrypoints/openai/api_server.py");
}

function isServe(words: readonly string[], at: number): boolean {
  const before = words[at - 1] ?? "";
  return (
    words[at] === "serve" && (before === "vllm" || before.endsWith("/vllm") || before === "vllm.entrypoints.cli.main")
  );
}

const SHELL = /^(?:.*\/)?(?:ba|da|a|z|k)?sh$/;

function shellAt(argv: readonly string[]): number {
  return argv.findIndex((word) => SHELL.test(word));
}

/** The script of `sh -c SCRIPT NAME ARGS…`, by its place among the words; undefined where a file is run, or another program. */
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

function scriptStart(argv: readonly string[], ofCommand: number, { env = [] }: Startable): VllmStart | undefined {
  const at = scriptAt(argv);
  if (at === undefined) return undefined;
  const values = new Map(env.flatMap(({ name, value }) => (value === undefined ? [] : [[name, value]])));
  const read = readScript(withoutTemplates(argv[at] ?? ""), values, argv.slice(at + 2));
  // What stands behind the script is `$0`, and only what comes after that is passed on.
  return read && { ...read, takesArgs: read.takesArgs && at + 2 <= ofCommand };
}

/** Templates may hold what ends a command; before they are expanded each is one word. */
function withoutTemplates(script: string): string {
  return script.replace(/\{\{[^{}]*\}\}/g, (template) => template.replace(/[\s;|&"'`()]/g, ""));
}

/** The one command of a script that starts vLLM; undefined where it has none, or several. */
function readScript(
  script: string,
  values: ReadonlyMap<string, string>,
  passed: readonly string[],
): VllmStart | undefined {
  const commands = commandsOf(script);
  const own = new Set(commands.flatMap((words) => words.flatMap(assignedBy)));
  const valueFor = (name: string): string | undefined => (own.has(name) ? undefined : values.get(name));
  const starts = commands.flatMap((words): VllmStart[] => {
    const [first, ...rest] = words.map(rawText);
    if (first === "echo" || first === "printf") return [];
    if (first !== "eval") return startOfCommand(words, valueFor, passed);
    const inner = readScript(rest.join(" "), new Map([...values].filter(([name]) => !own.has(name))), passed);
    return inner === undefined ? [] : [{ ...inner, evaluated: true }];
  });
  return starts.length === 1 ? starts[0] : undefined;
}

/** `NAME=…`, also behind `export`. */
function assignedBy(word: ScriptWord): string[] {
  const name = /^([A-Za-z_]\w*)\+?=/.exec(word[0]?.text ?? "")?.[1];
  return name === undefined || word[0]?.quote !== "" ? [] : [name];
}

const ALL = /^\$(?:[@*]|\{[@*]\})$/;

function startOfCommand(
  words: readonly ScriptWord[],
  valueFor: (name: string) => string | undefined,
  passed: readonly string[],
): VllmStart[] {
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
  const start = startIn(expanded);
  if (start === undefined) return [];
  const bare = parseArgs(start.args).filter(({ flag }) => flag === undefined);
  const complete = !bare.slice(1).some(({ words: [word = ""] }) => open.has(word));
  return [{ ...start, takesArgs, evaluated: false, complete }];
}
