import { asText, isObject, type Json, type JsonObject, objectOf, objectsOf } from "../../../../kubernetes/json.ts";
import type { Container, PodSpec } from "../../../../kubernetes/objects.ts";
import { entryOf, setEntry } from "../../../../kubernetes/table.ts";
import type { EditInput } from "../epp/eppedit.ts";

/** Flags for the names of engines' metrics, each with the plugin parameter that replaced it. */
const FIELDS: Readonly<Record<string, string>> = {
  "total-queued-requests-metric": "queuedRequestsSpec",
  "total-running-requests-metric": "runningRequestsSpec",
  "kv-cache-usage-percentage-metric": "kvUsageSpec",
  "lora-info-metric": "loraSpec",
  "cache-info-metric": "cacheInfoSpec",
};
const NAMES: ReadonlySet<string> = new Set(Object.keys(FIELDS));
/** By its old name, and by its name since 0.8.0. */
const EXTRACTORS = ["model-server-protocol-metrics", "core-metrics-extractor"] as const;

type Flags = Readonly<Record<string, string>>;
type Extracted = { flags: Flags } & Pick<EditInput, "tell">;

/** Whether a pod is started with flags that the scheduler refuses since 0.7.0. */
export function hasMetricFlags({ containers = [] }: PodSpec): boolean {
  return containers.some(({ args = [] }) => args.some((arg) => NAMES.has(parseFlag(arg).name)));
}

/**
 * The pod without these flags, and the values of the last container that has any. Source: extractDeprecatedMetricFlags
 * in scheduler.go, KServe v0.20.0.
 */
export function withoutMetricFlags(pod: PodSpec): { pod: PodSpec; flags: Flags } {
  const parted = (pod.containers ?? []).map(part);
  const flags = parted.findLast((one) => Object.keys(one.flags).length > 0)?.flags ?? {};
  return { pod: { ...pod, containers: parted.map(({ container }) => container) }, flags };
}

function part(container: Container): { container: Container; flags: Flags } {
  const { kept, flags } = partFlags(container.args ?? [], Object.keys(FIELDS));
  return { container: Object.keys(flags).length > 0 ? { ...container, args: kept } : container, flags };
}

/** Words without the flags of these names, and the flags with their values: `--flag=value` or `--flag value`. */
export function partFlags(words: readonly string[], names: readonly string[]): { kept: string[]; flags: Flags } {
  const flags: Record<string, string> = {};
  const kept: string[] = [];
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? "";
    const { name, value } = parseFlag(word);
    if (!names.includes(name)) {
      kept.push(word);
      continue;
    }
    const next = words[i + 1];
    const takesNext = value === "" && next !== undefined && !next.startsWith("-");
    setEntry(flags, name, takesNext ? next : value);
    if (takesNext) i++;
  }
  return { kept, flags };
}

function parseFlag(arg: string): { name: string; value: string } {
  const [, name = "", value = ""] = /^-*([^=]*)(?:=(.*))?$/s.exec(arg) ?? [];
  return { name, value };
}

/**
 * The plugin that reads the metrics that the flags named, unless there is one already. Source:
 * withCoreMetricsExtractorPlugin in scheduler.go, KServe v0.20.0.
 */
export function withExtractor(config: JsonObject, { flags, tell }: Extracted): JsonObject {
  const plugins = Array.isArray(config["plugins"]) ? config["plugins"] : [];
  const own = plugins.find((plugin) => isObject(plugin) && EXTRACTORS.some((type) => plugin["type"] === type));
  if (own !== undefined) tellUnread(own, flags, tell);
  if (Object.keys(flags).length === 0 || own !== undefined) return config;
  const specs = Object.entries(flags).map(([flag, value]) => [entryOf(FIELDS, flag) ?? flag, value]);
  const extractor = {
    name: EXTRACTORS[0],
    type: EXTRACTORS[0],
    parameters: {
      engineLabelKey: "inference.networking.k8s.io/engine-type",
      defaultEngine: "vllm",
      engineConfigs: [{ name: "vllm", ...Object.fromEntries(specs) }],
    },
  };
  return { ...config, plugins: [...plugins, extractor] };
}

/** A declared plugin keeps its own metrics: a flag with another one has no effect. */
function tellUnread(own: Json, flags: Flags, tell: Extracted["tell"]): void {
  const { type: named, parameters } = objectOf(own);
  const type = asText(named);
  const places = [objectOf(parameters), ...objectsOf(objectOf(parameters)["engineConfigs"])];
  for (const [flag, value] of Object.entries(flags)) {
    const spec = entryOf(FIELDS, flag) ?? flag;
    if (places.some((place) => entryOf(place, spec) === value)) continue;
    const message = `declares the plugin ${type}, so --${flag} of the scheduler has no effect`;
    tell?.(message, `set ${spec} in engineConfigs of ${type} to ${value}, and remove --${flag}`);
  }
}
