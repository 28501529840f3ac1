import { type Operations, switchOf } from "../../api/shorthands/operations.ts";
import type { GroupPlan, Plan } from "../../contract/plan.ts";
import { shownValue } from "../../knowledge/masked.ts";
import { asText, isObject, type Json } from "../../kubernetes/json.ts";
import { isOfGroup } from "../groups.ts";
import type { Leaves } from "../leaves.ts";
import { matchesField } from "./field.ts";
import { type Stages, stagesOf } from "./stages.ts";
import { type ExplainedLayer, explainedLayers } from "./written.ts";

/** How a value came to be. The closed set; docs/cli.md explains each. */
type Rule = "merge" | "template" | "accelerator" | "tuning" | "derive" | "completion" | "defaults" | "autoscaler";

/** One leaf of the merged spec. */
export interface Explained {
  /** The path in the spec; items of lists by their merge key, flags by their name. */
  path: string;
  value: Json;
  /**
   * The layer that set it: `preset NAME`, `config NAMESPACE/NAME`, `service`; `derived` and `completed` are the plan's
   * own.
   */
  layer: string;
  rule: Rule;
  /** The template that produced the value. */
  written?: Json;
  /** The layers whose values it replaced, latest first; null if that layer deleted it. */
  overrode: LayerValue[];
}

export interface LayerValue {
  layer: string;
  /** How it came into that layer, if it was not written there. */
  rule?: Exclude<Rule, "merge">;
  value: Json;
}

/** The names of the plan's own stages where a layer is named. */
export const DERIVED = "derived";
export const COMPLETED = "completed";

/**
 * Where every leaf of the merged spec came from, or the leaves below a field. A refused plan is explained as far as it
 * got; the result is empty if its layers were not merged, and for a field that does not exist.
 */
export function explain(plan: Plan, field?: string): Explained[] {
  return explained(plan, field).map(shownRow);
}

/** The same with the text of credentials, for comparisons. */
export function explained(plan: Plan, field?: string): Explained[] {
  const { spec, trace, operations, groups } = plan;
  if (groups !== undefined) return explainGroups(groups, field);
  if (trace === undefined) return [];
  const layers = explainedLayers(trace, plan.appliedConfigs);
  const stages = stagesOf({ trace, spec });
  const { final } = stages;
  const story: Story = { layers, stages };
  const isAsked = (path: string): boolean => field === undefined || matchesField(path, field);
  return [
    ...[...final.keys()].filter(isAsked).map((path) => explainLeaf(path, story)),
    ...autoscaled({ layers, final, operations }).filter(({ path }) => isAsked(path)),
  ].map(withoutAgreement);
}

function shownRow({ overrode, ...row }: Explained): Explained {
  const { path, written } = row;
  const own = { ...row, value: shownValue(path, row.value), overrode: shownValues(path, overrode) };
  return written === undefined ? own : { ...own, written: shownValue(path, written) };
}

export function shownValues(path: string, given: readonly LayerValue[]): LayerValue[] {
  return given.map((one) => ({ ...one, value: shownValue(path, one.value) }));
}

/** The fields of each replica group below its name, and the shared fields once. */
function explainGroups(groups: readonly GroupPlan[], field: string | undefined): Explained[] {
  const [first] = groups;
  const isAsked = (path: string): boolean => field === undefined || matchesField(path, field);
  const shared =
    first === undefined ? [] : explained(first.plan).filter(({ path }) => !isOfGroup(path) && isAsked(path));
  const own = groups.flatMap(({ name, plan }) =>
    explained(plan)
      .filter(({ path }) => isOfGroup(path))
      .map((leaf) => ({ ...leaf, path: `groups.${name}.${leaf.path}`, inside: leaf.path }))
      .filter(({ path, inside }) => isAsked(path) || isAsked(inside))
      .map(({ inside: _asked, ...leaf }) => leaf),
  );
  return [...shared, ...own];
}

/** A layer with the same value as the current one is not overridden. */
function withoutAgreement(row: Explained): Explained {
  const { value, written = value, overrode } = row;
  return { ...row, overrode: overrode.filter((one) => !sameValue(one.value, written)) };
}

interface Story {
  layers: readonly ExplainedLayer[];
  stages: Stages;
}

/** From the last stage back to the layers: the latest one that produced the current value names the rule. */
function explainLeaf(path: string, story: Story): Explained {
  const { layers, stages } = story;
  const value = stages.final.get(path) ?? null;
  const before = stages.pathBefore(path);
  const setters = settersOf(before, layers);
  if (!sameValue(value, stages.expanded.get(path))) {
    return { path, value, layer: COMPLETED, rule: "completion", overrode: valuesIn(setters, before) };
  }
  const { top, below } = topOf(path, before, setters, story);
  const written = stages.derived.get(before);
  if (!sameValue(value, written)) {
    return {
      path,
      value,
      layer: top.label,
      rule: "template",
      ...(written !== undefined && { written }),
      overrode: valuesIn(below, before),
    };
  }
  if (!sameValue(value, stages.merged.get(before))) {
    return { path, value, layer: DERIVED, rule: "derive", overrode: valuesIn(setters, before) };
  }
  return { path, value, layer: top.label, rule: top.originOf(before), overrode: valuesIn(below, before) };
}

/** The layers that set a leaf, latest first. */
function settersOf(path: string, layers: readonly ExplainedLayer[]): ExplainedLayer[] {
  return layers.filter(({ leaves }) => leaves.has(path)).reverse();
}

/** The values of those layers, in their order. */
export function valuesIn(layers: readonly ExplainedLayer[], path: string): LayerValue[] {
  return layers.flatMap(({ label, leaves, originOf }) => {
    const value = leaves.get(path);
    if (value === undefined) return [];
    const rule = originOf(path);
    return [{ layer: label, ...(rule !== "merge" && { rule }), value }];
  });
}

/**
 * The layer that counts as the origin of a leaf: the latest layer that has it, otherwise the latest that has a value at
 * its path.
 */
function topOf(
  path: string,
  before: string,
  setters: readonly ExplainedLayer[],
  { layers, stages: { final } }: Story,
): { top: Pick<ExplainedLayer, "label" | "originOf">; below: readonly ExplainedLayer[] } {
  const speaking = before === "model.name" ? withoutGiven(before, setters) : setters;
  const top = speaking.find(({ leaves }) => leaves.get(before) !== null);
  if (top !== undefined) return { top, below: speaking.slice(speaking.indexOf(top) + 1) };
  const rule = ruleOfUnset(final.get(path));
  for (let holder = path; holder !== ""; holder = parentOf(holder)) {
    const found = layers.findLast(({ leaves }) => [...leaves.keys()].some((leaf) => isBelow(leaf, holder)));
    if (found !== undefined) return { top: { label: found.label, originOf: () => rule }, below: [] };
  }
  return { top: { label: "defaults", originOf: () => rule }, below: [] };
}

/**
 * A map or list that layers have emptied comes from the merge; any other value that no layer has is a default of
 * KServe's types.
 */
function ruleOfUnset(value: Json | undefined): "merge" | "defaults" {
  return Array.isArray(value) || isObject(value) ? "merge" : "defaults";
}

/** The default name of a service counts as a config's if the config has the same value. */
function withoutGiven(path: string, setters: readonly ExplainedLayer[]): readonly ExplainedLayer[] {
  const [service, config] = setters;
  const isGiven = service?.originOf(path) === "defaults" && config?.leaves.get(path) === service.leaves.get(path);
  return isGiven ? setters.slice(1) : setters;
}

function parentOf(path: string): string {
  const cut = Math.max(path.lastIndexOf("."), path.lastIndexOf("["));
  return cut < 0 ? "" : path.slice(0, cut);
}

function isBelow(leaf: string, holder: string): boolean {
  return leaf.startsWith(holder) && (leaf.length === holder.length || ".[".includes(leaf.charAt(holder.length)));
}

interface Scaled {
  layers: readonly ExplainedLayer[];
  final: Leaves;
  operations?: Operations;
}

/**
 * For a number of pods that an autoscaler owns: the layer that set the autoscaler, and the fixed numbers that it
 * replaced.
 */
export function autoscaled({ layers, final, operations }: Scaled): Explained[] {
  const idle = switchOf(operations?.scaleToZero) !== undefined ? "0 while idle, then " : "";
  return ["", "prefill."].flatMap((role): Explained[] => {
    const most = final.get(`${role}scaling.maxReplicas`);
    if (most === undefined) return [];
    const path = `${role}replicas`;
    const [top] = settersOf(`${role}scaling.maxReplicas`, layers);
    const value = `${idle}${asText(final.get(`${role}scaling.minReplicas`) ?? 1)} to ${asText(most)}`;
    const overrode = valuesIn(settersOf(path, layers), path);
    return [{ path, value, layer: top?.label ?? "defaults", rule: "autoscaler", overrode }];
  });
}

function sameValue(one: Json, other: Json | undefined): boolean {
  return one === other || (typeof one === "object" && JSON.stringify(one) === JSON.stringify(other));
}
