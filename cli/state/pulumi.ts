import { existsSync } from "node:fs";
import { isObject, readJson } from "../../core/kubernetes/json.ts";
import { UnreadableInput } from "../input/input.ts";

/** The stack of a command; by default the one that is selected in the current folder. */
export interface StackChoice {
  stack?: string;
  cwd?: string;
}

export interface Ran {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs the Pulumi CLI on a stack, with a text as its input. Only fails if there is no `pulumi` to run. */
export async function pulumi(args: readonly string[], { stack, cwd }: StackChoice, input = ""): Promise<Ran> {
  const chosen = stack === undefined ? [] : ["--stack", stack];
  const isPreview = args[0] === "preview";
  const env = { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true", ...(isPreview && PREVIEW) };
  const { spawn } = await import("node:child_process");
  return await new Promise((resolve, reject) => {
    const child = spawn("pulumi", [...args, ...chosen, "--non-interactive"], { cwd, env, stdio: "pipe" });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => err.push(chunk));
    child.stdin.on("error", () => undefined);
    child.on("error", (error: NodeJS.ErrnoException) =>
      reject(new UnreadableInput(`the Pulumi CLI cannot be run: ${whyNot(error, cwd)}`)),
    );
    child.on("close", (code) => {
      resolve({ code: code ?? 1, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() });
    });
    child.stdin.end(input);
  });
}

/**
 * A preview writes no state, yet Pulumi 3.274.1 prepares the whole state at each step unless an option turns it off
 * (3.260.0 does not). An update needs it: a killed run must leave a state that contains what was made.
 */
const PREVIEW = { PULUMI_SKIP_CHECKPOINTS: "true" };

function whyNot({ code, message }: NodeJS.ErrnoException, cwd: string | undefined): string {
  if (cwd !== undefined && !existsSync(cwd)) return `the folder ${cwd} does not exist`;
  return code === "ENOENT" ? "`pulumi` is not on PATH; install it, or add its folder to PATH" : message;
}

/**
 * Why a run failed, in pulumi's own words: the errors among the diagnostics that `--json` prints, otherwise the lines
 * with an error, otherwise the last lines. Both streams are read, because one of them may only contain warnings.
 */
export function failureOf({ stdout, stderr }: Ran): string {
  const diagnosed = diagnosedIn(stdout);
  if (diagnosed.length > 0) return diagnosed.join("\n");
  const lines = `${stderr}\n${stdout}`.split("\n").filter((line) => line.trim() !== "");
  const errors = lines.filter((line) => /\berror: /.test(line)).map((line) => line.trim());
  return (errors.length > 0 ? [...new Set(errors)] : lines.slice(-SHOWN)).slice(0, SHOWN).join("\n");
}

const SHOWN = 5;

function diagnosedIn(stdout: string): string[] {
  const digest = readJson(stdout);
  const diagnostics = isObject(digest) && Array.isArray(digest["diagnostics"]) ? digest["diagnostics"] : [];
  return diagnostics.filter(isObject).flatMap(({ severity, message }) => {
    return severity === "error" && typeof message === "string" ? [message.trim()] : [];
  });
}

/** The same; if pulumi fails, the command ends with pulumi's own message. */
export async function succeed(args: readonly string[], choice: StackChoice, input?: string): Promise<string> {
  const { code, stdout, stderr } = await pulumi(args, choice, input);
  if (code !== 0) throw new UnreadableInput(`pulumi ${args.join(" ")} failed: ${stderr.trim() || stdout.trim()}`);
  return stdout;
}
