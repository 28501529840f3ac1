import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import type { Stack } from "@pulumi/pulumi/automation/index.js";
import { ensureToolchain, type Toolchain } from "../../tools/toolchain/ensure.ts";
import { describeTree, killTree } from "./processes.ts";
import { configure, openAt } from "./stack.ts";

export const ROOT = join(import.meta.dirname, "../..");

let toolchain: Promise<Toolchain> | undefined;

/** The engine, from PATH or the cache: `npm test` has seen to it before the tests start. */
export function engine(): Promise<Toolchain> {
  toolchain ??= ensureToolchain({ groups: ["engine"], log: () => undefined });
  return toolchain;
}

/** A folder that is gone when the work is done. */
export async function withFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "kserve-llm-e2e-"));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What the tests of one `describe` share; each is undefined until a test or hook has made it. */
interface Shared {
  cluster?: { stop(): Promise<void> } | undefined;
}

/** The folder that the tests of one `describe` share. After the last of them its cluster is stopped, and it is removed. */
export function sharedFolder(shared: () => Shared): () => string {
  let folder: string | undefined;
  after(async () => {
    await shared().cluster?.stop();
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  });
  return () => {
    folder ??= mkdtempSync(join(tmpdir(), "kserve-llm-e2e-"));
    return folder;
  };
}

export interface Opened {
  kubeconfig?: string;
  config?: Record<string, string>;
  /** Default `e2e` and `test`. */
  project?: string;
  stack?: string;
  /** Write the state at each step, as users do, for a run that is to be ended in between; see {@link UNDISTURBED}. */
  checkpoints?: boolean;
  /** Load the library's sources also where a bundle of them was built; see lean.cjs. */
  sources?: boolean;
}

/** For runs that nothing disturbs: the engine writes the state at their end, and not at each step, which is most of what it does. */
export const UNDISTURBED = { PULUMI_SKIP_CHECKPOINTS: "true" };

/** For programs in TypeScript that Node reads itself. */
export const LEAN = {
  NODE_OPTIONS: `${process.env["NODE_OPTIONS"] ?? ""} --require ${JSON.stringify(join(import.meta.dirname, "lean.cjs"))}`,
};

/** A stack of one of the programs beside, with a backend of its own. The caller destroys what it brings up. */
export function openStack(folder: string, program: string, options: Opened = {}): Promise<Stack> {
  return openProgram(folder, join(import.meta.dirname, "programs", program), options);
}

/** A stack of any program of the repository. Stacks of one folder share its backend, and may refer to each other. */
export async function openProgram(folder: string, file: string, options: Opened = {}): Promise<Stack> {
  const {
    kubeconfig,
    config = {},
    project = "e2e",
    stack: stackName = "test",
    checkpoints = false,
    sources = false,
  } = options;
  const { env } = await engine();
  process.env["PATH"] = env.PATH;
  const [workDir, backend] = [join(folder, project), join(folder, "backend")];
  for (const dir of [workDir, backend]) mkdirSync(dir, { recursive: true });
  const runtime = { name: "nodejs", options: { typescript: false } };
  writeFileSync(
    join(workDir, "Pulumi.yaml"),
    JSON.stringify({ name: project, runtime, main: relative(workDir, file) }),
  );
  const envVars = {
    ...env,
    ...LEAN,
    ...settings(folder),
    ...(!checkpoints && UNDISTURBED),
    ...(sources && { KSERVE_LLM_TESTED_LIBRARY: "" }),
    ...(kubeconfig !== undefined && { KUBECONFIG: kubeconfig }),
  };
  const stack = await openAt({ project, stackName, workDir, backend, envVars });
  await configure(stack, config, { afresh: true });
  return stack;
}

/** Of a backend below the folder. */
export function settings(folder: string): Record<string, string> {
  return {
    PULUMI_BACKEND_URL: `file://${join(folder, "backend")}`,
    PULUMI_CONFIG_PASSPHRASE: "test",
    PULUMI_CONFIG_PASSPHRASE_FILE: "",
  };
}

interface Ended {
  code: number | null;
  /** Standard output and standard error, as they came. */
  output: string;
}

export interface Running {
  pid: number | undefined;
  /** All that was printed so far. */
  output(): string;
  /** Ends it and everything it started, at once, as a power cut would. */
  kill(): Promise<void>;
  ended: Promise<Ended>;
}

/** Starts `npm run quickstart -- ARGS` on a state of its own below the folder. */
export async function startQuickstart(
  folder: string,
  args: readonly string[] = [],
  kubeconfig?: string,
  more: Record<string, string> = {},
): Promise<Running> {
  const { env } = await engine();
  const child = spawn(process.execPath, [join(ROOT, "tools/quickstart.ts"), ...args], {
    cwd: ROOT,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...process.env,
      ...env,
      ...LEAN,
      ...more,
      KSERVE_LLM_STATE: join(folder, "state"),
      KSERVE_LLM_RENDERED: join(folder, "rendered"),
      KUBECONFIG: kubeconfig ?? join(folder, "none"),
    },
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => {
      output += chunk.toString("utf8");
    });
  }
  const ended = new Promise<Ended>((resolve) => child.on("close", (code) => resolve({ code, output })));
  return {
    pid: child.pid,
    output: () => output,
    ended,
    kill: async () => {
      killTree(child.pid);
      await ended;
    },
  };
}

/** The same, to its end; fails with all its output when it does not end as expected. */
export async function quickstart(
  folder: string,
  args: readonly string[] = [],
  kubeconfig?: string,
  expected = 0,
): Promise<string> {
  const running = await startQuickstart(folder, args, kubeconfig, UNDISTURBED);
  let tree: string | undefined;
  const hung = setTimeout(() => {
    tree = describeTree(running.pid);
    running.kill().catch(() => undefined);
  }, HANG_MS);
  const { code, output } = await running.ended;
  clearTimeout(hung);
  const what = `quickstart ${args.join(" ")}`;
  if (tree !== undefined)
    throw new Error(`${what} did not end within ${HANG_MS / 60_000} minutes:\n${output}\n${tree}`);
  if (code !== expected) throw new Error(`${what} ended with ${code}:\n${output}`);
  return output;
}

/** Only a run that hangs takes this long: a quickstart takes 15 seconds, and after one that was killed a minute. */
const HANG_MS = 300_000;
