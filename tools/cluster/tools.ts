import { existsSync } from "node:fs";
import { join } from "node:path";
import { toolDir } from "../toolchain/cache.ts";
import { TOOLS, type Tool } from "../toolchain/pins.ts";

const provide = ({ group = "cluster" }: Partial<Tool> = {}): string =>
  `provide it with: node tools/bootstrap.mjs tools/toolchain/main.ts ${group}`;

const ofBinary = (name: string): Tool | undefined => TOOLS.find(({ binaries }) => name in binaries);

/** Why a binary of the toolchain's cache cannot be used, with the fix; undefined if it can. */
export function missing(name: string): string | undefined {
  const tool = ofBinary(name);
  if (tool !== undefined && existsSync(join(toolDir(tool), "bin", name))) return undefined;
  return `${name} is not in the cache; ${provide(tool)}`;
}

/** The path of a binary of the toolchain's cache. */
export function binary(name: string): string {
  const problem = missing(name);
  const tool = ofBinary(name);
  if (problem !== undefined || tool === undefined) throw new Error(problem);
  return join(toolDir(tool), "bin", name);
}

/** The path of a data file or folder of the toolchain's cache. */
export function asset(path: string): string {
  const tool = TOOLS.find((candidate) => candidate.assets?.some(({ to }) => to === path));
  const file = tool && join(toolDir(tool), path);
  if (file === undefined || !existsSync(file)) throw new Error(`${path} is not in the cache; ${provide(tool)}`);
  return file;
}
