import { isCached, whileLocked } from "./cache.ts";
import { engineOnPath } from "./engine.ts";
import { type EngineEnvironment, engineEnvironment, pulumiBinary } from "./environment.ts";
import { ToolchainError } from "./error.ts";
import { type Group, TOOLS, type Tool } from "./pins.ts";
import { buildTools, type Log } from "./sources/build.ts";
import { findGo, goProblem } from "./sources/go.ts";
import { engineInstalledBefore, hasKubernetesPlugin, installEngine } from "./sources/official.ts";
import { resolveTools } from "./sources/resolve.ts";

export interface Toolchain {
  /** The pulumi binary; `pulumi` if no engine was requested. */
  pulumi: string;
  /** The source of each tool, one per line. */
  sources: string[];
  env: EngineEnvironment;
}

export { ToolchainError };

/**
 * Makes the tools of the groups available and returns where each came from: PATH, cache, official install or Go
 * modules.
 */
export async function ensureToolchain(options: { groups: readonly Group[]; log: Log }): Promise<Toolchain> {
  const { groups, log } = options;
  const resolution = await resolveTools(TOOLS, groups, {
    onPath: () => engineOnPath(),
    isBuilt: (tool) => isCached(tool),
    installedBefore: engineInstalledBefore,
    install: () => whileLocked(async () => engineInstalledBefore() ?? (await installEngine(log)), { log }),
    hasKubernetesPlugin: (engine) => hasKubernetesPlugin(engine),
  });
  const built = await buildMissing(resolution.tools, log);
  const sources = [
    ...(resolution.engine === undefined ? [] : [resolution.engine.source]),
    ...resolution.tools.map(
      (tool) => `${tool.name} ${tool.version} ${built.has(tool) ? "built from Go modules" : "from cache"}`,
    ),
  ];
  for (const line of sources) log(`  ${line}`);
  return { pulumi: pulumiBinary(resolution) ?? "pulumi", sources, env: engineEnvironment(resolution) };
}

async function buildMissing(tools: readonly Tool[], log: Log): Promise<Set<Tool>> {
  const missing = (): Tool[] => tools.filter((tool) => !isCached(tool));
  if (missing().length === 0) return new Set();
  const problem = goProblem(findGo());
  if (problem !== undefined) throw new ToolchainError(problem);
  return await whileLocked(
    async (signal) => {
      const unbuilt = missing();
      await buildTools(unbuilt, log, signal);
      return new Set(unbuilt);
    },
    { log },
  );
}
