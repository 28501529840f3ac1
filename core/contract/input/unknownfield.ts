import type { z } from "zod";
import type { DocumentKind } from "../../api/schemas.ts";
import { operations } from "../../api/shorthands/operations.ts";
import { serviceGroups, serviceShorthands, shorthands } from "../../api/shorthands/shorthands.ts";
import { formatPath, isObject, itemAt, type Json, type PathStep } from "../../kubernetes/json.ts";
import { didYouMean, isSlip, nearest, removeBeside, sharingWords } from "../../kubernetes/nearest.ts";
import type { StructuralSchema } from "../../kubernetes/schema/schema.ts";
import type { UnknownField } from "../../kubernetes/schema/shape.ts";
import { resolved, structuralOf } from "../../kubernetes/schema/structural.ts";
import { typeProblem } from "../../kubernetes/schema/typecheck.ts";
import { entryOf } from "../../kubernetes/table.ts";
import type { Behaviour } from "../behaviour.ts";
import type { Issue } from "../issues/issue.ts";
import { planOptions } from "../options/options.ts";
import { homesOf, schemaAt } from "./homes.ts";
import { type Advice, fits, meantAdvice } from "./meantfield.ts";
import { DEEPEST_OF_ALL, placesOf } from "./places.ts";

/** The spec of a document that has unknown fields. */
export interface UnknownPlace {
  spec: Json | undefined;
  schema: StructuralSchema;
  kind: DocumentKind;
  /** Set if it is a part of the document that has no other fields than the known ones. */
  part?: "group";
  layer: string;
  behaviour: Behaviour;
}

/** The message about an unknown field of a spec, and the fix. */
export function unknownField(found: UnknownField, place: UnknownPlace): Issue {
  const { behaviour, part } = place;
  const field = behaviour.shorthands && part === undefined ? withShorthands(found, place.kind) : found;
  return issueOfUnknown(["spec", ...field.path], adviceOf(field, place), place);
}

/** The message about an unknown field at a path of a document. */
export function issueOfUnknown(
  path: readonly PathStep[],
  { fix, fixes }: Advice,
  { behaviour, layer }: Pick<UnknownPlace, "behaviour" | "layer">,
): Issue {
  const name = String(path.at(-1) ?? "");
  const severity = behaviour.unknownFields;
  return {
    code: "UnknownField",
    severity,
    path: formatPath(path),
    layer,
    message: severity === "error" ? `unknown field ${name}` : `unknown field ${name}: it is ignored`,
    ...(fix !== undefined && { fix }),
    ...(layer === "service" && fixes !== undefined && { fixes }),
  };
}

function nameOf({ path }: UnknownField): string {
  return String(path.at(-1) ?? "");
}

/**
 * The likeliest cause first: a name in other letters, the place of that very name in the workload, a typing error, one
 * level too many, another place where the API has the name, an option, a word of a known name. A program does not
 * remove a field, because its value may have a meaning elsewhere.
 */
export function adviceOf(field: UnknownField, place: UnknownPlace): Advice {
  const { known } = field;
  const name = nameOf(field);
  const near = nearest(name, known);
  const ofGroups = groupsAdvice(field, near, place);
  if (ofGroups !== undefined) return ofGroups;
  const isSame = near !== undefined && near.toLowerCase() === name.toLowerCase();
  const home = isSame ? undefined : (homeAdvice(field, place) ?? operationsAdvice(field, place));
  if (home !== undefined) return home;
  const exact = isSame ? undefined : exactAdvice(field, place);
  if (exact !== undefined) return exact;
  const lifted = liftedAdvice(field, place);
  const meant = isSame || lifted !== undefined ? undefined : meantAdvice(field, place);
  const isSlipOf = near !== undefined && (isSame || mayTake(field, near, place));
  if (isSlipOf && (meant === undefined || takesAll(field, near, place))) return slipAdvice(field, near, place);
  const moved = lifted ?? meant ?? elsewhereAdvice(field, place) ?? optionAdvice(field, place);
  if (moved !== undefined) return moved;
  const alike = sharingWords(name, known);
  if (alike !== undefined) return alikeAdvice(alike, field, place);
  const listed = known.length > 0 && known.length <= MOST_LISTED ? `, or use one of: ${known.join(", ")}` : "";
  return { fix: `remove it${listed}` };
}

/** A field whose name has a word in common: if it can take the value, it is likely meant. */
function alikeAdvice(alike: string, field: UnknownField, place: UnknownPlace): Advice {
  const target = [...field.path.slice(0, -1), alike];
  const value = itemAt(place.spec, field.path);
  const isFree = value !== undefined && value !== null && itemAt(place.spec, target) === undefined;
  const isTaken = isFree && fits(value, nearSchema(field, alike, place));
  return {
    fix: isTaken
      ? `write ${alike} instead, if that is meant, or remove it`
      : `remove it, or write ${alike}, if that is meant`,
  };
}

/** Fields that each replica group has for itself, so that a service with groups cannot set them. */
const PER_GROUP = ["replicas", "scaling"];

/** What a service with replica groups means by a field that only they can set. */
function groupsAdvice({ path }: UnknownField, near: string | undefined, { spec }: UnknownPlace): Advice | undefined {
  if (path.length !== 1 || !isObject(spec) || !isObject(spec["groups"])) return undefined;
  const value = itemAt(spec, path);
  const meant = [near ?? "", ...(isObject(value) ? Object.keys(value) : [])].filter((one) => PER_GROUP.includes(one));
  return meant.length === 0 ? undefined : { fix: `remove it, and set ${meant.join(" and ")} in each group` };
}

/** The field of that name in the pods, in the engine's container, or in `tuning`. */
function homeAdvice({ path }: UnknownField, { spec, schema, behaviour }: UnknownPlace): Advice | undefined {
  const homes = homesOf(path, { spec, schema, hasTuning: behaviour.shorthands });
  const [first] = homes;
  if (first === undefined) return undefined;
  const fix = `move it to ${homes.map((one) => one.path).join(" or ")}`;
  const value = itemAt(spec, path);
  // A base config may have pods of a group, which need the field too.
  const isOnly = homes.length === 1 && (first.path.includes(".tuning.") || itemAt(spec, ["baseRefs"]) === undefined);
  if (!isOnly || !first.isFree || value === undefined) return { fix };
  return { fix, fixes: [{ path: formatPath(["spec", ...path]) }, { path: first.path, value }] };
}

/** A field of `operations` that is written in the spec. */
function operationsAdvice({ path }: UnknownField, { spec, kind, part, behaviour }: UnknownPlace): Advice | undefined {
  const name = String(path.at(-1));
  const isOfSpec = behaviour.shorthands && kind === "LLMInferenceService" && part === undefined && path.length === 1;
  const field = isOfSpec ? entryOf<z.ZodType>(operations.shape, name) : undefined;
  if (field === undefined) return undefined;
  const target = ["operations", name];
  const to = formatPath(["spec", ...target]);
  const value = itemAt(spec, path);
  const isFree = itemAt(spec, target) === undefined && field.safeParse(value).success;
  const moved = value !== undefined &&
    isFree && { fixes: [{ path: formatPath(["spec", ...path]) }, { path: to, value }] };
  return { fix: `move it to ${to}`, ...moved };
}

/** An option of the plan and of the component, which users write in the spec. */
function optionAdvice({ path }: UnknownField, { kind, part }: UnknownPlace): Advice | undefined {
  const name = String(path.at(-1));
  const isOfSpec = kind === "LLMInferenceService" && part === undefined && path.length === 1;
  const isOption = isOfSpec && Object.hasOwn(planOptions, name);
  return isOption ? { fix: `set it as the option ${name}, next to spec, not in it` } : undefined;
}

/** Whether a field takes a value of this kind: a list, a mapping, or a text, number or switch. */
function mayTake(field: UnknownField, near: string, place: UnknownPlace): boolean {
  const value = itemAt(place.spec, field.path);
  const isWhole = typeof value === "object" && value !== null;
  return isWhole ? takes(field, near, place) : !["object", "array"].includes(typeOf(field, near, place) ?? "");
}

/** Whether a field takes a value with all that it contains. */
function takesAll(field: UnknownField, near: string, place: UnknownPlace): boolean {
  const value = itemAt(place.spec, field.path);
  return value === undefined || fits(value, nearSchema(field, near, place));
}

function takes(field: UnknownField, near: string, place: UnknownPlace): boolean {
  const schema = nearSchema(field, near, place);
  return (
    schema === undefined || typeProblem(itemAt(place.spec, field.path) ?? null, resolved(schema), true) === undefined
  );
}

function typeOf(field: UnknownField, near: string, place: UnknownPlace): string | undefined {
  return resolved(nearSchema(field, near, place) ?? {}).type;
}

function nearSchema({ path }: UnknownField, near: string, { schema }: UnknownPlace): StructuralSchema | undefined {
  const own = entryOf<z.ZodType>({ ...serviceShorthands, ...serviceGroups }, near);
  return schemaAt(schema, [...path.slice(0, -1), near]) ?? (own && structuralOf(own));
}

/** Longer lists, such as the fields of a pod, are not printed, because readers do not look through them. */
const MOST_LISTED = 25;

function slipAdvice(field: UnknownField, near: string, place: UnknownPlace): Advice {
  const { path, known } = field;
  const { spec } = place;
  const name = nameOf(field);
  const value = itemAt(spec, path);
  const at = (step: PathStep): string => formatPath(["spec", ...path.slice(0, -1), step]);
  // If the correct field exists too, it is unclear which of the two values is meant.
  const isTaken = itemAt(spec, [...path.slice(0, -1), near]) !== undefined;
  const fix = isTaken ? removeBeside(name, near) : didYouMean(name, known);
  const isFree = value !== undefined && !isTaken;
  return {
    ...(fix !== undefined && { fix }),
    ...(isSlip(name, near) &&
      isFree &&
      takes(field, near, place) && { fixes: [{ path: at(name) }, { path: at(near), value }] }),
  };
}

/** The fields of an unknown field, if all of them belong one level up and none is set there. */
function liftedAdvice({ path, known }: UnknownField, { spec }: UnknownPlace): Advice | undefined {
  const above = path.slice(0, -1);
  const [value, parent] = [itemAt(spec, path), itemAt(spec, above)];
  if (!isObject(value) || !isObject(parent)) return undefined;
  const fields = Object.keys(value);
  if (fields.length === 0 || !fields.every((one) => known.includes(one) && !Object.hasOwn(parent, one)))
    return undefined;
  const at = (steps: readonly PathStep[]): string => formatPath(["spec", ...steps]);
  const moved = fields.map((one) => ({ path: at([...above, one]), value: entryOf(value, one) ?? null }));
  return { fix: `write ${fields.join(", ")} directly in ${at(above)}`, fixes: [{ path: at(path) }, ...moved] };
}

/** The only place below the object that has the same name and takes all of the value. */
function exactAdvice(field: UnknownField, { spec, schema }: UnknownPlace): Advice | undefined {
  const value = itemAt(spec, field.path);
  const above = field.path.slice(0, -1);
  const [first, ...others] = placesOf(nameOf(field), schemaAt(schema, above) ?? {}, DEEPEST_BELOW);
  if (first === undefined || others.length > 0 || value === undefined) return undefined;
  const target = [...above, ...first];
  const isAbove = above.some((_, i) => schemaAt(schema, [...above.slice(0, i), nameOf(field)]) !== undefined);
  if (isAbove || itemAt(spec, target) !== undefined || !fits(value, schemaAt(schema, target))) return undefined;
  const [from, to] = [field.path, target].map((steps) => formatPath(["spec", ...steps])) as [string, string];
  return { fix: `move it to ${to}, or remove it`, fixes: [{ path: from }, { path: to, value }] };
}

/** Where the API has a field of that name. The fix moves the value there if the place is empty and is the only one. */
function elsewhereAdvice(field: UnknownField, place: UnknownPlace): Advice | undefined {
  const { path } = field;
  const value = itemAt(place.spec, path);
  const places = placesNear(field, place);
  const [first] = places;
  if (first === undefined || places.length > MOST_PLACES) return undefined;
  const shown = places.map((one) => formatPath(["spec", ...one]));
  const target = resolved(schemaAt(place.schema, first) ?? {});
  const isFree =
    value !== undefined && itemAt(place.spec, first) === undefined && typeProblem(value, target, true) === undefined;
  const isMeant = isFree && placesOf(nameOf(field), place.schema, DEEPEST_OF_ALL).length === 1;
  return {
    fix: `move it to ${shown.join(" or ")}, or remove it`,
    ...(isMeant && {
      fixes: [{ path: formatPath(["spec", ...path]) }, { path: formatPath(["spec", ...first]), value }],
    }),
  };
}

const MOST_PLACES = 2;
/** How far below an object a field is searched: `router.gateway` below the spec, `spec.rules` below `http`. */
const DEEPEST = 2;
/** The same where the name occurs once: `router.hostnames` for those of `route.http.spec`. */
const DEEPEST_BELOW = 3;

/**
 * Paths at which the schema has the name of a field: first below the object that holds it, then in the objects above.
 */
function placesNear(field: UnknownField, { schema, kind, behaviour }: UnknownPlace): PathStep[][] {
  const name = nameOf(field);
  const above = field.path.slice(0, -1);
  const starts = above.map((_, index) => above.slice(0, index)).reverse();
  const nearest = (start: readonly PathStep[], deepest: number): PathStep[][] => {
    const found = placesOf(name, schemaAt(schema, start) ?? {}, deepest);
    const highest = Math.min(...found.map(({ length }) => length));
    return found.filter(({ length }) => length === highest).map((steps) => [...start, ...steps]);
  };
  const below = nearest(above, DEEPEST);
  const beside = starts.map((start) => nearest(start, 0)).find((found) => found.length > 0) ?? [];
  if (below.length + beside.length > 0) return [...below, ...beside];
  // A name that many objects have means none of them.
  const isCommon = placesOf(name, schema, DEEPEST_OF_ALL).length > MOST_PLACES;
  const far = isCommon ? undefined : starts.map((start) => nearest(start, DEEPEST)).find((found) => found.length > 0);
  if (far !== undefined) return far;
  const isOwn = behaviour.shorthands && kind === "LLMInferenceService" && Object.hasOwn(serviceShorthands, name);
  return isOwn ? [[name]] : [];
}

/**
 * An unknown field of a workload, with suggestions from the shorthands, which are read before the API judges a
 * document.
 */
function withShorthands({ path, known }: UnknownField, kind: DocumentKind): UnknownField {
  const isService = path.length === 1;
  if (!isService && !(path.length === 2 && path[0] === "prefill")) return { path, known };
  const own = isService ? serviceShorthands : shorthands;
  const groups = isService && kind === "LLMInferenceService" ? serviceGroups : {};
  return { path, known: [...known, ...Object.keys(own), ...Object.keys(groups)] };
}
