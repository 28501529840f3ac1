import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { cacheRoot } from "./cache.ts";
import { isAtLeast } from "./version.ts";

/** The oldest engine that is known to run the programs here. */
const OLDEST = "3.200.0";

/** A Pulumi CLI that is not built here. */
export interface Engine {
  /** The folder of its binaries. */
  bin: string;
  /** Its source, for readers. */
  source: string;
  /** A released CLI contains its language hosts. */
  released: boolean;
  /** The first `pulumi` on PATH: PATH stays as it is. */
  onPath: boolean;
}

/** The first `pulumi` on PATH, if it is new enough; the cache of the project is not searched. */
export function engineOnPath(path: string = process.env.PATH ?? "", own: string = cacheRoot()): Engine | undefined {
  const bin = path
    .split(delimiter)
    .find((dir) => dir !== "" && !dir.startsWith(own) && existsSync(join(dir, "pulumi")));
  return bin === undefined ? undefined : engineIn(bin, "from PATH", true);
}

/** The engine of a folder, if it runs and is new enough. */
export function engineIn(bin: string, origin: string, onPath: boolean): Engine | undefined {
  const version = versionOf(join(bin, "pulumi"));
  if (version === undefined || !isAtLeast(version, OLDEST)) return undefined;
  const released = existsSync(join(bin, "pulumi-language-nodejs"));
  return { bin, source: `pulumi ${version} ${origin}`, released, onPath };
}

function versionOf(file: string): string | undefined {
  if (!existsSync(file)) return undefined;
  const env = { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" };
  const { status, stdout } = spawnSync(file, ["version"], { encoding: "utf8", timeout: 20_000, env });
  return status === 0 ? stdout.trim().replace(/^v/, "") : undefined;
}
