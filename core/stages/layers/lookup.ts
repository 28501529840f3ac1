import type { LLMInferenceServiceConfig } from "../../api/service.ts";
import type { Issue } from "../../contract/issue.ts";

/**
 * Finds configs by name: in the service's namespace, then in the system namespace.
 * Source: getConfig in config_merge.go, KServe v0.20.0.
 */
export class ConfigLookup {
  readonly #configs: readonly LLMInferenceServiceConfig[];
  readonly #namespaces: readonly string[];

  constructor(configs: readonly LLMInferenceServiceConfig[], namespaces: readonly string[]) {
    this.#configs = configs;
    this.#namespaces = [...new Set(namespaces)];
  }

  find(name: string): LLMInferenceServiceConfig | undefined {
    for (const namespace of this.#namespaces) {
      const found = this.#configs.find(({ metadata }) => metadata.namespace === namespace && metadata.name === name);
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
