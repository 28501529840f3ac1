import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

/** The part of a provider's protocol that the tests speak, from the modules that @pulumi/pulumi itself uses. */
interface Client {
  getSchema(request: unknown, done: (error: Error | null, reply: { getSchema(): string }) => void): void;
  close(): void;
}
const require = createRequire(import.meta.url);
const grpc = require("@grpc/grpc-js") as { credentials: { createInsecure(): unknown } };
const { ResourceProviderClient } = require("@pulumi/pulumi/proto/provider_grpc_pb.js") as {
  ResourceProviderClient: new (address: string, credentials: unknown) => Client;
};
const { GetSchemaRequest } = require("@pulumi/pulumi/proto/provider_pb.js") as { GetSchemaRequest: new () => unknown };

export interface Started {
  /** Its complete standard output. */
  output: string;
  schema: string;
  /** Seconds of processor time and peak memory until the schema was returned. */
  cpuSeconds: number;
  peakMegabytes: number;
}

/** Settings of Node's compile cache that tests have and users do not. */
export const OF_USERS = { NODE_DISABLE_COMPILE_CACHE: undefined, NODE_COMPILE_CACHE: undefined };

/** Starts a plugin as the engine does, asks for its schema and ends it. */
export async function startPlugin(
  command: string,
  args: string[] = [],
  { env = process.env, ...where }: { env?: NodeJS.ProcessEnv; cwd?: string } = {},
): Promise<Started> {
  // Without a compile cache, unless the caller passes one.
  const uncached = { NODE_DISABLE_COMPILE_CACHE: "1", ...env };
  const child = spawn(command, [...args, "127.0.0.1:1"], {
    stdio: ["ignore", "pipe", "pipe"],
    env: uncached,
    ...where,
  });
  try {
    const output = await firstLine(child);
    const client = new ResourceProviderClient(`127.0.0.1:${output.trim()}`, grpc.credentials.createInsecure());
    const schema = await new Promise<string>((resolve, reject) =>
      client.getSchema(new GetSchemaRequest(), (error, reply) =>
        error === null ? resolve(reply.getSchema()) : reject(error),
      ),
    );
    client.close();
    return { output, schema, ...usageOf(child.pid ?? 0) };
  } finally {
    child.kill();
  }
}

function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let [output, errors] = ["", ""];
    child.stdout?.on("data", (chunk) => {
      output += chunk;
      if (output.includes("\n")) resolve(output);
    });
    child.stderr?.on("data", (chunk) => {
      errors += chunk;
    });
    child.on("error", reject);
    child.on("exit", (code) => reject(new Error(`the plugin ended with ${code}: ${errors}`)));
  });
}

const TICKS_PER_SECOND = 100;

/** From Linux' /proc: user and system time, those of ended children too, and the high-water mark of memory. */
function usageOf(pid: number): { cpuSeconds: number; peakMegabytes: number } {
  const times = (readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1] ?? "").split(" ").slice(11, 15);
  const kilobytes = Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);
  return {
    cpuSeconds: times.reduce((sum, ticks) => sum + Number(ticks), 0) / TICKS_PER_SECOND,
    peakMegabytes: kilobytes / 1024,
  };
}
