import { existsSync } from "node:fs";
import { join } from "node:path";
import { toolDir } from "../toolchain/cache.ts";
import { TOOLS, type Tool } from "../toolchain/pins.ts";

const provide = ({ group = "cluster" }: Partial<Tool> = {}): string =>
  `provide it with: node tools/bootstrap.mjs tools/toolchain/main.ts ${group}`;

/** The path of a binary of the toolchain's cache. */
export function binary(name: string): string {
  const tool = TOOLS.find((candidate) => name in candidate.binaries);
  const file = tool && join(toolDir(tool), "bin", name);
  if (file === undefined || !existsSync(file)) throw new Error(`${name} is not in the cache; ${provide(tool)}`);
  return file;
}

/** The path of a data file or folder of the toolchain's cache. */
export function asset(path: string): string {
  const tool = TOOLS.find((candidate) => candidate.assets?.some(({ to }) => to === path));
  const file = tool && join(toolDir(tool), path);
  if (file === undefined || !existsSync(file)) throw new Error(`${path} is not in the cache; ${provide(tool)}`);
  return file;
}
