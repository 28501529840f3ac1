import { type AcceleratorClass, accelerator, acceleratorClass } from "../../api/shorthands/accelerator.ts";
import type { Issue } from "../../contract/issues/issue.ts";
import type { LoweringContext } from "../../contract/lowering.ts";
import { ACCELERATORS, acceleratorNamed, CPUS, familyOf } from "../../knowledge/accelerators/accelerators.ts";
import { NODE_LABELS } from "../../knowledge/accelerators/catalogue.ts";
import { isObject, type Json, type JsonObject } from "../../kubernetes/json.ts";
import { nearest } from "../../kubernetes/nearest.ts";
import { entryOf } from "../../kubernetes/table.ts";
import { readBy } from "./fromzod.ts";
import type { Reading } from "./reading.ts";

/** The class that `accelerator` names: one of the platform, of the catalogue, or one that is written out. */
export function readAccelerator(
  value: Json | undefined,
  path: string,
  layer: string,
  context: LoweringContext,
): Reading<AcceleratorClass | undefined> {
  if (value === undefined || value === null) return { value: undefined, issues: [] };
  const place = { path, layer };
  if (Array.isArray(value)) return { value: undefined, issues: readBy(accelerator, value, place).issues };
  if (typeof value !== "string") {
    const named = isObject(value) ? namedIn(value, context) : undefined;
    if (named !== undefined) return { value: undefined, issues: [notByName(named, path, layer)] };
    return readBy(acceleratorClass, value, place);
  }
  const own = entryOf(context.accelerators, value);
  if (own !== undefined) return { value: own, issues: [] };
  const found = acceleratorNamed(value, context.nodeLabels);
  if (found === undefined) return { value: found, issues: [unknownAccelerator(value, path, layer, context)] };
  return { value: found, issues: isUnlabelled(found) ? [noLabel(value, path, layer, context)] : [] };
}

/** A class that a mapping names without describing it: {type: nvidia-l40s, count: 2}. */
interface Named {
  name: string;
  /** The number of devices, which is not part of a class. */
  count?: number;
  /** Whether the mapping says nothing else. */
  isAlone: boolean;
}

function namedIn(value: JsonObject, { accelerators }: LoweringContext): Named | undefined {
  const others = Object.entries(value).filter(([key]) => !Object.hasOwn(acceleratorClass.shape, key));
  const isKnown = (one: Json | undefined): one is string =>
    typeof one === "string" && (entryOf(accelerators, one) ?? acceleratorNamed(one)) !== undefined;
  const names = others.map(([, one]) => one).filter(isKnown);
  const [name, ...more] = names;
  if (name === undefined || more.length > 0 || Object.hasOwn(value, "resource")) return undefined;
  const count = others.map(([, one]) => one).find((one) => typeof one === "number");
  return { name, ...(count !== undefined && { count }), isAlone: Object.keys(value).length === 1 };
}

function notByName({ name, count, isAlone }: Named, path: string, layer: string): Issue {
  const devices =
    count === undefined ? "" : `, and the number of devices as parallelism, for example {tensor: ${count}}`;
  return {
    code: "WrongType",
    severity: "error",
    path,
    layer,
    message: "the mapping names an accelerator class, but has none of the fields of a class",
    fix: `write the name of the class, ${name}${devices}`,
    ...(isAlone && layer === "service" && { fixes: [{ path, value: name }] }),
  };
}

/**
 * The resource by which Kubernetes counts the accelerator of a document; undefined if the document names no known one.
 */
export function resourceOf(value: Json | undefined, { accelerators }: LoweringContext): string | undefined {
  if (isObject(value)) return typeof value["resource"] === "string" ? value["resource"] : undefined;
  if (typeof value !== "string") return undefined;
  return (entryOf(accelerators, value) ?? acceleratorNamed(value))?.resource;
}

/** A pod without a node selector would be scheduled on any node that has the resource. */
function isUnlabelled({ resource, nodeSelector = {} }: AcceleratorClass): boolean {
  return resource !== "cpu" && Object.keys(nodeSelector).length === 0;
}

function noLabel(name: string, path: string, layer: string, { nodeLabels = "gpu-operator" }: LoweringContext): Issue {
  const others = NODE_LABELS.filter((who) => acceleratorNamed(name, who)?.nodeSelector !== undefined);
  const shownLabels = typeof nodeLabels === "string" ? nodeLabels : JSON.stringify(nodeLabels);
  const known = others.length > 0 ? `set nodeLabels to ${others.join(" or ")}, or ` : "";
  return {
    code: "NoNodeLabel",
    severity: "error",
    path,
    layer,
    message: `no node label identifies ${name} when nodeLabels is ${shownLabels}, so the pods could run on any accelerator with the same resource`,
    fix: `${known}write the accelerator class with the labels of your nodes: {resource, nodeSelector, memoryGiB}`,
  };
}

function unknownAccelerator(name: string, path: string, layer: string, context: LoweringContext): Issue {
  const own = Object.keys(context.accelerators ?? {});
  const whole = ACCELERATORS.filter((one) => !one.includes("-mig-"));
  const near = nearestAccelerator(name, [...own, ...ACCELERATORS]);
  const ofKind = whole.filter((one) => one.split("-").includes(name.toLowerCase()));
  const possible = ofKind.length > 0 ? ofKind : whole;
  const others = [...own, ...possible.filter((one) => near === undefined || familyOf(one) === familyOf(near))];
  const listed = others.filter((one) => one !== near).join(", ");
  const fix =
    near === undefined
      ? `use one of: ${listed}${ofKind.length > 0 ? "" : "; NAME-mig-PROFILE for a MIG slice"}`
      : `did you mean ${near}?${listed === "" ? " Otherwise" : ` Otherwise use one of: ${listed};`}`;
  return {
    code: "UnknownAccelerator",
    severity: "error",
    path,
    layer,
    message: `the catalogue has no accelerator ${JSON.stringify(name)}`,
    fix: `${fix}${near === undefined ? "; or" : listed === "" ? "" : " or"} write the accelerator class: {resource, nodeSelector, memoryGiB}`,
  };
}

/**
 * A misspelled name; otherwise the class with the longest common beginnings of the words of its model: `h100-sxm` and
 * `nvidia-h1000` mean an H100, and `h100-80gb` the one with 80 GB.
 */
function nearestAccelerator(name: string, known: readonly string[]): string | undefined {
  const near = nearest(name, known);
  // `gpu` and `tpu` are as near to `cpu` as a misspelling, but mean something else.
  const slip = near !== undefined && CPUS.includes(near) && near[0] !== name[0]?.toLowerCase() ? undefined : near;
  const wanted = modelWords(name.slice(0, LONGEST));
  const alike = (one: string): number => {
    const words = modelWords(one);
    const common = wanted.map((word) => Math.max(0, ...words.map((other) => commonPrefix(other, word))));
    return Math.max(0, ...common) < 2 ? 0 : common.reduce((sum, length) => sum + length, 0);
  };
  const best = Math.max(0, ...known.map(alike));
  return best === 0 || (slip !== undefined && alike(slip) === best) ? slip : known.find((one) => alike(one) === best);
}

/** The longest part of a name that may be in the catalogue. */
const LONGEST = 100;

/** The words of a name that have a digit: models and sizes, not vendors. */
function modelWords(name: string): string[] {
  return name
    .toLowerCase()
    .split(/[-_ ]/)
    .filter((word) => /\d/.test(word));
}

function commonPrefix(one: string, other: string): number {
  const differs = [...one].findIndex((letter, i) => other[i] !== letter);
  return differs < 0 ? one.length : differs;
}
