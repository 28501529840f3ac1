import { existsSync } from "node:fs";
import { join } from "node:path";
import { cacheRoot, intoPlace } from "./cache.ts";
import { run } from "./processes/run.ts";

/** The folder of a virtual environment in the user's cache. */
export function pythonFolder(name: string): string {
  return join(cacheRoot(), `python-${name}`);
}

export function pythonOf(folder: string): string {
  return join(folder, "bin/python");
}

/**
 * Makes a virtual environment in the user's cache unless it exists, and installs its packages with `install`. Its
 * scripts contain the path at which they were made, so programs are run as `python -m`.
 */
export async function ensurePython(name: string, install: (python: string) => Promise<unknown>): Promise<string> {
  const folder = pythonFolder(name);
  if (existsSync(folder)) return folder;
  return intoPlace(folder, async (beside) => {
    await run("python3", ["-m", "venv", beside]);
    await install(pythonOf(beside));
  });
}

/** Installs packages with pip. */
export async function pipInstall(python: string, args: readonly string[]): Promise<void> {
  await run(python, ["-m", "pip", "install", "--quiet", ...args]);
}
