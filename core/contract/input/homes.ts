import { type Tuning, tuning } from "../../api/shorthands/tuning.ts";
import { formatPath, isObject, itemAt, type Json, objectsOf, type PathStep } from "../../kubernetes/json.ts";
import type { StructuralSchema } from "../../kubernetes/schema/schema.ts";
import { resolved, structuralOf } from "../../kubernetes/schema/structural.ts";
import { typeProblem } from "../../kubernetes/schema/typecheck.ts";
import { entryOf } from "../../kubernetes/table.ts";
import { MAIN } from "../../kubernetes/workloads/pods.ts";

/** A place in a workload that has a field of a name. */
export interface Home {
  /** As messages show it, and as fixes write it. */
  path: string;
  /** Whether the document sets nothing there, and the field takes the value. */
  isFree: boolean;
}

/** Where the workload around an unknown field may have a field of that name. */
interface Workload {
  spec: Json | undefined;
  schema: StructuralSchema;
  /** Whether `tuning` is read. */
  hasTuning: boolean;
}

/**
 * The fields of that very name, or the settings of `tuning` in any spelling, that an unknown field of a workload or of
 * its pods may mean: users write the settings of the engine's container at the service, or at its pod.
 */
export function homesOf(path: readonly PathStep[], { spec, schema, hasTuning }: Workload): Home[] {
  const workload = HOLDERS.find((holder) => holder.every((step, i) => step === path[i])) ?? [];
  const [pod, ...rest] = path.slice(workload.length);
  const name = String(path.at(-1));
  const isOfModel = path.length === 2 && path[0] === "model";
  const isOfPod = PODS.includes(String(pod)) && rest.length === 1;
  if (rest.length > 0 && !isOfPod && !isOfModel) return [];
  const value = itemAt(spec, path) ?? null;
  const own = (steps: readonly PathStep[], field: StructuralSchema | undefined): Home[] => {
    if (field === undefined) return [];
    const isFree = itemAt(spec, steps) === undefined && typeProblem(value, resolved(field), true) === undefined;
    return [{ path: formatPath(["spec", ...steps]), isFree }];
  };
  const hasTunes = hasTuning && workload[0] !== "router";
  const setting = hasTunes ? settingOf(name) : undefined;
  const tuned = setting === undefined ? [] : own([...workload, "tuning", setting], structuralOf(tuning.shape[setting]));
  if (tuned.length > 0 || isOfModel) return tuned;
  const pods = isOfPod ? [String(pod)] : podsOf(itemAt(spec, workload));
  const schemaOf = (one: string): StructuralSchema => schemaAt(schema, [...workload, one]) ?? {};
  const ofPods =
    isOfPod || isOfContainers(name, value)
      ? []
      : pods.flatMap((one) => own([...workload, one, name], schemaAt(schemaOf(one), [name])));
  const ofMain = pods.flatMap((one) => mainHome([...workload, one], name, { spec, schema: schemaOf(one), value }));
  return [...ofMain, ...ofPods];
}

const PODS: readonly string[] = ["template", "worker"];

/** Whether a value names resources that only a container can have: those of a pod are cpu, memory and huge pages. */
function isOfContainers(name: string, value: Json): boolean {
  const amounts = isObject(value) ? RESOURCES.map((list) => entryOf(value, list)) : [];
  const names = amounts.flatMap((one) => (isObject(one) ? Object.keys(one) : []));
  return name === "resources" && names.some((one) => !/^(?:cpu|memory|hugepages-.*)$/.test(one));
}

/** What has pods besides the service itself. */
const HOLDERS: readonly (readonly string[])[] = [
  ["prefill"],
  ["router", "scheduler", "tokenizer"],
  ["router", "scheduler"],
];

/** The pods that a workload writes; each pod of a group needs the field. */
function podsOf(workload: Json | undefined): string[] {
  const isWritten = (pod: string): boolean => isObject(workload) && isObject(entryOf(workload, pod));
  return PODS.filter((pod) => pod === "template" || isWritten(pod));
}

/** Fields of a container's resources, which users also write next to them. */
const RESOURCES: readonly string[] = ["limits", "requests"];

/** The field of the engine's container. */
function mainHome(
  pod: readonly PathStep[],
  name: string,
  { spec, schema, value }: { spec: Json | undefined; schema: StructuralSchema; value: Json },
): Home[] {
  const own = RESOURCES.includes(name) ? ["resources", name] : [name];
  const field = schemaAt(schema, ["containers", 0, ...own]);
  if (field === undefined || name === "name") return [];
  const main = objectsOf(itemAt(spec, [...pod, "containers"])).find((one) => one["name"] === MAIN);
  const isSet = main !== undefined && itemAt(main, own) !== undefined;
  const path = `${formatPath(["spec", ...pod, "containers"])}[name=${MAIN}].${own.join(".")}`;
  return [{ path, isFree: !isSet && typeProblem(value, resolved(field), true) === undefined }];
}

/** The setting of `tuning` that a name spells: `maxModelLen`, `max-model-len`, `max_model_len`. */
function settingOf(name: string): keyof Tuning | undefined {
  const plain = (text: string): string => text.replace(/[-_]/g, "").toLowerCase();
  return (Object.keys(tuning.shape) as (keyof Tuning)[]).find((one) => plain(one) === plain(name));
}

/** The schema of a place; undefined if the schema does not have the place. */
export function schemaAt(schema: StructuralSchema, path: readonly PathStep[]): StructuralSchema | undefined {
  return path.reduce<StructuralSchema | undefined>((node, step) => {
    const { properties, items, additionalProperties } = resolved(node ?? {});
    return typeof step === "number" ? items : (entryOf(properties ?? {}, step) ?? additionalProperties);
  }, schema);
}
