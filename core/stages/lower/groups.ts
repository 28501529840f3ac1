import { specSchema } from "../../api/schemas.ts";
import { configSpec } from "../../api/service.ts";
import { GROUP_FIELDS } from "../../api/shorthands/shorthands.ts";
import type { Behaviour } from "../../contract/behaviour.ts";
import { inOneGroup } from "../../contract/grouped.ts";
import { unknownField } from "../../contract/input/unknownfield.ts";
import type { Issue } from "../../contract/issues/issue.ts";
import type { LoweringContext } from "../../contract/lowering.ts";
import { ENGINE_TITLE, engineOf } from "../../knowledge/engine/engines.ts";
import { labelProblem } from "../../kubernetes/dns.ts";
import { formatPath, isObject, type Json, type JsonObject, objectOf } from "../../kubernetes/json.ts";
import { entryOf } from "../../kubernetes/table.ts";
import { sharedAccelerator } from "./lower.ts";
import type { Reading } from "./reading.ts";

/** A replica group as it is written, and its service. */
export interface WrittenGroup {
  name: string;
  /** A document of the fields that the group itself sets. */
  own: JsonObject;
  /** The service without its groups, and without the fields that this group replaces. */
  service: JsonObject;
  /** The service as if this group were the only one. */
  written: JsonObject;
}

const GROUPS = "groups";
const RUNTIME = "runtime";
const LAYER = "service";
/** Leaves room for the service's name: names of objects have at most 63 characters. */
const LONGEST = 24;
/** The suffixes of the names of a service's other workloads, after `-kserve-`. */
const TAKEN = ["prefill", "mn", "router-scheduler"];
/** Fields that describe hardware as a whole: a group that sets one inherits none of them. */
const HARDWARE = ["accelerator", "network"];
/** Fields that are divided among the groups. */
const PER_GROUP = ["replicas", "scaling"];
const SERVICE_FIELDS = [...Object.keys(configSpec.shape), "operations"];

/**
 * A service without its replica groups, and each of the groups. A document without groups is returned as the same
 * object.
 */
export function readGroups(
  document: unknown,
  context: LoweringContext,
  behaviour: Behaviour,
): { document: unknown; groups: WrittenGroup[]; issues: Issue[] } {
  if (!isObject(document) || !isObject(document["spec"])) return { document, groups: [], issues: [] };
  if (document["spec"][GROUPS] === undefined) return { document, groups: [], issues: [] };
  const { [GROUPS]: given, ...spec } = document["spec"];
  const base = { ...document, spec };
  if (given === null) return { document: base, groups: [], issues: [] };
  if (!isObject(given)) {
    const issue = problem([], "WrongType", "a mapping of names to replica groups was expected", "write NAME: { … }");
    return { document: base, groups: [], issues: [issue] };
  }
  const names = Object.keys(given);
  if (names.length === 0) {
    const issue = problem(
      [],
      "InvalidValue",
      "groups is empty, so the service would have no pods",
      "add a group, or remove groups",
    );
    return { document: base, groups: [], issues: [issue] };
  }
  const read = Object.entries(given).map(([name, group]) => readGroup({ name, group, names }, spec, behaviour));
  return {
    document: base,
    groups: read.flatMap(({ value }) => (value === undefined ? [] : groupOf(base, value, context))),
    issues: [
      ...read.flatMap(({ issues }) => issues),
      ...sharedOut(spec),
      ...otherEngines(spec, given),
      ...unusedHardware(spec, Object.values(given), context),
    ],
  };
}

function problem(path: readonly string[], code: Issue["code"], message: string, fix: string): Issue {
  return { code, severity: "error", path: formatPath(["spec", GROUPS, ...path]), layer: LAYER, message, fix };
}

interface NamedFields {
  name: string;
  fields: JsonObject;
}

interface GivenGroup {
  name: string;
  group: Json | undefined;
  /** The names of all groups. */
  names: readonly string[];
}

function readGroup(
  { name, group, names }: GivenGroup,
  service: JsonObject,
  behaviour: Behaviour,
): Reading<NamedFields | undefined> {
  const why = nameProblem(name, names);
  const ofName =
    why === undefined
      ? []
      : [
          problem(
            [name],
            "InvalidValue",
            `the group cannot be called ${JSON.stringify(name)}: ${why}`,
            "choose another name",
          ),
        ];
  if (!isObject(group)) {
    const issue = problem([name], "WrongType", "a mapping was expected", "write the fields of the group, or {}");
    return { value: undefined, issues: [...ofName, issue] };
  }
  const fields = Object.entries(group).filter(([field]) => GROUP_FIELDS.includes(field));
  const unknown = Object.keys(group).filter((field) => !GROUP_FIELDS.includes(field));
  return {
    value: { name, fields: Object.fromEntries(fields) },
    issues: [
      ...ofName,
      ...unknown.map((field) =>
        SERVICE_FIELDS.includes(field)
          ? sharedField(name, field)
          : ofNoGroup(field, { name, group, service, behaviour }),
      ),
    ],
  };
}

/** Why a group cannot have its name: the names of its objects would clash with others, or be invalid in Kubernetes. */
function nameProblem(name: string, names: readonly string[]): string | undefined {
  if (name.length > LONGEST) return `it has more than ${LONGEST} characters`;
  const invalid = labelProblem(name);
  if (invalid !== undefined) return invalid;
  if (TAKEN.includes(name) || name.startsWith("mn-")) return "other workloads of a service have this name";
  // The names of the pods of a LeaderWorkerSet, and of the StatefulSets of its groups, end in their number.
  const end = name.lastIndexOf("-");
  const isNumbered = end > 0 && isNumber(name.slice(end + 1));
  const other = name.slice(0, end);
  if (isNumbered && TAKEN.includes(other)) return `pods of ${other} may have this name`;
  if (isNumbered && names.includes(other)) return `pods of the group ${other} may have this name`;
  return isNumber(name) ? "pods of a service without groups may have this name" : undefined;
}

function isNumber(text: string): boolean {
  return [...text].every((character) => character >= "0" && character <= "9");
}

function sharedField(group: string, field: string): Issue {
  const message = `a replica group has no field ${field}: spec.${field} applies to all groups`;
  return problem([group, field], "UnknownField", message, `write it as spec.${field}`);
}

interface GroupOfField {
  name: string;
  group: JsonObject;
  service: JsonObject;
  behaviour: Behaviour;
}

/** A field that neither a group nor a service has, with the advice that the same field of a service would get. */
function ofNoGroup(field: string, { name, group, service, behaviour }: GroupOfField): Issue {
  const pods = Object.fromEntries(Object.entries(service).filter(([one]) => OF_PODS.includes(one)));
  const place = { spec: { ...pods, ...group }, schema: specSchema(KIND, { dialect: behaviour.dialect }) };
  const found = { path: [field], known: [...GROUP_FIELDS] };
  const issue = unknownField(found, { ...place, kind: KIND, part: "group", layer: LAYER, behaviour });
  return inOneGroup(issue, name);
}

const KIND = "LLMInferenceService";
/** Fields of the service that decide which pods a group has. */
const OF_PODS = ["baseRefs", "worker"];

/** A number on the service could be meant for each group or for all of them together. */
function sharedOut(spec: JsonObject): Issue[] {
  return PER_GROUP.filter((field) => (entryOf(spec, field) ?? null) !== null).map(
    (field): Issue => ({
      code: "Conflict",
      severity: "error",
      path: `spec.${field}`,
      layer: LAYER,
      message: `${field} and groups exclude each other: each replica group has its own ${field}`,
      fix: `remove it, and set ${field} in each group`,
    }),
  );
}

/** Prefill belongs to all groups, and its KV blocks have the format of its own engine, which no other engine reads. */
function otherEngines(spec: JsonObject, groups: JsonObject): Issue[] {
  if (!isObject(spec["prefill"])) return [];
  const own = engineOf(spec);
  return Object.entries(groups).flatMap(([name, group]) => {
    if (!isObject(group) || entryOf(group, RUNTIME) === undefined) return [];
    const engine = engineOf(group);
    if (engine === own) return [];
    const message = `all replica groups share prefill, which runs ${ENGINE_TITLE[own]}, but ${ENGINE_TITLE[engine]} cannot read the KV blocks of ${ENGINE_TITLE[own]}`;
    return [problem([name, RUNTIME], "Conflict", message, "remove it, or use a service for each engine")];
  });
}

/** Hardware of the service on which neither a group nor prefill runs. */
function unusedHardware(spec: JsonObject, groups: readonly (Json | undefined)[], context: LoweringContext): Issue[] {
  const says = (one: Json | undefined, field: string): boolean => isObject(one) && entryOf(one, field) !== undefined;
  return HARDWARE.filter((field) => (entryOf(spec, field) ?? null) !== null && groups.every((one) => says(one, field)))
    .filter((field) => field !== "accelerator" || !isObject(spec["prefill"]) || !sharesAccelerator(spec, context))
    .map(
      (field): Issue => ({
        code: "UnusedField",
        severity: "warning",
        path: `spec.${field}`,
        layer: LAYER,
        message: `${field} has no effect: every replica group has its own`,
        fix: "remove it",
        fixes: [{ path: `spec.${field}` }],
      }),
    );
}

function sharesAccelerator(spec: JsonObject, context: LoweringContext): boolean {
  return sharedAccelerator(spec, objectOf(spec["prefill"]), context) !== undefined;
}

function groupOf(base: JsonObject, { name, fields }: NamedFields, context: LoweringContext): WrittenGroup {
  const spec = objectOf(base["spec"]);
  const replaced = HARDWARE.filter((field) => entryOf(fields, field) !== undefined);
  const kept = Object.entries(spec).filter(([field]) => !replaced.includes(field));
  const { prefill, tuning } = spec;
  // Prefill belongs to the service, and so does the accelerator that it shares.
  const shared =
    isObject(prefill) && replaced.includes("accelerator") ? sharedAccelerator(spec, prefill, context) : undefined;
  const service = {
    ...Object.fromEntries(kept),
    ...(isObject(prefill) && shared !== undefined && { prefill: { ...prefill, accelerator: shared } }),
  };
  const tuned = isObject(tuning) && isObject(fields["tuning"]) ? { tuning: { ...tuning, ...fields["tuning"] } } : {};
  return {
    name,
    own: { ...base, spec: fields },
    service: { ...base, spec: service },
    written: { ...base, spec: { ...service, ...fields, ...tuned } },
  };
}
