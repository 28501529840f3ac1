import type { Settings } from "../../contract/options/settings.ts";
import type { PlanInput } from "../../contract/plan.ts";
import { isObject, type Json, type JsonObject } from "../../kubernetes/json.ts";
import type { KubernetesObject } from "../../kubernetes/objects.ts";
import { entryOf } from "../../kubernetes/table.ts";
import { type Expected, withFieldOf } from "./expected.ts";

/** Fields of the service outside its spec, by the names that users give them. */
const METADATA: Readonly<Record<string, string>> = {
  namespace: "metadata.namespace",
  name: "metadata.name",
};

/** Who labels the nodes, and how fast weights are read, are not settings of KServe, but facts of the cluster too. */
const NODE_LABELS = "nodeLabels";
const LOAD_SPEED = "loadBytesPerSecond";

interface Move {
  from: Json;
  to: Json;
}

/**
 * The input of one environment as another would have it: with the other's values of the expected fields and settings.
 * Where the namespace is one of them, configs and objects of the one namespace move into the other. `freeDevices`
 * always comes from the other environment.
 */
export function inEnvironment(from: PlanInput, to: PlanInput, expected: Expected): PlanInput {
  const [service, other] = [documentOf(from.service), documentOf(to.service)];
  const paths = expected.service.map(pathOf);
  const isOwn = (key: string): boolean => expected.settings.includes(key);
  const moves: Move[] = [
    ...(paths.includes(METADATA["namespace"] ?? "") ? [{ from: namespaceOf(service), to: namespaceOf(other) }] : []),
    ...(isOwn("systemNamespace") ? [{ from: from.settings.systemNamespace, to: to.settings.systemNamespace }] : []),
  ];
  const move = <T>(objects: readonly T[]): T[] => objects.map((object) => moves.reduce(inNamespace<T>, object));
  return {
    ...from,
    service: paths.reduce((document, path) => withFieldOf(document, other, path), service),
    configs: move(from.configs),
    known: move((from.known ?? []) as KubernetesObject[]),
    settings: withSettings(from.settings, to.settings, expected.settings),
    ...(isOwn(NODE_LABELS) && { lowering: { ...from.lowering, nodeLabels: to.lowering?.nodeLabels } }),
    ...(isOwn(LOAD_SPEED) && { loadBytesPerSecond: to.loadBytesPerSecond }),
    freeDevices: to.freeDevices,
  };
}

function pathOf(field: string): string {
  return entryOf(METADATA, field) ?? (/^(metadata|spec)\./.test(field) ? field : `spec.${field}`);
}

function documentOf(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}

function namespaceOf({ metadata }: JsonObject): Json {
  return (isObject(metadata) ? metadata["namespace"] : undefined) ?? "default";
}

/**
 * An object of the first namespace moved into the second; the same object if it is in another namespace, because
 * presets are known by identity.
 */
function inNamespace<T>(object: T, { from, to }: Move): T {
  if (from === to || !isObject(object) || !isObject(object["metadata"])) return object;
  if ((object["metadata"]["namespace"] ?? "default") !== from) return object;
  return { ...object, metadata: { ...object["metadata"], namespace: to } };
}

function withSettings(settings: Settings, other: Settings, keys: readonly string[]): Settings {
  const isSetting = (key: string): boolean => key !== NODE_LABELS && key !== LOAD_SPEED;
  const entries = keys.filter(isSetting).map((key) => [key, other[key as keyof Settings]]);
  return { ...settings, ...Object.fromEntries(entries) };
}
