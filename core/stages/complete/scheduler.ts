import type { SchedulerSpec } from "../../api/router.ts";
import type { LLMInferenceService, LLMInferenceServiceSpec } from "../../api/service.ts";
import type { Issue } from "../../contract/issues/issue.ts";
import { nameOf } from "../../contract/names.ts";
import { hasPlugin, PLUGIN } from "../../knowledge/scheduler/config.ts";
import { fromGoYaml } from "../../kubernetes/go/readgoyaml.ts";
import { isObject, jsonOrText } from "../../kubernetes/json.ts";
import type { KnownObjects } from "../../kubernetes/known.ts";
import type { KubernetesObject } from "../../kubernetes/objects.ts";
import { entryOf } from "../../kubernetes/table.ts";

const CONFIG_PATH = "spec.router.scheduler.config.ref";
const DEFAULT_KEY = "epp";
/** Only scheduler configs with this prefix are shared across namespaces. */
const SHARED_PREFIX = "config-scheduler-";

/** The spec with these fields of its scheduler replaced; unchanged without a scheduler. */
export function withScheduler(spec: LLMInferenceServiceSpec, fields: Partial<SchedulerSpec>): LLMInferenceServiceSpec {
  const { router } = spec;
  if (!router?.scheduler) return spec;
  return { ...spec, router: { ...router, scheduler: { ...router.scheduler, ...fields } } };
}

/** The scheduler runs with a separate ServiceAccount, unless its template names one. */
export function completeScheduler(
  spec: LLMInferenceServiceSpec,
  service: LLMInferenceService,
): LLMInferenceServiceSpec {
  const template = spec.router?.scheduler?.template;
  if (!template || template.serviceAccountName) return spec;
  const serviceAccountName = nameOf(service.metadata.name, "eppServiceAccount");
  return withScheduler(spec, { template: { ...template, serviceAccountName } });
}

interface ConfigPlace {
  service: LLMInferenceService;
  known: KnownObjects;
  systemNamespace: string;
}

/**
 * Replaces a reference to a ConfigMap by its text: from the service's namespace, and for names that begin with
 * `config-scheduler-` also from the system namespace. JSON becomes a document; other text (YAML) stays text.
 */
export function resolveSchedulerConfig(
  spec: LLMInferenceServiceSpec,
  place: ConfigPlace,
): { spec: LLMInferenceServiceSpec; issues: Issue[] } {
  const config = spec.router?.scheduler?.config;
  if (!config?.ref) return { spec, issues: [] };
  const { name = "", key = "" } = config.ref;
  const { map, namespaces } = findConfigMap(name, place);
  const wanted = key || DEFAULT_KEY;
  if (map === undefined) return { spec, issues: [mapMissing(name, wanted, namespaces)] };
  const text = isObject(map["data"]) ? entryOf(map["data"], wanted) : undefined;
  if (text === undefined || text === null) return { spec, issues: [keyMissing(map, wanted)] };
  const { ref: _resolved, ...rest } = config;
  const inline = typeof text === "string" ? jsonOrText(text) : text;
  return { spec: withScheduler(spec, { config: { ...rest, inline } }), issues: warnOfLatencyPlugin(name, inline) };
}

function findConfigMap(
  name: string,
  { service, known, systemNamespace }: ConfigPlace,
): { map?: KubernetesObject; namespaces: string[] } {
  const own = service.metadata.namespace;
  const namespaces = name.startsWith(SHARED_PREFIX) && own !== systemNamespace ? [own, systemNamespace] : [own];
  const found = namespaces.map((namespace) => known.get("v1", "ConfigMap", namespace, name));
  const map = found.find((object) => object !== undefined);
  return map === undefined ? { namespaces } : { map, namespaces };
}

function mapMissing(name: string, key: string, namespaces: readonly string[]): Issue {
  return {
    code: "NotFound",
    severity: "error",
    path: CONFIG_PATH,
    layer: "merged",
    message: `ConfigMap "${name}" (for its key "${key}") is not among the known objects of ${namespaces.join(" and ")}`,
    fix: `create the ConfigMap, and pass it in \`known\` (-f), or write the configuration into router.scheduler.config.inline`,
  };
}

function keyMissing(map: KubernetesObject, key: string): Issue {
  const { namespace, name } = map.metadata;
  const keys = isObject(map["data"]) ? Object.keys(map["data"]).sort() : [];
  return {
    code: "NotFound",
    severity: "error",
    path: `${CONFIG_PATH}.key`,
    layer: "merged",
    message: `ConfigMap ${namespace}/${name} has no key "${key}" in its data`,
    fix: keys.length > 0 ? `name one of its keys: ${keys.join(", ")}` : "add data to it",
  };
}

/** The sidecar that predicts latencies comes with a preset, and presets are chosen before references are resolved. */
function warnOfLatencyPlugin(name: string, inline: unknown): Issue[] {
  if (!hasPlugin(typeof inline === "string" ? fromGoYaml(inline) : inline, PLUGIN.latency)) return [];
  return [
    {
      code: "UnusedField",
      severity: "warning",
      path: CONFIG_PATH,
      layer: "merged",
      message: `ConfigMap "${name}" configures the latency prediction plugin, whose sidecar is added only with an inline configuration`,
      fix: "move the configuration into router.scheduler.config.inline",
    },
  ];
}
