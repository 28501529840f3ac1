import type { LLMInferenceServiceConfigSpec } from "../../api/service.ts";
import type { AcceleratorClass } from "../../api/shorthands/accelerator.ts";
import type { Operations } from "../../api/shorthands/operations.ts";
import type { Behaviour } from "../../contract/behaviour.ts";
import { layerOf } from "../../contract/input/document.ts";
import type { Issue } from "../../contract/issues/issue.ts";
import type { Layer } from "../../contract/layer.ts";
import type {
  Lowered,
  LoweringContext,
  NamedAccelerators,
  Recognised,
  WrittenSettings,
} from "../../contract/lowering.ts";
import { SHORTHANDS } from "../../contract/lowering.ts";
import { flagPath, removal } from "../../knowledge/engine/flags/argfields.ts";
import {
  formatPath,
  isObject,
  type Json,
  type JsonObject,
  objectOf,
  objectsOf,
  valueAt,
} from "../../kubernetes/json.ts";
import { eachEntry, entryOf, setEntry } from "../../kubernetes/table.ts";
import { MAIN } from "../../kubernetes/workloads/pods.ts";
import { readAccelerator, resourceOf } from "./accelerator.ts";
import { devicePod, namesDevices } from "./devicepod.ts";
import { chooseDevices, type DocumentDevices } from "./devices.ts";
import { readNetwork } from "./network.ts";
import { OPERATIONS, operationsOf, readOperations, refusedInPrefill } from "./operations.ts";
import type { Place } from "./reading.ts";
import { lacksTriggers, withTriggers } from "./triggers.ts";
import { readTuning } from "./tuning.ts";
import { removedFlags, withRemovals } from "./unset.ts";

const FIELDS = ["accelerator", "tuning", "network", "unset", "unsetArgs", "argsMerge", OPERATIONS] as const;

const SHORTHAND_NAMES: ReadonlySet<string> = new Set(FIELDS);

/**
 * Removes the shorthands of the service and of `prefill` from a document. Accelerator and tuning become node selector,
 * tolerations, resources and flags in a separate layer, which only the document's explicit fields override; sizes, and
 * what the document removes from lower layers, are written into the document.
 */
export function lower(document: unknown, layer: string, context: LoweringContext = {}): Lowered {
  if (!isObject(document) || !isObject(document["spec"])) return { document, issues: [] };
  const { spec } = document;
  const written = isObject(spec["prefill"]) ? spec["prefill"] : undefined;
  if (!hasShorthands(spec) && (written === undefined || !hasShorthands(written))) return { document, issues: [] };
  const { value: operations, issues: ofOperations } = readOperations(spec, layer);
  const own = lowerWorkload(spec, "LLMInferenceServiceSpec", { path: ["spec"], layer }, context);
  // The service may unset fields of prefill.
  const prefill = isObject(own.workload["prefill"]) ? own.workload["prefill"] : undefined;
  const shared = prefill === undefined ? undefined : sharedAccelerator(spec, prefill, context);
  const given = shared === undefined ? prefill : { ...prefill, accelerator: shared };
  const other = given && lowerWorkload(given, "WorkloadSpec", { path: ["spec", "prefill"], layer }, context);
  const ofPrefill = other?.shorthands ?? {};
  const shorthands = {
    ...own.shorthands,
    ...(Object.keys(ofPrefill).length > 0 && { prefill: ofPrefill }),
  };
  const stripped = { ...own.workload, ...(other && { prefill: other.workload }) };
  const accelerators = {
    ...(own.device && { main: own.device }),
    ...(other?.device && { prefill: other.device }),
  };
  const isEmpty = Object.keys(shorthands).length === 0;
  return {
    document: { ...document, spec: stripped },
    ...(!isEmpty && { shorthands }),
    ...(operations && { operations }),
    ...(Object.keys(accelerators).length > 0 && { accelerators }),
    ...(shared !== undefined && { sharesAccelerator: true }),
    written: new Map([...own.written, ...(other?.written ?? [])]),
    issues: [
      ...(written === undefined ? [] : refusedInPrefill(written, layer)),
      ...ofOperations,
      ...own.issues,
      // A problem of an accelerator is reported where it is written.
      ...(other?.issues ?? []).filter(
        ({ path }) => shared === undefined || !path.startsWith("spec.prefill.accelerator"),
      ),
    ],
  };
}

/**
 * The service's accelerator is prefill's too, unless prefill names its own: by an accelerator, by other devices or by
 * nodes.
 */
export function sharedAccelerator(
  { accelerator }: JsonObject,
  prefill: JsonObject,
  context: LoweringContext,
): Json | undefined {
  return namesDevices(prefill, resourceOf(accelerator, context)) ? undefined : accelerator;
}

/** The service without its shorthands, if the behaviour supports them. */
export function lowerService(
  document: unknown,
  { lowering }: { lowering?: LoweringContext },
  { shorthands }: Pick<Behaviour, "shorthands">,
): Lowered {
  return shorthands ? lower(withoutNullTemplates(document), "service", lowering) : { document, issues: [] };
}

/**
 * A service without templates that are null: the API server drops them, and no service means to have pods without
 * containers. In a config, null removes the template of the layers below, and the service has another.
 */
function withoutNullTemplates(document: unknown): unknown {
  if (!isObject(document) || !isObject(document["spec"])) return document;
  const isNull = (workload: Json | undefined): boolean => isObject(workload) && workload["template"] === null;
  if (!isNull(document["spec"]) && !isNull(document["spec"]["prefill"])) return document;
  const { prefill, ...spec } = document["spec"];
  const without = (workload: JsonObject): JsonObject =>
    Object.fromEntries(Object.entries(workload).filter(([field, value]) => field !== "template" || value !== null));
  return {
    ...document,
    spec: {
      ...without(spec),
      ...(prefill !== undefined && { prefill: isObject(prefill) ? without(prefill) : prefill }),
    },
  };
}

/**
 * A config without its shorthands, if the behaviour supports them; a config without any is returned as the same object.
 */
export function lowerConfig(
  document: unknown,
  { lowering = {} }: { lowering?: LoweringContext },
  { shorthands }: Pick<Behaviour, "shorthands">,
): Lowered {
  if (!shorthands || !isObject(document)) return { document, issues: [] };
  const before = loweredBefore.get(document);
  if (before !== undefined && isSameForConfigs(before.lowering, lowering)) return before.lowered;
  const lowered = lower(document, layerOf(document, "LLMInferenceServiceConfig"), lowering);
  loweredBefore.set(document, { lowering, lowered });
  return lowered;
}

/** Configs come with every plan: each is lowered once per set of tables for accelerators and triggers. */
const loweredBefore = new WeakMap<object, { lowering: LoweringContext; lowered: Lowered }>();

/** Whether configs are lowered alike in two contexts. */
export function isSameForConfigs(one: LoweringContext, other: LoweringContext): boolean {
  const fields = ["nodeLabels", "accelerators", "triggers", "prometheus"] as const satisfies (keyof LoweringContext)[];
  return fields.every((field) => one[field] === other[field]);
}

/** The part of a document that is merged, and the part that does not belong to a spec. */
export interface Meant {
  layers: readonly Layer[];
  operations: Operations;
  accelerators: NamedAccelerators;
  written: WrittenSettings;
}

/**
 * The layers with the meaning of their documents' shorthands: each as a layer directly below its own, or as switches
 * for all of them.
 */
export function withMeaning(
  layers: readonly Layer[],
  loweredOf: (layer: Layer) => Lowered | undefined,
  own?: LoweringContext["accelerators"],
): Meant {
  const all = layers.map((layer) => ({ layer, lowered: loweredOf(layer) }));
  const devices = all.map(
    ({ layer, lowered }): DocumentDevices => ({
      spec: layer.spec,
      accelerators: lowered?.accelerators ?? {},
      isShared: lowered?.sharesAccelerator === true,
      ...(lowered?.shorthands && { shorthands: lowered.shorthands }),
    }),
  );
  const { shorthands, accelerators } = chooseDevices(devices, own);
  return {
    layers: layers.flatMap((layer, i) => [...shorthandsOf(shorthands[i], layers), layer]),
    operations: operationsOf(all.map(({ lowered }) => lowered?.operations)),
    accelerators,
    written: new Map(all.map(({ layer, lowered }) => [layer.label, lowered?.written ?? new Map()])),
  };
}

function shorthandsOf(shorthands: JsonObject | undefined, layers: readonly Layer[]): Layer[] {
  if (shorthands === undefined) return [];
  const spec = forGroups(shorthands, layers) as LLMInferenceServiceConfigSpec;
  return [{ label: SHORTHANDS, spec }];
}

/** Shorthands that apply to the leaders of groups apply to their followers too, whichever layer makes the groups. */
export function forGroups(spec: JsonObject, layers: readonly Pick<Layer, "spec">[]): JsonObject {
  const { prefill } = spec;
  const isGrouped = layers.some((layer) => layer.spec.worker);
  const isPrefillGrouped = layers.some((layer) => layer.spec.prefill?.worker);
  return {
    ...spec,
    ...(isGrouped && spec["template"] !== undefined && { worker: spec["template"] }),
    ...(isObject(prefill) && isPrefillGrouped && { prefill: { ...prefill, worker: prefill["template"] } }),
  };
}

/** Including null ones, which count as not written: no later stage knows their names. */
function hasShorthands(workload: JsonObject): boolean {
  return FIELDS.some((field) => workload[field] !== undefined) || lacksTriggers(workload);
}

function without(workload: JsonObject): JsonObject {
  const rest: JsonObject = {};
  eachEntry(workload, (key, value) => {
    if (!SHORTHAND_NAMES.has(key)) setEntry(rest, key, value);
  });
  return rest;
}

interface LoweredWorkload {
  workload: JsonObject;
  shorthands: JsonObject;
  device?: Recognised;
  /** Paths of sizes and flags after lowering, and as they are written. */
  written: [string, string][];
  issues: Issue[];
}

function lowerWorkload(workload: JsonObject, type: string, place: Place, context: LoweringContext): LoweredWorkload {
  const { path, layer } = place;
  const given = workload["accelerator"];
  const device = readAccelerator(given, formatPath([...path, "accelerator"]), layer, context);
  const tuned = readTuning(workload, place);
  const scaled = withTriggers(workload, place, context);
  const cut = withRemovals(scaled.value, type, place);
  const removed = removedFlags(workload, place);
  const network = readNetwork(workload["network"], formatPath([...path, "network"]), layer);
  const { flags, parallelism, fields, flagFields } = tuned.value;
  const stripped = without(cut.value);
  const own = isObject(stripped["parallelism"]) ? stripped["parallelism"] : {};
  const sizes = Object.keys(parallelism).length === 0 ? {} : { parallelism: { ...parallelism, ...own } };
  const pod = podOf(device.value, network.value, removed.value, flags);
  const isEmpty = Object.keys(pod).length === 0;
  return {
    workload: { ...stripped, ...sizes },
    shorthands: isEmpty ? {} : { template: pod, ...(isObject(workload["worker"]) && { worker: pod }) },
    ...(device.value && { device: recognised(given, device.value) }),
    written: writtenAt(path, [
      ...Object.entries(fields)
        .filter(([size]) => entryOf(own, size) === undefined)
        .map(([size, field]): [string, string] => [`parallelism.${size}`, field]),
      ...[...flagFields].flatMap(([flag, field]) => flagPlaces(flag).map((at): [string, string] => [at, field])),
    ]),
    issues: [device, tuned, scaled, cut, removed, network].flatMap((read) => read.issues),
  };
}

/** Paths of a workload after lowering, each with the path of the field of `tuning` that sets it. */
function writtenAt(path: Place["path"], fields: readonly [at: string, field: string][]): [string, string][] {
  return fields.map(([at, field]) => [`${formatPath(path)}.${at}`, formatPath([...path, "tuning", field])]);
}

/** Where the pods of a workload have a flag of their engine. */
function flagPlaces(flag: string): string[] {
  return ["template", "worker"].map((pod) => flagPath(`${pod}.containers[name=${MAIN}].args`, flag));
}

/** An accelerator by the name in the document, otherwise by its resource. */
function recognised(given: Json | undefined, accelerator: AcceleratorClass): Recognised {
  return { name: typeof given === "string" ? given : accelerator.resource, accelerator };
}

function podOf(
  device: AcceleratorClass | undefined,
  network: JsonObject,
  removed: string[],
  flags: string[],
): JsonObject {
  const { containers, ...nodes } = device === undefined ? {} : devicePod(device);
  const [counted] = objectsOf(containers);
  const { resources, ...reached } = network;
  const ofNetwork = isObject(resources) && isObject(resources["limits"]) ? resources["limits"] : {};
  const limits: JsonObject = { ...objectOf(valueAt(counted, ["resources", "limits"])), ...ofNetwork };
  // Removals must happen before the flags are merged, so their directive comes first.
  const container = {
    name: MAIN,
    ...(Object.keys(limits).length > 0 && { resources: { limits } }),
    ...reached,
    ...(removed.length > 0 && { [removal.DIRECTIVE]: removed }),
    ...(flags.length > 0 && { args: flags }),
  };
  return {
    ...nodes,
    ...(Object.keys(container).length > 1 && { containers: [container as JsonObject] }),
  };
}
