import { CommanderError, InvalidArgumentError } from "commander";
import { ClusterError } from "../cluster/error.ts";
import { UnreadableInput } from "./input/input.ts";
import { program } from "./program.ts";
import { type Result, Terminal, type TerminalSettings } from "./text/terminal.ts";
import { shortened } from "./text/text.ts";
import { VERSION } from "./version.ts";

/** Exit codes of every command; 0 and 1 are its own verdict. */
export const UNREADABLE = 2;
/** A defect of this program (EX_SOFTWARE of sysexits.h). */
const DEFECT = 70;
/** Shows the stack trace of a defect. */
const DEBUG = "KSERVE_LLM_DEBUG";

/** Runs the command line and returns the result; it prints nothing, and never throws. */
export async function run(args: readonly string[], settings: TerminalSettings = {}): Promise<Result> {
  const terminal = new Terminal(settings);
  let result: Result | undefined;
  try {
    const commands = program(
      terminal,
      async (command) => {
        result = await command(terminal);
      },
      args,
    );
    await commands.parseAsync([...args], { from: "user" });
    return result ?? terminal.done(0);
  } catch (error) {
    return failed(error, args, terminal);
  }
}

/** Input that cannot be read ends with one line per problem; any other exception is a defect of this package. */
function failed(error: unknown, args: readonly string[], terminal: Terminal): Result {
  if (error instanceof CommanderError && !(error instanceof InvalidArgumentError)) {
    return terminal.done(error.exitCode === 0 ? 0 : UNREADABLE);
  }
  const problems = problemsOf(error);
  if (problems === undefined) return defect(error, args, terminal);
  terminal.tell(problems.map((problem) => `kserve-llm: ${shortened(problem, 2000)}`));
  return terminal.done(UNREADABLE);
}

function problemsOf(error: unknown): readonly string[] | undefined {
  if (error instanceof UnreadableInput) return error.problems;
  const isExpected = error instanceof ClusterError || error instanceof InvalidArgumentError;
  return isExpected ? error.message.split("\n") : undefined;
}

function defect(error: unknown, args: readonly string[], terminal: Terminal): Result {
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
  const command = ["kserve-llm", ...args].join(" ");
  terminal.tell([
    `kserve-llm: this is a bug in kserve-llm, not in your input: ${shortened(`${name}: ${message}`, 500)}`,
    `The command was: ${shortened(command, 500)}`,
    `The version is ${VERSION}, with Node.js ${process.versions.node} on ${process.platform}.`,
    `Please report these lines, and the input if you may share it. ${DEBUG}=1 adds the stack trace.`,
  ]);
  if (process.env[DEBUG]) terminal.tell((stack ?? "").split("\n"));
  return terminal.done(DEFECT);
}
