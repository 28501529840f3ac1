import type { LLMInferenceServiceConfig } from "../../api/service.ts";
import type { Issue } from "../../contract/issue.ts";
import { STACKS } from "../../knowledge/stacks/stacks.ts";
import { entryOf } from "../../kubernetes/table.ts";

/**
 * Finds configs by name: in the service's namespace, then in the system namespace.
 * Source: getConfig in config_merge.go, KServe v0.20.0.
 */
export class ConfigLookup {
  readonly #configs: readonly LLMInferenceServiceConfig[];
  readonly #namespaces: readonly string[];
  /** Whether the presets are those of a release of the serving stack: KServe's own have no such releases. */
  readonly #hasStacks: boolean;
  /** By `namespace/name`, the first of that name: a service may name every one of many configs. */
  readonly #byName = new Map<string, LLMInferenceServiceConfig>();

  constructor(
    configs: readonly LLMInferenceServiceConfig[],
    namespaces: readonly string[],
    { hasStacks }: { hasStacks: boolean },
  ) {
    this.#configs = configs;
    this.#hasStacks = hasStacks;
    this.#namespaces = [...new Set(namespaces)];
    for (const config of configs) {
      const key = keyOf(config.metadata.namespace, config.metadata.name);
      if (!this.#byName.has(key)) this.#byName.set(key, config);
    }
  }

  find(name: string): LLMInferenceServiceConfig | undefined {
    for (const namespace of this.#namespaces) {
      const found = this.#byName.get(keyOf(namespace, name));
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** What is wrong when `name`, asked for by `path`, is nowhere: says where it was looked for, and what is there. */
  missing(name: string, path: string): Issue {
    const places = this.#namespaces.map((namespace) => {
      const there = this.#configs.filter(({ metadata }) => metadata.namespace === namespace);
      const names = there.map(({ metadata }) => metadata.name).sort();
      return `${namespace} (${names.length > 0 ? `has ${names.join(", ")}` : "has no configs"})`;
    });
    return {
      code: "ConfigNotFound",
      severity: "error",
      path,
      layer: "service",
      message: `LLMInferenceServiceConfig "${name}" does not exist in the namespaces ${places.join(", ")}`,
      fix: this.#hasStacks ? fixOf(name) : otherConfig(name),
    };
  }
}

/** A preset that only other releases of the stack have comes with them; what all have, the platform's own bundle lacks. */
function fixOf(name: string): string {
  const having = STACKS.filter((stack) => entryOf(stack.presets(), name) !== undefined);
  if (having.length === 0 || having.length === STACKS.length) return otherConfig(name);
  return `set stack to ${having.map((stack) => stack.name).join(" or ")}, whose presets have it, or create the config`;
}

function otherConfig(name: string): string {
  return `create the config ${name}, or name an existing one`;
}

function keyOf(namespace: string, name: string): string {
  return `${namespace}/${name}`;
}
