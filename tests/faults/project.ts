import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { ExportedState } from "../../core/views/recovery/state.ts";
import { openStack } from "../e2e/engine.ts";
import { killTree, type Process, signal, withDescendants } from "../e2e/processes.ts";
import { COMMAND } from "../repository.ts";

export interface Ran {
  /** Null when it was killed. */
  code: number | null;
  output: string;
}

/** A run of the engine that can be ended at any moment, with everything it started. */
export interface Run {
  ended: Promise<Ran>;
  kill(): void;
  /** Halts it, and what it has started so far, until `proceed`. */
  halt(): void;
  proceed(): void;
  /** Kills the kubernetes plugin alone. */
  killPlugin(): void;
}

/** A Pulumi project in a folder, worked on by the command line as a user does it. */
export interface Project {
  folder: string;
  workDir: string;
  start(args: readonly string[], env?: Record<string, string>): Run;
  /** Runs to the end; fails with all the output when it does not end with 0. */
  run(args: readonly string[], env?: Record<string, string>): Promise<string>;
  /** `kserve-llm recover --yes`. */
  recover(args?: readonly string[]): Promise<Ran>;
  /** As `pulumi stack export` prints it, read from the file of the backend. */
  state(): ExportedState;
  /** Removes the state with all its copies, as a disk that is lost; a new stack takes the name. */
  loseState(): Promise<void>;
}

/** The engine as a user has it, without questions; one attempt at a time is enough to see a fault. */
const QUIET = ["--yes", "--skip-preview", "--non-interactive", "--suppress-progress", "--color=never"];
export const UP = ["up", ...QUIET];
export const DESTROY = ["destroy", ...QUIET];
export const PREVIEW = ["preview", "--refresh", "--expect-no-changes", "--diff", "--non-interactive", "--color=never"];

/** Opens the project of faults.ts, on a cluster or, without one, to render YAML. */
export async function openFaults(
  folder: string,
  kubeconfig: string | undefined,
  values: Record<string, string>,
): Promise<Project> {
  const options = { project: "faults", checkpoints: true, ...(kubeconfig !== undefined && { kubeconfig }) };
  const { workDir, envVars } = (await openStack(folder, "faults.ts", options)).workspace;
  const { KUBECONFIG: _ambient, ...ambient } = process.env;
  const start = starter(workDir, { ...ambient, ...envVars, ...values });
  const project: Project = {
    folder,
    workDir,
    start: (args, more) => start("pulumi", [...args, "--stack", "test"], more),
    run: async (args, more) => {
      const { code, output } = await project.start(args, more).ended;
      if (code !== 0) throw new Error(`pulumi ${args.join(" ")} ended with ${code}:\n${output}`);
      return output;
    },
    recover: (args = []) => start(process.execPath, [COMMAND, "recover", "--yes", "--stack", "test", ...args]).ended,
    state: () => stateIn(join(folder, "backend/.pulumi/stacks/faults/test.json")),
    loseState: async () => {
      rmSync(join(folder, "backend/.pulumi"), { recursive: true });
      mkdirSync(join(folder, "backend/.pulumi"));
      const { code, output } = await start("pulumi", ["stack", "init", "test", "--non-interactive"]).ended;
      if (code !== 0) throw new Error(`pulumi stack init ended with ${code}:\n${output}`);
    },
  };
  return project;
}

/** Each call of the command line takes a quarter of a second of processor time. */
function stateIn(file: string): ExportedState {
  const { version, checkpoint } = JSON.parse(readFileSync(file, "utf8")) as {
    version: number;
    checkpoint: { latest?: ExportedState["deployment"] };
  };
  return { version, deployment: checkpoint.latest ?? {} };
}

/** Starts commands in the folder of a project, with their own process group. */
function starter(workDir: string, env: NodeJS.ProcessEnv) {
  return (command: string, args: readonly string[], more: Record<string, string> = {}): Run => {
    const child = spawn(command, args, { cwd: workDir, env: { ...env, ...more }, detached: true, stdio: "pipe" });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk: Buffer) => {
        output += chunk.toString("utf8");
      });
    }
    child.stdin.end();
    const ended = new Promise<Ran>((resolve) => child.on("close", (code) => resolve({ code, output })));
    const below = (): Process[] => withDescendants(child.pid);
    return {
      ended,
      kill: () => killTree(child.pid),
      halt: () => signal("SIGSTOP", below()),
      proceed: () => signal("SIGCONT", below()),
      killPlugin: () =>
        signal(
          "SIGKILL",
          below().filter(({ name }) => name.startsWith("pulumi-resource")),
        ),
    };
  };
}
