import type { LLMInferenceServiceSpec } from "../../../api/service.ts";
import type { Operations } from "../../../api/shorthands/operations.ts";
import type { Provenance } from "../../../contract/layer.ts";
import { COMPONENT, isTokenizer, LABEL } from "../../../contract/names.ts";
import { isObject, type Json, type JsonObject, listOf, valueAt } from "../../../kubernetes/json.ts";
import type { KubernetesObject } from "../../../kubernetes/objects.ts";
import { pathSteps } from "../../../kubernetes/path.ts";
import { entryOf, tableOf } from "../../../kubernetes/table.ts";
import { titleOf } from "../../../kubernetes/workloads/disaggregatedset.ts";
import { mapping, type Refusal } from "./rule.ts";

/** What a user writes: the merged spec, and how the service is run. */
export interface Written {
  spec: LLMInferenceServiceSpec;
  operations?: Operations | undefined;
  /** Which layer set a field; the layers of `operations` are not known. */
  provenance?: Provenance | undefined;
}

/** Where a place of an object is written; undefined if it does not come from a field of the service. */
type Place = (path: string, object: KubernetesObject, written: Written) => string | undefined;

/** A part of an object that is copied from a field of the service. */
function moved(from: string, to: string | ((object: KubernetesObject, written: Written) => string)): Place {
  return (path, object, written) => {
    if (!path.startsWith(from)) return undefined;
    return (typeof to === "string" ? to : to(object, written)) + path.slice(from.length);
  };
}

const PREFILL: readonly string[] = [COMPONENT.workloadPrefill, COMPONENT.leaderPrefill, COMPONENT.workerPrefill];

/** The prefix of paths of the spec for the role of an object. */
function roleOf({ metadata: { labels = {}, name } }: KubernetesObject): string {
  const component = labels[LABEL.component];
  if (component === COMPONENT.scheduler) return "router.scheduler.";
  if (component === COMPONENT.tokenizer) return "router.scheduler.tokenizer.";
  return (component !== undefined && PREFILL.includes(component)) || /-kserve-prefill-/.test(name) ? "prefill." : "";
}

function scalingOf(object: KubernetesObject): string {
  return `spec.${roleOf(object)}scaling`;
}

function cacheOf({ metadata: { name } }: KubernetesObject): string {
  return `spec.operations.${name.includes("-kserve-compile-cache") ? "compileCache" : "modelCache"}`;
}

/** In a policy, the peers that the user wrote come after those that the plan adds. */
const PEERS: Place = (path, object, { operations }) => {
  const [whole, at] = /^spec\.ingress\[0\]\.from\[(\d+)\]/.exec(path) ?? [];
  if (whole === undefined) return undefined;
  const all = listOf(valueAt(object, ["spec", "ingress"])).flatMap((one) => listOf(mapping(one)["from"]));
  const own = listOf(valueAt(operations, ["networkPolicy", "from"]));
  const index = Number(at) - (all.length - own.length);
  return index < 0 ? undefined : `spec.operations.networkPolicy.from[${index}]${path.slice(whole.length)}`;
};

/** A role's own rollout settings override those for all roles. */
function rolloutOf(object: KubernetesObject, { spec }: Written): string {
  const own = `${roleOf(object)}rolloutStrategy`;
  return valueAt(spec, pathSteps(own)) === undefined ? "spec.operations.rollout" : `spec.${own}`;
}

const PLACES = tableOf<readonly Place[]>({
  Deployment: [moved("spec.strategy.rollingUpdate", rolloutOf)],
  LeaderWorkerSet: [moved("spec.rolloutStrategy.rollingUpdateConfiguration", rolloutOf)],
  NetworkPolicy: [PEERS],
  PersistentVolumeClaim: [
    moved("spec.storageClassName", (object) => `${cacheOf(object)}.storageClassName`),
    moved("spec.resources.requests.storage", (object) => `${cacheOf(object)}.size`),
    moved("spec.accessModes", (object) => `${cacheOf(object)}.accessMode`),
  ],
  HorizontalPodAutoscaler: [moved("spec.behavior", (object) => `${scalingOf(object)}.wva.hpa.behavior`)],
  PodDisruptionBudget: [moved("spec", "spec.operations.podDisruptionBudget")],
  PodMonitor: [moved("metadata.labels", "spec.operations.monitoring.podMonitor.labels")],
  ServiceMonitor: [moved("metadata.labels", "spec.operations.monitoring.serviceMonitor.labels")],
});

/** Maps of a spec that become labels or annotations of objects, and of their pods. */
const MAPS = ["", "prefill.", "router.scheduler."].flatMap((holder) => [`${holder}labels`, `${holder}annotations`]);

/**
 * A finding about an object, and its fix, at the field of the service that it comes from; otherwise the finding names
 * the object.
 */
export function placed<Found extends Refusal>(refusal: Found, object: KubernetesObject, written: Written): Found {
  const { path, right } = refusal;
  const places = [...(PLACES.get(object.kind) ?? []), ofLabel, ofPod];
  const placeOf = (one: string): string | undefined => places.flatMap((place) => place(one, object, written) ?? [])[0];
  const found = placeOf(path);
  if (found === undefined) return { ...refusal, path: "", message: `${titleOf(object)}, ${path}: ${refusal.message}` };
  // The value of the label is the name of the service, which an annotation cannot replace.
  const fix = found === SERVICE_NAME ? `choose another ${SERVICE_NAME}` : refusal.fix;
  return { ...refusal, fix, path: found, ...(right && { right: { ...right, path: placeOf(right.path) ?? found } }) };
}

const SERVICE_NAME = "metadata.name";

const OF_METADATA =
  /^(?:spec\.(?:template|leaderWorkerTemplate\.(?:leader|worker)Template)\.)?metadata\.(labels|annotations)(?:\[(.*)\])?$/s;

/**
 * A label or an annotation, at the map in which it was written; one that contains the service's name is too long
 * because of that name.
 */
const ofLabel: Place = (path, _, { spec }) => {
  const [, field = "", key] = OF_METADATA.exec(path) ?? [];
  if (key === LABEL.name) return SERVICE_NAME;
  const holds = (map: string): boolean => Object.hasOwn(mapping(valueAt(spec, pathSteps(map))), key ?? "");
  const map = MAPS.find(
    (one) => one.endsWith(field) && (key === undefined ? isObject(valueAt(spec, pathSteps(one))) : holds(one)),
  );
  if (map === undefined || field === "") return undefined;
  return `spec.${map}${key === undefined ? "" : `[${key}]`}`;
};

/** Fields of pods that operations set if the template does not. */
const OF_OPERATIONS = tableOf<string>({
  priorityClassName: "spec.operations.priorityClassName",
  topologySpreadConstraints: "spec.operations.topologySpread",
});
const TEMPLATES = tableOf<string>({
  "spec.template": "template",
  "spec.leaderWorkerTemplate.leaderTemplate": "template",
  "spec.leaderWorkerTemplate.workerTemplate": "worker",
});

/** A field of a pod, at the template into which it was merged. */
const ofPod: Place = (path, object, { spec, operations }) => {
  const [, at = "", inside = ""] = /^(spec(?:\.[a-zA-Z]*[tT]emplate)+)\.spec(.*)$/s.exec(path) ?? [];
  const part = TEMPLATES.get(at);
  if (part === undefined || object.kind === "Job" || isTokenizer(object)) return undefined;
  const holder = roleOf(object);
  // The pods of a role without groups have one template.
  const template = valueAt(spec, pathSteps(`${holder}${part}`)) === undefined ? "template" : part;
  const own = valueAt(spec, pathSteps(`${holder}${template}`));
  // Workers without a template use the leader's.
  const base = own ?? (template === "worker" ? valueAt(spec, pathSteps(`${holder}template`)) : undefined);
  const [, field = ""] = /^\.(\w+)/.exec(inside) ?? [];
  const operation = OF_OPERATIONS.get(field);
  if (operation !== undefined && !hasEntry(base, field) && hasEntry(operations, operation.split(".")[2] ?? ""))
    return operation;
  const item = itemOf(inside, object, at, base);
  return item === undefined ? undefined : `spec.${holder}${template}${item}`;
};

function hasEntry(value: unknown, name: string): boolean {
  return (entryOf(mapping(value as Json | undefined), name) ?? null) !== null;
}

/**
 * The path inside of a template; items of lists are found by name, because a plan adds some. Undefined for an item that
 * the plan added.
 */
function itemOf(inside: string, object: KubernetesObject, at: string, base: Json | undefined): string | undefined {
  const [whole, list = "", index = "0"] = /^\.(containers|initContainers|volumes)\[(\d+)\]/.exec(inside) ?? [];
  if (whole === undefined) return inside;
  const made = listOf(valueAt(object, [...pathSteps(at), "spec", list]));
  const name = mapping(made[Number(index)])["name"];
  const position = indexOf(listOf(valueAt(base, [list])), name);
  return position < 0
    ? undefined
    : `.${list}[${position}]${nested(inside.slice(whole.length), mapping(made[Number(index)]), mapping(listOf(valueAt(base, [list]))[position]))}`;
}

function indexOf(items: readonly Json[], name: Json | undefined): number {
  return items.findIndex((item) => mapping(item)["name"] === name);
}

/** The keys that identify items of a container's lists. */
const KEYS = tableOf<string>({
  env: "name",
  volumeMounts: "mountPath",
  ports: "containerPort",
  volumeDevices: "devicePath",
});

/** The item of a container's list at its place in the user's container: the plan adds variables and mounts. */
function nested(inside: string, made: JsonObject, own: JsonObject): string {
  const [whole, list = "", index = "0"] = /^\.(env|volumeMounts|ports|volumeDevices)\[(\d+)\]/.exec(inside) ?? [];
  const key = KEYS.get(list);
  if (whole === undefined || key === undefined) return inside;
  const item = listOf(entryOf(made, list))[Number(index)];
  const items = listOf(entryOf(own, list));
  const same = items.findIndex((one) => JSON.stringify(one) === JSON.stringify(item));
  const keyOf = (one: Json | undefined): Json | undefined => entryOf(mapping(one), key);
  const position = same >= 0 ? same : items.findIndex((one) => keyOf(one) === keyOf(item));
  return position < 0 ? inside : `.${list}[${position}]${inside.slice(whole.length)}`;
}
