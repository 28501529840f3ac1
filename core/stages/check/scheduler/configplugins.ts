import { PLUGIN } from "../../../knowledge/scheduler/config.ts";
import { ITEM_FIELDS } from "../../../knowledge/scheduler/configfields.ts";
import {
  countingParameter,
  hashedParameter,
  type ParameterFault,
  parameterFaults,
  placeOfCounter,
  readsParameters,
  refusedAlone,
} from "../../../knowledge/scheduler/parameters.ts";
import { otherNames, PLUGIN_TYPES } from "../../../knowledge/scheduler/plugins.ts";
import { missingData } from "../../../knowledge/scheduler/producers.ts";
import { titleOf } from "../../../knowledge/scheduler/releases.ts";
import { isObject, type Json, type JsonObject, listOf } from "../../../kubernetes/json.ts";
import { nearest } from "../../../kubernetes/nearest.ts";
import type { CheckFinding } from "../check.ts";
import { type Judge, nameIn, pluginsOf, shownValue } from "./configjudge.ts";

/** The plugins that a configuration declares: their types, names and parameters, and the data that they require. */
export function judgePlugins(config: JsonObject, judge: Judge): CheckFinding[] {
  const names = listOf(config["plugins"]).flatMap((plugin) =>
    isObject(plugin) ? (nameIn(plugin["name"]) ?? nameIn(plugin["type"]) ?? []) : [],
  );
  const twice = names.filter((name, i) => names.indexOf(name) !== i);
  return [
    ...judge.typed(config["plugins"], "plugins", "list"),
    ...[...new Set(twice)].map((name) =>
      judge.found(`declares the plugin ${name} twice`, "give each plugin a different name"),
    ),
    ...listOf(config["plugins"]).flatMap((plugin) => judgePlugin(plugin, { config, judge })),
  ];
}

interface Of {
  config: JsonObject;
  judge: Judge;
}

function judgePlugin(plugin: Json, { config, judge }: Of): CheckFinding[] {
  if (!isObject(plugin)) return judge.typed(plugin, "an item of plugins", "mapping");
  const ofTypes = [
    ...judge.typed(plugin["name"], "the name of a plugin", "text"),
    ...judge.typed(plugin["type"], "the type of a plugin", "text"),
  ];
  const type = nameIn(plugin["type"]);
  if (type === undefined)
    return ofTypes.length > 0 ? ofTypes : [judge.found("has a plugin without a type", "set type")];
  const [instead] = otherNames(type);
  return [
    ...ofTypes,
    ...judge.known("plugin type", type, PLUGIN_TYPES, instead),
    ...judge.fields(plugin, ITEM_FIELDS.plugins, "plugins"),
    ...judgeParameters(plugin, type, { config, judge }),
  ];
}

function judgeParameters(plugin: JsonObject, type: string, { config, judge }: Of): CheckFinding[] {
  const { parameters } = plugin;
  if (!isObject(parameters))
    return readsParameters(type) ? judge.typed(parameters, `the parameters of the plugin ${type}`, "mapping") : [];
  return [
    ...parameterFaults(type, parameters, judge.release).map((fault) => judgeParameter(fault, type, { config, judge })),
    ...refusedAlone(type, parameters, judge.release).map(({ name, beside }) =>
      judge.found(
        `gives the plugin ${type} the parameter ${name} without ${beside}, which this release refuses`,
        `write ${beside} instead of ${name}: it counts tokens, about a quarter of the characters`,
      ),
    ),
  ];
}

function judgeParameter(fault: ParameterFault, type: string, { config, judge }: Of): CheckFinding {
  const { name, isRefused, missing, wrong } = fault;
  if (wrong !== undefined) {
    const shown = shownValue(wrong.value);
    const fix =
      wrong.instead === undefined
        ? `set ${name} to ${wrong.takes}`
        : `write ${JSON.stringify(wrong.instead)} instead of ${shown}`;
    const message = `sets the parameter ${name} of the plugin ${type} to ${shown}, but it takes ${wrong.takes}`;
    return judge.found(message, fix, isRefused);
  }
  const fix = insteadOf(name, type, missing?.known ?? [], { config, judge });
  const effect = isRefused ? "which the plugin refuses" : "which has no effect";
  return judge.found(
    `gives the plugin ${type} the parameter ${name}, ${effect}${whenOf(fault, judge)}`,
    fix,
    isRefused,
  );
}

/** What to write in place of a parameter that a plugin does not have, of those that it has. */
function insteadOf(name: string, type: string, known: readonly string[], { config, judge }: Of): string {
  const isOfScore = type === PLUGIN.score;
  const hashed = isOfScore && name === "hashBlockSize" ? hashedParameter(judge.release) : undefined;
  const near = hashed ?? nearest(name, known);
  if (near !== undefined) return `write ${near} instead of ${name}`;
  const moved = isOfScore ? countingParameter(name) : undefined;
  return moved === undefined ? `remove ${name}` : `set ${moved} of ${placeOfCounter(config["plugins"])} instead`;
}

function whenOf({ missing }: ParameterFault, { release }: Judge): string {
  const standing = missing?.standing;
  if (release === undefined || standing === undefined) return "";
  if (standing.is === "gone") return `: ${titleOf(release)} no longer has it, it was removed in ${standing.since}`;
  return standing.is === "later" ? `: ${titleOf(release)} does not have it yet, it was added in ${standing.from}` : "";
}

/**
 * Data that plugins require and nothing gives them: the scheduler exits. The name of a plugin that is in no table may
 * give any data.
 */
export function judgeData(config: JsonObject, judge: Judge): CheckFinding[] {
  const plugins = pluginsOf(config);
  const { release } = judge;
  if (release === undefined || !plugins.every(({ type }) => PLUGIN_TYPES.has(type))) return [];
  const missing = missingData(plugins, release);
  // A plugin that requires two kinds of data of one other is reported once.
  const first = missing.filter(
    ({ plugin, from }, i) => i === missing.findIndex((one) => one.plugin === plugin && one.from === from),
  );
  return first.map(({ plugin, data, parameter, from, producer }) => {
    const message = `has the plugin ${plugin.name}, which requires ${data} of a plugin with the name ${from}, but no plugin of that name gives it`;
    const other = plugins.find(({ type }) => type === producer)?.name;
    const fix =
      other === undefined
        ? `add a plugin of the type ${producer} with the name ${from}`
        : `set the parameter ${parameter} of ${plugin.name} to ${other}`;
    return judge.found(message, fix);
  });
}
