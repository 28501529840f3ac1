import type { LLMInferenceServiceConfig } from "../../api/service.ts";
import type { Issue } from "../../contract/issue.ts";

/**
 * Finds configs by name: in the service's namespace, then in the system namespace.
 * Source: getConfig in config_merge.go, KServe v0.20.0.
 */
export class ConfigLookup {
  readonly #configs: readonly LLMInferenceServiceConfig[];
  readonly #namespaces: readonly string[];
  /** By `namespace/name`, the first of that name: a service may name every one of many configs. */
  readonly #byName = new Map<string, LLMInferenceServiceConfig>();

  constructor(configs: readonly LLMInferenceServiceConfig[], namespaces: readonly string[]) {
    this.#configs = configs;
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
      fix: `create the config ${name}, or name an existing one`,
    };
  }
}

function keyOf(namespace: string, name: string): string {
  return `${namespace}/${name}`;
}
