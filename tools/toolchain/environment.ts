import { mkdirSync } from "node:fs";
import { delimiter, join } from "node:path";
import { toolDir } from "./cache.ts";
import { pulumiHome } from "./sources/official.ts";
import type { Resolution } from "./sources/resolve.ts";

/** What to add to the environment of a process that runs the engine. */
export type EngineEnvironment = {
  PATH: string;
  PULUMI_HOME: string;
  PULUMI_SKIP_UPDATE_CHECK: "true";
};

/**
 * The project's tools come first on PATH. An engine that was found on PATH stays where it is: moving its folder forward
 * would also move other programs there, such as another Node.
 */
export function engineEnvironment(
  { engine, tools }: Resolution,
  path: string = process.env.PATH ?? "",
): EngineEnvironment {
  const own = tools.filter((tool) => Object.keys(tool.binaries).length > 0).map((tool) => join(toolDir(tool), "bin"));
  const official = engine !== undefined && !engine.onPath ? [engine.bin] : [];
  const front = [...official, ...own];
  const rest = path.split(delimiter).filter((dir) => !front.includes(dir));
  mkdirSync(pulumiHome(), { recursive: true });
  return {
    PATH: [...front, ...rest].join(delimiter),
    PULUMI_HOME: pulumiHome(),
    PULUMI_SKIP_UPDATE_CHECK: "true",
  };
}

/** The pulumi binary to run; undefined if no engine was requested. */
export function pulumiBinary({ engine, tools }: Resolution): string | undefined {
  if (engine !== undefined) return join(engine.bin, "pulumi");
  const built = tools.find(({ name }) => name === "pulumi");
  return built && join(toolDir(built), "bin", "pulumi");
}
