import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, existsSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { eventually } from "../cluster/client.ts";
import { Guardian } from "../toolchain/processes/guardian.ts";

/** One process with its log. */
export interface Child {
  name: string;
  pid: number;
  isRunning(): boolean;
  /** How it ended; undefined while it runs. */
  ending(): string | undefined;
  log(): string;
  /** Asks it to end, waits for the given time, then kills it; resolves when it is gone. */
  end(patienceMs: number): Promise<void>;
}

/** The processes of the data path. They end with `stop()` and with this process, however it ends. */
export class Children {
  readonly #dir: string;
  readonly #guardian = new Guardian();
  readonly #children: Child[] = [];

  /** `dir` contains the logs; the guardian removes it if this process is killed. */
  constructor(dir: string) {
    this.#dir = dir;
    this.#guardian.clean(dir);
  }

  start(name: string, words: readonly string[], env: NodeJS.ProcessEnv = process.env): Child {
    const [command = "", ...args] = words;
    const file = join(this.#dir, `${name}.log`);
    const log = openSync(file, "a");
    const process = spawn(command, args, { stdio: ["ignore", log, log], detached: true, env });
    closeSync(log);
    const child = childOf(name, process, file);
    if (process.pid !== undefined) this.#guardian.watch(process.pid);
    this.#children.push(child);
    return child;
  }

  /** Starts a process, and resolves when its log shows that it is ready. */
  async startReady(name: string, words: readonly string[], ready: RegExp): Promise<Child> {
    const child = this.start(name, words);
    await eventually(name, async () => {
      if (ready.test(child.log())) return true;
      if (!child.isRunning()) throw new Error(`${name} ended (${child.ending()}):\n${child.log().slice(-2_000)}`);
      return undefined;
    });
    return child;
  }

  /** A process that only holds a namespace, created by `words` and set up by the commands; returns its id. */
  async hold(name: string, words: readonly string[], commands: readonly string[], seconds: number): Promise<number> {
    const script = [...commands, "echo ready", `exec sleep ${seconds}`].join(" && ");
    return (await this.startReady(`${name}.namespace`, [...words, "sh", "-c", script], /^ready$/m)).pid;
  }

  /** Ends them all, the last started first. */
  async stop(): Promise<void> {
    const namespaces = this.#children.filter(({ name }) => name.endsWith(".namespace"));
    const others = this.#children.filter((child) => !namespaces.includes(child));
    for (const layer of [others, namespaces]) await Promise.all(layer.map((child) => child.end(1_000)));
    this.#guardian.release();
  }
}

function childOf(name: string, child: ChildProcess, file: string): Child {
  let failure: string | undefined;
  child.on("error", (error) => {
    failure = error.message;
  });
  const isRunning = (): boolean => child.pid !== undefined && child.exitCode === null && child.signalCode === null;
  return {
    name,
    pid: child.pid ?? 0,
    isRunning,
    ending: () => (isRunning() ? undefined : (failure ?? child.signalCode ?? `exit code ${child.exitCode}`)),
    log: () => (existsSync(file) ? readFileSync(file, "utf8") : ""),
    end: (patienceMs) => endOf(child, isRunning, patienceMs),
  };
}

function endOf(child: ChildProcess, isRunning: () => boolean, patienceMs: number): Promise<void> {
  if (!isRunning()) return Promise.resolve();
  return new Promise((resolve) => {
    const force = setTimeout(() => child.kill("SIGKILL"), patienceMs);
    child.once("exit", () => {
      clearTimeout(force);
      resolve();
    });
    child.kill("SIGTERM");
  });
}
