import type { GroupPlan, Plan } from "../../contract/plan.ts";
import { allFlags, flagName, flagNamed } from "../../knowledge/engine/flags/flags.ts";
import { shownValue } from "../../knowledge/masked.ts";
import type { Json } from "../../kubernetes/json.ts";

import { didYouMean } from "../../kubernetes/nearest.ts";
import { isOfGroup } from "../groups.ts";
import { autoscaled, COMPLETED, DERIVED, type Explained, type LayerValue, shownValues, valuesIn } from "./explain.ts";
import { matchesField } from "./field.ts";
import { stagesOf } from "./stages.ts";
import { explainedLayers } from "./written.ts";

/**
 * What happened to a flag or field that a user asks about: at each path, the value of every layer and the resulting
 * value.
 */
export interface WhyNot {
  asked: string;
  /** The value that was wanted, if the question named one. */
  wanted?: string;
  places: WhyNotPlace[];
  /** The answer in one sentence. */
  answer: string;
}

interface WhyNotPlace {
  path: string;
  /** The values of the layers and stages, lowest precedence first; null deletes. */
  values: LayerValue[];
  /** The value in the merged spec; undefined if there is none. */
  holds?: Json;
}

/**
 * Why a flag (`--max-model-len`, `--max-model-len=8192`) or a field (`template.nodeSelector`) does not have the value
 * that a user wants. Flags are searched in every command line of the spec.
 */
export function whyNot(plan: Plan, question: string): WhyNot {
  const { asked, wanted, isAsked } = readQuestion(question);
  const read = plan.groups === undefined ? placesOf(plan, isAsked) : placesOfGroups(plan.groups, isAsked);
  const places = read.map(shownPlace);
  // Whether a credential is the wanted one is not answered.
  const isHidden = JSON.stringify(places) !== JSON.stringify(read);
  const common = { asked, ...(wanted !== undefined && !isHidden && { wanted }), places };
  return { ...common, answer: answerOf(common, plan) };
}

function shownPlace({ path, values: given, holds }: WhyNotPlace): WhyNotPlace {
  const shown = { path, values: shownValues(path, given) };
  return holds === undefined ? shown : { ...shown, holds: shownValue(path, holds) };
}

interface Question {
  asked: string;
  wanted?: string;
  isAsked(path: string): boolean;
}

function readQuestion(question: string): Question {
  const [, name = question, wanted] = /^((?:[^=[\]]|\[[^\]]*\])+)=(.*)$/s.exec(question) ?? [];
  const asksFlag = /^-/.test(name) || flagNamed(flagName(name)) !== undefined;
  const value = wanted === undefined ? {} : { wanted };
  if (!asksFlag) return { asked: name, ...value, isAsked: (path) => matchesField(path, name) };
  const flag = `--${flagName(name)}`;
  const negates = /^--no[-_]/.test(name) && wanted === undefined ? { wanted: "false" } : value;
  return { asked: flag, ...negates, isAsked: (path) => path.endsWith(`[${flag}]`) };
}

/** The places in each replica group below its name, and the shared places once. */
function placesOfGroups(groups: readonly GroupPlan[], isAsked: Question["isAsked"]): WhyNotPlace[] {
  return groups.flatMap(({ name, plan }, index) => {
    const named = (path: string): string => (isOfGroup(path) ? `groups.${name}.${path}` : path);
    const places = placesOf(plan, (path) => isAsked(path) || isAsked(named(path)));
    return places
      .filter(({ path }) => index === 0 || isOfGroup(path))
      .map((place) => ({ ...place, path: named(place.path) }));
  });
}

function placesOf({ trace, spec, appliedConfigs, operations }: Plan, isAsked: Question["isAsked"]): WhyNotPlace[] {
  if (trace === undefined) return [];
  const layers = explainedLayers(trace, appliedConfigs);
  const stages = stagesOf({ trace, spec });
  const { final } = stages;
  const sources = [...layers.map(({ leaves }) => leaves), stages.derived, final];
  const paths = new Set(sources.flatMap((leaves) => [...leaves.keys()].filter(isAsked)));
  const scaled = new Map(autoscaled({ layers, final, operations }).map((row) => [row.path, row]));
  return [...paths].map((path): WhyNotPlace => {
    const owner = scaled.get(path);
    if (owner !== undefined) return ownedByAutoscaler(owner);
    const before = stages.pathBefore(path);
    const given = valuesIn(layers, before);
    const derived = differs(stages.merged.get(before), stages.derived.get(before));
    const completed = differs(stages.expanded.get(path), final.get(path));
    const holds = final.get(path);
    return {
      path,
      values: [...given, ...valuesOfStage(DERIVED, derived), ...valuesOfStage(COMPLETED, completed)],
      ...(holds !== undefined && { holds }),
    };
  });
}

/** If an autoscaler decides the number of pods, the spec does not set it. */
function ownedByAutoscaler({ path, value, layer, rule, overrode }: Explained): WhyNotPlace {
  return { path, values: [...overrode.toReversed(), { layer, rule: rule as "autoscaler", value }], holds: value };
}

function valuesOfStage(layer: string, value: Json | undefined): LayerValue[] {
  return value === undefined ? [] : [{ layer, value }];
}

/** The result of a stage for a value: undefined if the stage did not change it. */
function differs(before: Json | undefined, after: Json | undefined): Json | undefined {
  return JSON.stringify(before) === JSON.stringify(after) ? undefined : (after ?? null);
}

function answerOf({ asked, wanted, places }: Omit<WhyNot, "answer">, plan: Plan): string {
  if (plan.trace === undefined) return "the plan failed before its layers were merged; see its errors";
  if (places.length === 0) {
    const known = asked.startsWith("--") ? allFlags().map((flag) => `--${flag}`) : [];
    const hint = known.includes(asked) ? undefined : didYouMean(asked, known);
    return `no layer sets ${asked}${hint === undefined ? "" : `; ${hint}`}`;
  }
  return places.map((place) => answerFor(place, wanted)).join("; ");
}

function answerFor({ path, values: given, holds }: WhyNotPlace, wanted: string | undefined): string {
  const last = given.at(-1);
  if (holds === undefined) return `${path} is not set: ${lossOf(given)}`;
  const shown = text(holds);
  if (wanted !== undefined && shown !== wanted) {
    const asker = given.findLast(({ value }) => text(value) === wanted);
    const by = asker === undefined ? `no layer sets ${wanted}` : `${sourceOf(asker)} sets ${wanted} but is overridden`;
    return `${path} is ${shown}, not ${wanted}: ${last ? sourceOf(last) : "no layer"} sets it, ${by}`;
  }
  const others = given.slice(0, -1).map((one) => `${text(one.value)} of ${sourceOf(one)}`);
  return `${path} is ${shown}, set by ${last ? sourceOf(last) : "no layer"}${others.length > 0 ? ` over ${others.join(", ")}` : ""}`;
}

/** A value that a layer set and that is gone: deleted by name, or with the list or map that contained it. */
function lossOf(given: readonly LayerValue[]): string {
  const last = given.at(-1);
  if (last?.value === null) return `${last.layer} deletes it`;
  return `${given.map((one) => `${sourceOf(one)} sets ${text(one.value)}`).join(", ")}, but a later layer replaces the field that contains it`;
}

/** A layer, with the shorthand or default through which it sets the value. */
export function sourceOf({ layer, rule }: LayerValue): string {
  return rule === undefined ? layer : `${layer} (${rule})`;
}

/** A value as people write it. */
export function text(value: Json): string {
  if (value === null) return "deleted";
  return typeof value === "string" ? value : JSON.stringify(value);
}
