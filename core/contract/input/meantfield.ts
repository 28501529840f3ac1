import {
  asText,
  formatPath,
  isObject,
  itemAt,
  type Json,
  type JsonObject,
  type PathStep,
} from "../../kubernetes/json.ts";
import { nearest } from "../../kubernetes/nearest.ts";
import type { StructuralSchema } from "../../kubernetes/schema/schema.ts";
import { pruned, type UnknownField } from "../../kubernetes/schema/shape.ts";
import { resolved } from "../../kubernetes/schema/structural.ts";
import { meantSwitch } from "../../kubernetes/schema/switches.ts";
import { typeProblem } from "../../kubernetes/schema/typecheck.ts";
import { entryOf, type Table, tableOf } from "../../kubernetes/table.ts";
import type { Issue } from "../issues/issue.ts";
import { schemaAt } from "./homes.ts";
import { placesOf } from "./places.ts";

/** What an unknown field means that the API has in another form: a list, a reference, a switch, or another word. */

export type Advice = Pick<Issue, "fix" | "fixes">;

interface Around {
  spec: Json | undefined;
  schema: StructuralSchema;
}

export function meantAdvice(field: UnknownField, around: Around): Advice | undefined {
  return (
    switchAdvice(field, around) ??
    metadataAdvice(field, around) ??
    configAdvice(field, around) ??
    pairAdvice(field, around) ??
    resourceAdvice(field, around) ??
    longNameAdvice(field, around) ??
    otherNameAdvice(field, around) ??
    besideAdvice(field, around) ??
    itemAdvice(field, around)
  );
}

/** The only entry of an item of names and values, written as `NAME: value`. */
function pairAdvice({ path, known }: UnknownField, { spec }: Around): Advice | undefined {
  const above = path.slice(0, -1);
  const [item, value, name] = [itemAt(spec, above), itemAt(spec, path), asText(path.at(-1))];
  const isPair = typeof above.at(-1) === "number" && ["name", "value"].every((one) => known.includes(one));
  if (!isPair || !isObject(item) || Object.keys(item).length > 1) return undefined;
  if (!["string", "number", "boolean"].includes(typeof value)) return undefined;
  const at = (step: PathStep): string => formatPath(["spec", ...above, step]);
  const moved = [
    { path: at("name"), value: name },
    { path: at("value"), value: asText(value) },
  ];
  return { fix: `write name: ${name}, and its value as value`, fixes: [...moved, { path: at(name) }] };
}

const LIMITS = "limits";
const RESOURCE = /^(?:cpu|memory|ephemeral-storage|[\w.-]+\/[\w.-]+)$/;

/** A resource next to the limits, which are also its requests. */
function resourceAdvice({ path, known }: UnknownField, around: Around): Advice | undefined {
  const name = asText(path.at(-1));
  if (!known.includes(LIMITS) || !known.includes("requests") || !RESOURCE.test(name)) return undefined;
  const value = itemAt(around.spec, path);
  const target = [...path.slice(0, -1), LIMITS, name];
  return value !== undefined && fits(value, schemaAt(around.schema, target))
    ? move(path, target, value, around)
    : undefined;
}

/** The only field for a name where the API calls it by its kind: `secretName` and `claimName` for `name`. */
function longNameAdvice({ path, known }: UnknownField, around: Around): Advice | undefined {
  const [first, ...others] = known.filter((one) => one.endsWith("Name"));
  const value = itemAt(around.spec, path);
  if (path.at(-1) !== "name" || first === undefined || others.length > 0 || value === undefined) return undefined;
  const target = [...path.slice(0, -1), first];
  return fits(value, schemaAt(around.schema, target)) ? move(path, target, value, around) : undefined;
}

/** The one object next to an unknown field that has it, and that is set or has the other unknown fields too. */
function besideAdvice({ path, known }: UnknownField, around: Around): Advice | undefined {
  const above = path.slice(0, -1);
  const [name, holder] = [asText(path.at(-1)), itemAt(around.spec, above)];
  if (above.length === 0 || !isObject(holder)) return undefined;
  const own = Object.keys(holder).filter((one) => !known.includes(one));
  const has = (object: string, field: string): boolean =>
    schemaAt(around.schema, [...above, object, field]) !== undefined;
  const isMeant = (object: string): boolean =>
    isObject(entryOf(holder, object)) || (own.length > 1 && own.every((one) => has(object, one)));
  const [target, ...others] = known.filter((object) => has(object, name) && isMeant(object));
  if (target === undefined || others.length > 0) return undefined;
  const value = itemAt(around.spec, path);
  const at = [...above, target, name];
  return value !== undefined && fits(value, schemaAt(around.schema, at)) ? move(path, at, value, around) : undefined;
}

const SWITCHES: readonly string[] = ["enabled", "enable"];
/** Objects that a service cannot be without. */
const REQUIRED: readonly string[] = ["model"];

/** The API has no switches: an object is on if it is set. */
function switchAdvice({ path }: UnknownField, { spec }: Around): Advice | undefined {
  const above = path.slice(0, -1);
  const [value, holder] = [meantSwitch(itemAt(spec, path)), above.at(-1)];
  if (
    value === undefined ||
    !SWITCHES.includes(asText(path.at(-1))) ||
    typeof holder !== "string" ||
    REQUIRED.includes(holder)
  )
    return undefined;
  const at = formatPath(["spec", ...above]);
  const isAlone = Object.keys(itemAt(spec, above) ?? {}).length === 1;
  if (!value) return { fix: `remove ${at}, which is off if it is not set`, ...(isAlone && { fixes: [{ path: at }] }) };
  const own = formatPath(["spec", ...path]);
  return { fix: `remove it: ${at} is on if it is set`, fixes: [{ path: own }] };
}

/** The metadata of a pod template, which the API has next to the template. */
function metadataAdvice({ path }: UnknownField, { spec, schema }: Around): Advice | undefined {
  const value = itemAt(spec, path);
  const holder = path.slice(0, -2);
  if (path.at(-1) !== "metadata" || path.at(-2) !== "template" || !isObject(value)) return undefined;
  const fields = Object.keys(value);
  const at = (name: string): PathStep[] => [...holder, name];
  if (fields.length === 0 || !fields.every((name) => schemaAt(schema, at(name)) !== undefined)) return undefined;
  const shown = (steps: readonly PathStep[]): string => formatPath(["spec", ...steps]);
  const fix = `move ${fields.join(" and ")} to ${fields.map((name) => shown(at(name))).join(" and ")}`;
  if (fields.some((name) => itemAt(spec, at(name)) !== undefined)) return { fix };
  const moved = fields.map((name) => ({ path: shown(at(name)), value: entryOf(value, name) ?? null }));
  return { fix, fixes: [{ path: shown(path) }, ...moved] };
}

/** The fields of an EndpointPickerConfig. */
const CONFIG: readonly string[] = [
  ...["apiVersion", "kind", "plugins", "schedulingProfiles", "featureGates", "data", "dataLayer", "flowControl"],
  ...["parser", "requestHandler", "saturationDetector"],
];
const CONFIG_PLACE: readonly string[] = ["router", "scheduler", "config"];

function configAdvice({ path }: UnknownField, around: Around): Advice | undefined {
  const name = asText(path.at(-1));
  const above = path.slice(0, -1);
  const isNear = above.length >= 2 && above.every((step, i) => step === CONFIG_PLACE[i]);
  if (!isNear || !CONFIG.includes(name) || schemaAt(around.schema, CONFIG_PLACE) === undefined) return undefined;
  return move(path, [...CONFIG_PLACE, "inline", name], itemAt(around.spec, path), around);
}

/** Other words for fields of the API. */
const WORDS: Table<string> = tableOf({
  host: "hostnames",
  hosts: "hostnames",
  epp: "scheduler",
  endpointPicker: "scheduler",
  inferenceScheduler: "scheduler",
  inferencePool: "pool",
  httpRoute: "route",
  routing: "router",
  pod: "template",
  podSpec: "template",
  autoscaling: "scaling",
  modelUri: "uri",
  storageUri: "uri",
  cmd: "command",
  environment: "env",
  tp: "tensor",
  pp: "pipeline",
  dp: "data",
});
const DEEPEST = 3;

/** A field with a similar name that takes the value, by itself, in a list, or as a reference. */
function otherNameAdvice({ path, known }: UnknownField, around: Around): Advice | undefined {
  const name = asText(path.at(-1));
  const value = itemAt(around.spec, path);
  if (value === undefined || value === null) return undefined;
  const above = path.slice(0, -1);
  const [, base] = /^(.+?)_?[Rr]efs?$/.exec(name) ?? [];
  const word = WORDS.get(name);
  const near = nearest(name, known);
  const isRef = base !== undefined && known.includes("ref");
  const names = [near, isRef ? "ref" : undefined, base, word, `${name}s`, word && WORDS.get(word)];
  const inner = innerPlace(name, known, above, around);
  if (inner !== undefined && fits(value, schemaAt(around.schema, inner))) return move(path, inner, value, around);
  for (const one of names) {
    if (one === undefined || one === name) continue;
    const places = known.includes(one) ? [[one]] : placesBelow(one, schemaAt(around.schema, above));
    const [first, ...others] = places;
    if (first === undefined || others.length > 0) continue;
    const target = formFor(value, [...above, ...first], { isSame: one === near, ...around });
    if (target !== undefined) return move(path, target.at, target.value, around);
  }
  return undefined;
}

/** A name in camel case as two fields: `modelUri` as `model.uri`. */
function innerPlace(
  name: string,
  known: readonly string[],
  above: readonly PathStep[],
  { schema }: Around,
): PathStep[] | undefined {
  const ends = [...name.matchAll(/[A-Z]/g)].map(({ index }) => index);
  const parts = ends.map((end) => [name.slice(0, end), name.charAt(end).toLowerCase() + name.slice(end + 1)] as const);
  const found = parts.find(([outer, field]) => known.includes(outer) && schemaAt(schema, [...above, outer, field]));
  return found && [...above, ...found];
}

/** The shallowest places of a name in an object. */
function placesBelow(name: string, schema: StructuralSchema | undefined): readonly string[][] {
  const found = schema === undefined ? [] : placesOf(name, schema, DEEPEST);
  const highest = Math.min(...found.map(({ length }) => length));
  return found.filter(({ length }) => length === highest);
}

/** The form in which a place takes a value; as it is only if the place is not the one of a similar name. */
function formFor(
  value: Json,
  at: readonly PathStep[],
  { schema, isSame }: { schema: StructuralSchema; isSame: boolean },
): { at: PathStep[]; value: Json } | undefined {
  const refs = [...at, "refs"];
  const ref = [...at, "ref"];
  const forms: { at: PathStep[]; value: Json }[] = [
    ...(isSame ? [] : [{ at: [...at], value }]),
    { at: [...at], value: [value] },
    { at: refs, value },
    { at: refs, value: [value] },
    { at: ref, value },
    ...(typeof value === "string" ? byName(value, { at, refs, ref }) : []),
  ];
  return forms.find((form) => fits(form.value, schemaAt(schema, form.at)));
}

/** The name of an object as a reference to it. */
function byName(name: string, { at, refs, ref }: Record<"at" | "refs" | "ref", readonly PathStep[]>) {
  return [
    { at: [...at], value: [{ name }] },
    { at: [...refs], value: [{ name }] },
    { at: [...ref], value: { name } },
  ];
}

/** Whether a schema takes a value with all that it contains. */
export function fits(value: Json, schema: StructuralSchema | undefined): boolean {
  if (schema === undefined) return false;
  const node = resolved(schema);
  if (typeProblem(value, node, true) !== undefined) return false;
  if (Array.isArray(value)) return value.every((item) => node.items === undefined || fits(item, node.items));
  return pruned(value, node).unknown.length === 0;
}

/** The fields of the only item that a list of the object should have: `name` of `gateway` for `gateway.refs`. */
function itemAdvice({ path, known }: UnknownField, around: Around): Advice | undefined {
  const above = path.slice(0, -1);
  const [name, holder] = [asText(path.at(-1)), itemAt(around.spec, above)];
  const fieldsOf = (list: string): StructuralSchema["properties"] =>
    resolved(resolved(schemaAt(around.schema, [...above, list]) ?? {}).items ?? {}).properties;
  const lists = known.filter((list) => entryOf(fieldsOf(list) ?? {}, name) !== undefined);
  const [list, ...others] = lists;
  if (list === undefined || others.length > 0 || !isObject(holder)) return undefined;
  const fields = fieldsOf(list) ?? {};
  const own = Object.keys(holder).filter((one) => !known.includes(one) && entryOf(fields, one) !== undefined);
  const at = [...above, list];
  const fix = `move it to ${formatPath(["spec", ...at, 0, name])}`;
  const item: JsonObject = Object.fromEntries(own.map((one) => [one, entryOf(holder, one)]));
  const isFree = itemAt(around.spec, at) === undefined && fits([item], schemaAt(around.schema, at));
  // The edits move all fields of the item at once.
  if (!isFree || own[0] !== name) return { fix };
  const removed = own.map((one) => ({ path: formatPath(["spec", ...above, one]) }));
  return { fix, fixes: [...removed, { path: formatPath(["spec", ...at]), value: [item] }] };
}

function move(
  path: readonly PathStep[],
  target: readonly PathStep[],
  value: Json | undefined,
  { spec }: Around,
): Advice {
  const [from, to] = [formatPath(["spec", ...path]), formatPath(["spec", ...target])];
  const isWrapped = Array.isArray(value) && !Array.isArray(itemAt(spec, path));
  const fix = isWrapped ? `move it into the list ${to}` : `move it to ${to}`;
  const isFree = value !== undefined && itemAt(spec, target) === undefined;
  return isFree ? { fix, fixes: [{ path: from }, { path: to, value }] } : { fix };
}
