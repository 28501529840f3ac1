import type { Engine } from "../engine.ts";
import type { Group, Tool } from "../pins.ts";

/** Ways to get an engine and its plugin, as functions, so that their order can be tested separately. */
export interface Sources {
  onPath(): Engine | undefined;
  /** Whether a tool that was built before is in the cache. */
  isBuilt(tool: Tool): boolean;
  installedBefore(): Engine | undefined;
  install(): Promise<Engine | undefined>;
  hasKubernetesPlugin(engine: Engine): Promise<boolean>;
}

export interface Resolution {
  /** Undefined if the engine is among the tools. */
  engine: Engine | undefined;
  /** Tools from the cache, or built. */
  tools: Tool[];
}

const KUBERNETES_PLUGIN = "pulumi-kubernetes";

/**
 * PATH, then the cache, then the official install, then Go modules. A released CLI contains its language hosts and
 * only needs the kubernetes plugin, if it cannot download that itself.
 */
export async function resolveTools(all: readonly Tool[], groups: readonly Group[], from: Sources): Promise<Resolution> {
  const wanted = all.filter((tool) => groups.includes(tool.group));
  const engineTools = wanted.filter((tool) => tool.group === "engine");
  if (engineTools.length === 0) return { engine: undefined, tools: wanted };
  const engine = from.onPath() ?? (await offPath(engineTools, from));
  if (engine === undefined) return { engine, tools: wanted };
  const tools = wanted.filter((tool) => !(tool.name === "pulumi" || (engine.released && isLanguageHost(tool))));
  const plugin = tools.some(({ name }) => name === KUBERNETES_PLUGIN) && (await from.hasKubernetesPlugin(engine));
  return { engine, tools: plugin ? tools.filter(({ name }) => name !== KUBERNETES_PLUGIN) : tools };
}

async function offPath(engineTools: readonly Tool[], from: Sources): Promise<Engine | undefined> {
  if (engineTools.every((tool) => from.isBuilt(tool))) return undefined;
  return from.installedBefore() ?? (await from.install());
}

function isLanguageHost({ name }: Tool): boolean {
  return name.startsWith("language-");
}
