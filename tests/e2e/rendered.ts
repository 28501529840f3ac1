import { DEFAULT_SETTINGS } from "../../core/contract/options/settings.ts";
import { presets, STACKS } from "../../core/knowledge/stacks/stacks.ts";
import type { KubernetesObject } from "../../core/kubernetes/objects.ts";
import { plan } from "../../core/plan.ts";
import { examplePrograms } from "../components/programs.ts";
import type { NamedService } from "../core/services.ts";

/** The objects of one service with one release of the stack, or those that a program registers. */
interface Everything {
  from: string;
  objects: KubernetesObject[];
}

/**
 * The objects of these services with each release of the stack, and those that the examples' programs register, without
 * an engine.
 */
export async function renderedEverywhere(services: readonly NamedService[]): Promise<Everything[]> {
  const planned = services.flatMap(({ name, service, configs }) =>
    STACKS.map((stack) => {
      const all = [...presets({ namespace: "kserve", stack }), ...configs];
      const { objects } = plan({ service, configs: all, settings: DEFAULT_SETTINGS });
      return { from: `${name}, ${stack.name}`, objects };
    }),
  );
  const programs = (await examplePrograms()).map(({ name, registered }) => ({
    from: name,
    objects: registered.map(({ inputs }) => inputs as unknown as KubernetesObject).filter(isObject),
  }));
  return [...planned, ...programs];
}

function isObject({ kind, metadata }: Partial<KubernetesObject>): boolean {
  return typeof kind === "string" && typeof metadata?.name === "string";
}
