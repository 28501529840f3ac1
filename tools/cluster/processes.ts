import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { Guardian } from "../toolchain/processes/guardian.ts";

const STOP_MS = 8_000;

/** Distinct free ports on loopback. Another process may take one before it is used: then callers retry with others. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(Array.from({ length: count }, listen));
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

function listen(): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => resolve(server));
  });
}

/**
 * The processes of one cluster and their logs: they end with it, and with the process that started them, however that
 * ends.
 */
export class Processes {
  readonly #dir: string;
  readonly #children: { name: string; child: ChildProcess; again: () => ChildProcess }[] = [];
  readonly #guardian: Guardian;

  /** `dir` contains the logs; the guardian removes it if it is `temporary`. */
  constructor(dir: string, temporary: boolean) {
    this.#dir = dir;
    this.#guardian = new Guardian();
    if (temporary) this.#guardian.clean(dir);
  }

  start(name: string, command: string, args: readonly string[], env: Record<string, string> = {}): void {
    const again = (): ChildProcess => {
      const log = openSync(join(this.#dir, `${name}.log`), "a");
      const stdio = ["ignore", log, log] as const;
      const child = spawn(command, args, { stdio: [...stdio], detached: true, env: { ...process.env, ...env } });
      closeSync(log);
      child.on("error", () => undefined);
      if (child.pid !== undefined) this.#guardian.watch(child.pid);
      return child;
    };
    this.#children.push({ name, child: again(), again });
  }

  /** Kills a process, waits for a while, and starts it again unchanged. */
  async restart(name: string, pauseMs: number): Promise<void> {
    const entry = this.#children.find((one) => one.name === name);
    if (entry === undefined) throw new Error(`${name} was never started`);
    await end(entry.child, 0);
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
    entry.child = entry.again();
  }

  /** Throws, with the end of its log, if a process has ended by itself. */
  assertRunning(): void {
    for (const { name, child } of this.#children) {
      if (isRunning(child)) continue;
      const how = child.exitCode ?? child.signalCode ?? "it could not be started";
      throw new Error(`${name} ended (${how}):\n${this.tail(name)}`);
    }
  }

  /** The last lines of every log, for an error message. */
  tails(lines = 5): string {
    return this.#children.map(({ name }) => `${name}:\n${this.tail(name, lines)}`).join("\n");
  }

  tail(name: string, lines = 15): string {
    return readFileSync(join(this.#dir, `${name}.log`), "utf8")
      .trimEnd()
      .split("\n")
      .slice(-lines)
      .join("\n");
  }

  /** Ends them and waits until they are gone: first the clients of the API server, then the API server, then etcd. */
  async stop(): Promise<void> {
    const deadline = Date.now() + STOP_MS;
    const [store, server, ...clients] = this.#children;
    for (const layer of [clients, [server], [store]]) {
      await Promise.all(layer.map((entry) => entry && end(entry.child, deadline - Date.now())));
    }
    this.#guardian.release();
  }
}

function isRunning(child: ChildProcess): boolean {
  return child.pid !== undefined && child.exitCode === null && child.signalCode === null;
}

/** Resolves when the process has gone: it is asked to end first, then killed. */
function end(child: ChildProcess, patienceMs: number): Promise<void> {
  if (!isRunning(child)) return Promise.resolve();
  return new Promise((resolve) => {
    const force = setTimeout(() => child.kill("SIGKILL"), Math.max(patienceMs, 0));
    child.once("exit", () => {
      clearTimeout(force);
      resolve();
    });
    child.kill("SIGTERM");
  });
}
