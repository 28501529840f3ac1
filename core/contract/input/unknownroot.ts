import { serviceGroups, serviceShorthands } from "../../api/shorthands/shorthands.ts";
import {
  formatPath,
  isObject,
  itemAt,
  type Json,
  type JsonObject,
  objectOf,
  type PathStep,
} from "../../kubernetes/json.ts";
import { didYouMean, isSlip, nearest, removeBeside } from "../../kubernetes/nearest.ts";
import { isDirective } from "../../kubernetes/patch/directives.ts";
import type { StructuralSchema } from "../../kubernetes/schema/schema.ts";
import { resolved } from "../../kubernetes/schema/structural.ts";
import { typeProblem } from "../../kubernetes/schema/typecheck.ts";
import { entryOf } from "../../kubernetes/table.ts";
import type { Issue } from "../issues/issue.ts";
import type { Advice } from "./meantfield.ts";
import { adviceOf, issueOfUnknown, type UnknownPlace } from "./unknownfield.ts";

/** Every custom resource has these fields. Source: TypeMeta and ObjectMeta, k8s.io/apimachinery v0.35. */
const ROOT: StructuralSchema = {
  type: "object",
  properties: {
    apiVersion: { type: "string" },
    kind: { type: "string" },
    metadata: { $ref: "ObjectMeta" },
    spec: { type: "object" },
    status: { type: "object" },
  },
};

interface Part {
  path: readonly string[];
  schema: StructuralSchema;
}

/** The parts of a document around its spec: the path of each, and its schema. */
const PARTS: readonly Part[] = [
  { path: [], schema: ROOT },
  { path: ["metadata"], schema: { $ref: "ObjectMeta" } },
];

/**
 * The unknown fields at the root of a document and in its metadata, which the API server drops as it drops those of the
 * spec: fields of the spec that are written one level too far out, and misspelled names.
 */
export function unknownAround(document: JsonObject, written: unknown, place: UnknownPlace): Issue[] {
  const whole = isObject(written) ? written : document;
  return PARTS.flatMap((part) => {
    const { path } = part;
    const { properties = {} } = resolved(part.schema);
    const unknown = Object.keys(objectOf(itemAt(document, path))).filter(
      (name) =>
        !Object.hasOwn(properties, name) && !isDirective(name) && !isFree(name, itemAt(document, [...path, name])),
    );
    return unknown.map((name) => {
      const known = Object.keys(properties);
      const advice = slipAdvice(name, { part, known, whole }) ?? movedAdvice(name, { part, whole, place });
      const listed = advice ?? { fix: `remove it, or use one of: ${known.join(", ")}` };
      return issueOfUnknown([...path, name], listed, place);
    });
  });
}

/** Anchors of YAML, a field of former releases of Kubernetes, and values that the API server drops. */
function isFree(name: string, value: Json | undefined): boolean {
  return name.startsWith("x-") || name === "clusterName" || (value ?? null) === null;
}

/** A misspelled field of the same part. */
function slipAdvice(
  name: string,
  { part: { path, schema }, known, whole }: { part: Part; known: readonly string[]; whole: JsonObject },
): Advice | undefined {
  const near = nearest(name, known);
  if (near === undefined || !takes(resolved(schema), near, itemAt(whole, [...path, name]))) return undefined;
  const fix = itemAt(whole, [...path, near]) === undefined ? didYouMean(name, known) : removeBeside(name, near);
  return {
    ...(fix !== undefined && { fix }),
    ...(isSlip(name, near) && moved(whole, [...path, name], [...path, near])),
  };
}

/** The place of a field that is written at the wrong level: the other part, or the spec. */
function movedAdvice(
  name: string,
  { part, whole, place }: { part: Part; whole: JsonObject; place: UnknownPlace },
): Advice | undefined {
  const from = [...part.path, name];
  const value = itemAt(whole, from);
  const other = PARTS.find((one) => one !== part && takes(resolved(one.schema), name, value));
  if (other !== undefined) return moveAdvice(whole, from, [...other.path, name]);
  const own = place.behaviour.shorthands ? { ...serviceShorthands, ...serviceGroups } : {};
  if (Object.hasOwn(resolved(place.schema).properties ?? {}, name) || Object.hasOwn(own, name))
    return moveAdvice(whole, from, ["spec", name]);
  return inSpec(name, value, place, formatPath(from));
}

/** The advice for the same field in the spec, if it is to move it somewhere else. */
function inSpec(name: string, value: Json | undefined, place: UnknownPlace, from: string): Advice | undefined {
  const known = Object.keys(resolved(place.schema).properties ?? {});
  const spec = { ...objectOf(place.spec), ...(value !== undefined && { [name]: value }) };
  const { fix = "", fixes } = adviceOf({ path: [name], known }, { ...place, spec });
  if (!/^move it to /.test(fix)) return undefined;
  const ofSpec = formatPath(["spec", name]);
  return { fix, ...(fixes && { fixes: fixes.map((one) => (one.path === ofSpec ? { ...one, path: from } : one)) }) };
}

function moveAdvice(whole: JsonObject, from: readonly PathStep[], to: readonly PathStep[]): Advice {
  return { fix: `move it to ${formatPath(to)}`, ...moved(whole, from, to) };
}

/** The edits that move a value; none if the other place has a value, because it is unclear which of the two is meant. */
function moved(whole: JsonObject, from: readonly PathStep[], to: readonly PathStep[]): Pick<Advice, "fixes"> {
  const value = itemAt(whole, from);
  if (value === undefined || itemAt(whole, to) !== undefined) return {};
  return { fixes: [{ path: formatPath(from) }, { path: formatPath(to), value }] };
}

/** Whether a part has a field of that name that takes the value. */
function takes(schema: StructuralSchema, name: string, value: Json | undefined): boolean {
  const field = entryOf(schema.properties ?? {}, name);
  return field !== undefined && typeProblem(value ?? null, resolved(field), true) === undefined;
}
