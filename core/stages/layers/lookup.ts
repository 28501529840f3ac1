import type { LLMInferenceServiceConfig } from "../../api/service.ts";
import type { Issue } from "../../contract/issues/issue.ts";
import { STACKS } from "../../knowledge/stacks/stacks.ts";
import { isSlip, nearest } from "../../kubernetes/nearest.ts";
import { rememberingLast, rememberingOf } from "../../kubernetes/remember.ts";
import { entryOf } from "../../kubernetes/table.ts";

/**
 * Finds configs by name: in the service's namespace, then in the system namespace.
 * Source: getConfig in config_merge.go, KServe v0.20.0.
 */
export class ConfigLookup {
  readonly #configs: readonly LLMInferenceServiceConfig[];
  readonly #namespaces: readonly string[];
  /** Whether the presets come from a release of the serving stack: KServe's own presets have no such releases. */
  readonly #hasStacks: boolean;
  /** By `namespace/name`, the first of that name. An index, because a service may name many configs. */
  readonly #byName: ReadonlyMap<string, LLMInferenceServiceConfig>;

  constructor(
    configs: readonly LLMInferenceServiceConfig[],
    namespaces: readonly string[],
    { hasStacks }: { hasStacks: boolean },
  ) {
    this.#configs = configs;
    this.#hasStacks = hasStacks;
    this.#namespaces = [...new Set(namespaces)];
    this.#byName = byName(configs);
  }

  find(name: string): LLMInferenceServiceConfig | undefined {
    for (const namespace of this.#namespaces) {
      const found = this.#byName.get(keyOf(namespace, name));
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** A config without a name cannot be found here; it is reported where it is read. */
  #namesIn(namespace: string): string[] {
    const there = this.#configs.filter(({ metadata }) => metadata.namespace === namespace);
    return there.flatMap(({ metadata: { name } }) => (typeof name === "string" ? [name] : [])).sort();
  }

  /**
   * The issue about a config that does not exist: it names where the config was looked for, and which configs exist.
   */
  missing({ name, path, isPinned }: WantedConfig): Issue {
    const configs = this.#namespaces.map((namespace) => ({
      namespace,
      names: this.#namesIn(namespace),
    }));
    const near = nearest(
      name,
      configs.flatMap(({ names }) => names),
    );
    const others =
      near === undefined || !isSlip(name, near)
        ? otherConfig(name)
        : `name ${near}, or pass the config ${name} in configs (--configs)`;
    return {
      code: "ConfigNotFound",
      severity: "error",
      path,
      layer: "service",
      message: `LLMInferenceServiceConfig "${name}" is not among the known configs of the namespaces ${configs.map(placeOf).join(" and ")}`,
      fix: isPinned ? unpinned(name) : this.#hasStacks ? fixOf(name, others) : others,
    };
  }
}

/** A config that is looked up by its name. */
export interface WantedConfig {
  name: string;
  /** Where its name is written. */
  path: string;
  /** Whether KServe's controller wrote the name into the status of a running service. */
  isPinned?: boolean;
}

/** A namespace with the names of its configs, if there are few; there are many presets. */
function placeOf({ namespace, names }: { namespace: string; names: readonly string[] }): string {
  if (names.length === 0) return `${namespace} (has no configs)`;
  return `${namespace} (has ${names.length <= MOST_NAMED ? names.join(", ") : `${names.length} others`})`;
}

const MOST_NAMED = 8;

/** The status of an object that was read from a cluster has the names of that cluster's presets. */
function unpinned(name: string): string {
  return `remove status from the file, so that the presets of the plan are used, or pass the config ${name} in configs (--configs)`;
}

/**
 * A preset that only other releases of the stack have comes with those releases; a preset that all have is missing from
 * the platform's own bundle.
 */
function fixOf(name: string, others: string): string {
  const having = STACKS.filter((stack) => entryOf(stack.presets(), name) !== undefined);
  if (having.length === 0 || having.length === STACKS.length) return others;
  return `set stack to ${having.map((stack) => stack.name).join(" or ")}, whose presets have it, or create the config`;
}

function otherConfig(name: string): string {
  return `pass the config ${name} in configs (--configs), or name an existing one`;
}

function keyOf(namespace: string, name: string): string {
  return `${namespace}/${name}`;
}

/** The list of a platform comes with every plan. */
const byName = rememberingLast((configs: readonly LLMInferenceServiceConfig[]) => {
  const named = new Map<string, LLMInferenceServiceConfig>();
  for (const config of configs) {
    const key = keyOfConfig(config);
    if (!named.has(key)) named.set(key, config);
  }
  return named;
}, 4);

/** Configs come with every plan. */
const keyOfConfig = rememberingOf(({ metadata: { namespace, name } }: LLMInferenceServiceConfig) =>
  keyOf(namespace, name),
);
