import { ADDED_PLUGINS, ITEM_FIELDS } from "../../../knowledge/scheduler/configfields.ts";
import {
  handlerNeeds,
  mixedParameters,
  uncalledProfile,
  WHOLE_WEIGHTS,
} from "../../../knowledge/scheduler/handlers.ts";
import { otherNames, PLUGIN_TYPES } from "../../../knowledge/scheduler/plugins.ts";
import { isObject, type Json, type JsonObject, listOf, objectsOf } from "../../../kubernetes/json.ts";
import { nearest } from "../../../kubernetes/nearest.ts";
import type { CheckFinding } from "../check.ts";
import { type Judge, nameIn, type Plugin, pluginsOf } from "./configjudge.ts";

/** The profiles of a configuration: their names, and the plugins that they name. */
export function judgeProfiles(config: JsonObject, judge: Judge): CheckFinding[] {
  const profiles = listOf(config["schedulingProfiles"]);
  const names = objectsOf(profiles).flatMap(({ name }) => nameIn(name) ?? []);
  const twice = names.filter((name, i) => names.indexOf(name) !== i);
  return [
    ...judge.typed(config["schedulingProfiles"], "schedulingProfiles", "list"),
    ...[...new Set(twice)].map((name) =>
      judge.found(`has two profiles with the name ${name}`, "give each profile a different name"),
    ),
    ...profiles.flatMap((profile) => judgeProfile(profile, config, judge)),
  ];
}

function judgeProfile(profile: Json, config: JsonObject, judge: Judge): CheckFinding[] {
  if (!isObject(profile)) return judge.typed(profile, "an item of schedulingProfiles", "mapping");
  const isNamed = nameIn(profile["name"]) !== undefined || typeof (profile["name"] ?? "") !== "string";
  return [
    ...judge.typed(profile["name"], "the name of a profile", "text"),
    ...(isNamed ? [] : [judge.found("has a profile without a name", "set name of the profile")]),
    ...judge.typed(profile["plugins"], "the plugins of a profile", "list"),
    ...judge.fields(profile, ITEM_FIELDS.schedulingProfiles, "schedulingProfiles"),
    ...listOf(profile["plugins"]).flatMap((entry) => judgeEntry(entry, config, judge)),
  ];
}

function judgeEntry(entry: Json, config: JsonObject, judge: Judge): CheckFinding[] {
  if (!isObject(entry)) return judge.typed(entry, "an item of the plugins of a profile", "mapping");
  const { pluginRef, weight } = entry;
  const ref = nameIn(pluginRef);
  const isMissing = ref === undefined && typeof (pluginRef ?? "") === "string";
  return [
    ...judge.typed(pluginRef, "a pluginRef", "text"),
    ...(isMissing ? [judge.found("has an item of the plugins of a profile without a pluginRef", "set pluginRef")] : []),
    ...judge.typed(weight, `the weight of ${ref ?? "a plugin"}`, "number"),
    ...judgeWeight(weight, ref, judge),
    ...judge.fields(entry, ITEM_FIELDS.profilePlugins, "the plugins of a profile"),
    ...(ref === undefined ? [] : judgeRef(ref, config, judge)),
  ];
}

function judgeWeight(weight: Json | undefined, ref: string | undefined, judge: Judge): CheckFinding[] {
  const isPart = typeof weight === "number" && !Number.isInteger(weight);
  if (!isPart || judge.release === undefined || !judge.has(WHOLE_WEIGHTS)) return [];
  const message = `has the weight ${weight} of ${ref ?? "a plugin"}, but this release reads whole numbers only`;
  return [judge.found(message, "write all weights as whole numbers, such as ten times the values")];
}

function judgeRef(ref: string, config: JsonObject, judge: Judge): CheckFinding[] {
  const names = declared(config["plugins"]);
  if ([...names, ...declaredOnceCorrected(config["plugins"], judge)].includes(ref)) return [];
  const near = nearest(ref, names);
  // A plugin without a name has that of its type, so only a type can be added under the name of the reference.
  const type = judge.corrected(ref, PLUGIN_TYPES, otherNames(ref)[0]);
  const added = type === ref ? `add ${ref} to plugins` : addedAs(ref, type);
  const renamed = `write ${near} instead of ${ref}`;
  const isOther = type !== undefined && type !== ref;
  const fix = near === undefined ? added : isOther ? renamed : `${renamed}, or ${added}`;
  return [judge.found(`has the pluginRef ${ref}, but declares no plugin of that name`, fix, !ADDED_PLUGINS.has(ref))];
}

function addedAs(ref: string, type: string | undefined): string {
  return type === undefined
    ? `add a plugin with the name ${ref} to plugins`
    : `add ${type} to plugins, and write ${type} instead of ${ref}`;
}

/** The names by which profiles call plugins. */
function declared(plugins: unknown): string[] {
  return objectsOf(plugins).flatMap(({ name, type }) => nameIn(name) ?? nameIn(type) ?? []);
}

/** The names that plugins without a name have once their types are corrected as the findings say. */
function declaredOnceCorrected(plugins: unknown, judge: Judge): string[] {
  const types = objectsOf(plugins).flatMap(({ name, type }) =>
    nameIn(name) === undefined ? (nameIn(type) ?? []) : [],
  );
  return types.flatMap((type) => judge.corrected(type, PLUGIN_TYPES, otherNames(type)[0]) ?? []);
}

const HANDLER = /(?:^|-)profile-handler$/;
const SINGLE = "single-profile-handler";
const DATA_PARALLEL = "data-parallel-profile-handler";

/**
 * What chooses between profiles: for a single profile the scheduler adds a handler, and with several it exits without
 * one. Source: buildSchedulerConfig and ensureProfileHandler, pkg/epp/config/loader of llm-d-router and GIE.
 */
export function judgeHandlers(config: JsonObject, judge: Judge): CheckFinding[] {
  const plugins = pluginsOf(config);
  const handlers = plugins.filter(({ type }) => HANDLER.test(type));
  const [handler] = handlers;
  const profiles = objectsOf(config["schedulingProfiles"]).map(({ name }) => nameIn(name) ?? "");
  if (handlers.length > 1) {
    const shown = handlers.map(({ type }) => type).join(", ");
    return [judge.found(`has ${handlers.length} profile handlers: ${shown}`, `remove all but one of ${shown}`)];
  }
  // A plugin that is in no table may choose.
  const isKnown = plugins.every(({ type }) => PLUGIN_TYPES.has(type));
  const isOfOne = handler === undefined || handler.type === SINGLE || handler.type === DATA_PARALLEL;
  if (handler !== undefined && !isOfOne) return judgeNeeds(handler, { plugins, profiles, judge });
  if (profiles.length < 2 || !isKnown) return [];
  const fix =
    "add a plugin that chooses between them, such as disagg-profile-handler for prefill and decode, or keep one profile";
  const instead = `remove ${handler?.type}, and ${fix}`;
  const why = handler === undefined ? "no profile handler" : `${handler.type} handles only one`;
  return [judge.found(`has ${profiles.length} profiles, but ${why}`, handler === undefined ? fix : instead)];
}

interface Around {
  plugins: readonly Plugin[];
  profiles: readonly string[];
  judge: Judge;
}

/** The profiles and plugins that a handler calls by their names. */
function judgeNeeds(handler: Plugin, { plugins, profiles, judge }: Around): CheckFinding[] {
  const row = PLUGIN_TYPES.get(handler.type);
  if (row === undefined || !judge.has(row)) return [];
  const found: CheckFinding[] = [];
  const mixed = mixedParameters(handler);
  if (mixed.length > 0) {
    const message = `gives ${handler.name} parameters of two forms, which it refuses: ${mixed.join(", ")} together with profiles or deciders`;
    return [judge.found(message, `write ${mixed.join(", ")} as parts of profiles and deciders`)];
  }
  const uncalled = uncalledProfile(handler);
  if (uncalled !== undefined && profiles.includes(uncalled)) {
    const message = `has the profile ${uncalled}, but ${handler.name} has no decider, so no prompt goes to the prefill pods`;
    const fix = `add the plugin always-disagg-pd-decider in front of ${handler.name}, and set deciders.prefill of ${handler.name} to it`;
    found.push(judge.found(message, fix, false));
  }
  const needs = handlerNeeds(handler, judge.release);
  for (const { name, parameter, effect, isFatal, unlessAlone = false } of needs.profiles) {
    if (profiles.includes(name) || (unlessAlone && profiles.length === 1)) continue;
    const message = `has no profile ${name}, which ${handler.name} calls: ${effect}`;
    const fix = `add the profile ${name} to schedulingProfiles, or set ${parameter} of ${handler.name} to the name of another`;
    found.push(judge.found(message, fix, isFatal));
  }
  for (const { name, parameter, isDefault } of needs.plugins) {
    const at = plugins.findIndex((plugin) => plugin.name === name);
    const isLater = needs.readsInOrder && at > plugins.indexOf(handler);
    if (at >= 0 && !isLater) continue;
    const given = isDefault ? `${handler.name} calls by default` : `${parameter} of ${handler.name} names`;
    const message =
      at < 0
        ? `declares no plugin with the name ${name}, which ${given}`
        : `declares the plugin ${name} after ${handler.name}, which looks for it in the plugins before it`;
    found.push(
      judge.found(
        message,
        at < 0 ? `add ${name} to plugins, before ${handler.name}` : `move ${name} before ${handler.name}`,
      ),
    );
  }
  return found;
}
