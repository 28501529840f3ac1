import type { LLMInferenceServiceConfigSpec } from "../../api/service.ts";
import type { WorkloadSpec } from "../../api/workload.ts";
import type { LoweringContext, NamedAccelerators, Recognised } from "../../contract/lowering.ts";
import { DEVICES, recognise } from "../../knowledge/accelerators/recognise.ts";
import { isOfOtherVendor } from "../../knowledge/accelerators/vendorlabels.ts";
import { isObject, type JsonObject, objectOf, objectsOf } from "../../kubernetes/json.ts";
import type { PodSpec } from "../../kubernetes/objects.ts";
import { eachEntry, entryOf, setEntry } from "../../kubernetes/table.ts";
import { containerNamed, MAIN } from "../../kubernetes/workloads/pods.ts";
import { devicePod, namesDevices } from "./devicepod.ts";

/** The devices that one document sets, and what they add to its pods. */
export interface DocumentDevices {
  spec: LLMInferenceServiceConfigSpec;
  shorthands?: JsonObject;
  accelerators: NamedAccelerators;
  /** Whether prefill's accelerator is the one of the whole document. */
  isShared: boolean;
}

type Role = keyof NamedAccelerators;

/**
 * The documents' shorthands, lowest precedence first, with one accelerator per role: the last document that names one
 * wins completely, and the devices and nodes of lower layers are removed, whoever wrote them. It is prefill's too,
 * unless a document names another for prefill.
 */
export function chooseDevices(
  documents: readonly DocumentDevices[],
  own: LoweringContext["accelerators"],
): { shorthands: (JsonObject | undefined)[]; accelerators: NamedAccelerators } {
  const shorthands = documents.map((one) => one.shorthands);
  const accelerators: NamedAccelerators = {};
  const settle = (role: Role, at: number, device: Recognised, isAdded: boolean): void => {
    accelerators[role] = device;
    const below = documents.slice(0, at).map(({ spec }, i) => podsOf(role, spec, shorthands[i], documents[i]));
    const gone = removals(device, below.flat(), own);
    const added = isAdded ? devicePod(device.accelerator) : {};
    shorthands[at] = withPod(role, shorthands[at], merged(merged(gone, added), templateOf(role, shorthands[at])));
  };
  const main = lastOf(documents, ({ accelerators: { main: named } }) => named);
  if (main !== undefined) settle("main", main.at, main.device, false);
  const prefill = lastOf(documents, ({ accelerators: { prefill: named }, isShared }) => (isShared ? undefined : named));
  if (prefill !== undefined) settle("prefill", prefill.at, prefill.device, false);
  else if (main !== undefined && sharesDevices(documents, main.device)) settle("prefill", main.at, main.device, true);
  const named = lastOf(documents, (one) => one.accelerators.prefill);
  return { shorthands, accelerators: { ...(named && { prefill: named.device }), ...accelerators } };
}

function lastOf(
  documents: readonly DocumentDevices[],
  of: (one: DocumentDevices) => Recognised | undefined,
): { at: number; device: Recognised } | undefined {
  const at = documents.findLastIndex((one) => of(one) !== undefined);
  const device = at < 0 ? undefined : of(documents[at] as DocumentDevices);
  return device && { at, device };
}

/** Whether there is a prefill and no document gives it other devices. */
function sharesDevices(documents: readonly DocumentDevices[], { accelerator: { resource } }: Recognised): boolean {
  const prefills = documents.flatMap(({ spec: { prefill } }) => (isObject(prefill) ? [prefill as JsonObject] : []));
  return prefills.length > 0 && !prefills.some((one) => namesDevices(one, resource));
}

/** A pod of a lower layer, and the class that its document names for it. */
interface Below {
  pod: PodSpec;
  named: Recognised | undefined;
}

function podsOf(role: Role, spec: WorkloadSpec, lowered: JsonObject | undefined, document?: DocumentDevices): Below[] {
  const named = document?.accelerators[role];
  const workloads = [spec, (lowered ?? {}) as LLMInferenceServiceConfigSpec].map(
    (one: LLMInferenceServiceConfigSpec) => (role === "main" ? one : one.prefill),
  );
  return workloads.flatMap((one) => [one?.template, one?.worker].flatMap((pod) => (pod ? [{ pod, named }] : [])));
}

/** The patch that removes the devices and the nodes of other accelerators. */
function removals(
  { accelerator }: Recognised,
  below: readonly Below[],
  own: LoweringContext["accelerators"],
): JsonObject {
  const { resource, nodeSelector: wanted = {} } = accelerator;
  const labels = below.flatMap(({ pod, named }) => {
    const other = [recognise(pod, undefined, own)?.accelerator, named?.accelerator];
    const there = Object.keys(pod.nodeSelector ?? {});
    const ofClasses = other.flatMap((one) => Object.keys(one?.nodeSelector ?? {}));
    return there.filter((label) => ofClasses.includes(label) || isOfOtherVendor(label, resource));
  });
  const kinds = (kind: "limits" | "requests"): JsonObject => {
    const names = below.flatMap(({ pod }) => Object.keys(containerNamed(pod, MAIN)?.resources?.[kind] ?? {}));
    return nulls(names.filter((name) => DEVICES.test(name) && name !== resource));
  };
  const nodeSelector = nulls(labels.filter((label) => !Object.hasOwn(wanted, label)));
  const resources = Object.fromEntries(
    (["limits", "requests"] as const).map((kind) => [kind, kinds(kind)]).filter(([, names]) => !isEmpty(names)),
  );
  return {
    ...(!isEmpty(nodeSelector) && { nodeSelector }),
    ...(!isEmpty(resources) && { containers: [{ name: MAIN, resources }] }),
  };
}

function nulls(names: readonly string[]): JsonObject {
  return Object.fromEntries(names.map((name) => [name, null]));
}

function isEmpty(value: unknown): boolean {
  return Object.keys(objectOf(value)).length === 0;
}

function templateOf(role: Role, lowered: JsonObject = {}): JsonObject {
  return objectOf(objectOf(role === "main" ? lowered : lowered["prefill"])["template"]);
}

/** Shorthands with another template of a role; its `worker` gets the same if there is one. */
function withPod(role: Role, lowered: JsonObject | undefined, template: JsonObject): JsonObject | undefined {
  if (isEmpty(template)) return lowered;
  const workload = objectOf(role === "main" ? lowered : lowered?.["prefill"]);
  const changed = { ...workload, template, ...(isObject(workload["worker"]) && { worker: template }) };
  return role === "main" ? changed : { ...lowered, prefill: changed };
}

/** Two pods of shorthands, the second merged over the first. */
function merged(lower: JsonObject, upper: JsonObject): JsonObject {
  const [first, second] = [mainOf(lower), mainOf(upper)];
  const containers = first && second ? [joined(first, second)] : [first ?? second].filter((one) => one !== undefined);
  return { ...joined(lower, upper), ...(containers.length > 0 && { containers }) };
}

function mainOf(pod: JsonObject): JsonObject | undefined {
  return objectsOf(pod["containers"])[0];
}

/** Objects are merged; any other value is the second's. */
function joined(lower: JsonObject, upper: JsonObject): JsonObject {
  const both: JsonObject = { ...lower };
  eachEntry(upper, (key, value) => {
    const below = entryOf(lower, key);
    setEntry(both, key, isObject(value) && isObject(below) ? joined(below, value) : value);
  });
  return both;
}
