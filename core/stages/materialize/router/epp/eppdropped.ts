import { PLUGIN } from "../../../../knowledge/scheduler/config.ts";
import { countingParameter, hasParameter, placeOfCounter } from "../../../../knowledge/scheduler/parameters.ts";
import { asText, isObject, type JsonObject } from "../../../../kubernetes/json.ts";
import { withEntries } from "../../../../kubernetes/table.ts";
import type { Edit, EditInput } from "./eppedit.ts";
import { editPlugins, parametersOf, withParameters } from "./eppplugins.ts";

/** Parameters that plugins of later releases refuse, so that the plan leaves them out, and says so. */

const HASHED = "hashBlockSize";

export const dropHashBlockSize: Edit = (config, input) =>
  editPlugins(config, undefined, (plugin) => {
    if (!(HASHED in parametersOf(plugin))) return plugin;
    tellDropped(plugin, [HASHED], config, input);
    const { [HASHED]: _dropped, ...parameters } = parametersOf(plugin);
    return withParameters(plugin, parameters);
  });

const KEPT_PARAMETER = "prefixMatchInfoProducerName";

/**
 * The scorer no longer counts prefixes itself. KServe leaves it the name of the plugin that does, and no parameter that
 * a later release added.
 */
export const dropPrefixParameters: Edit = (config, input) => {
  const { schedulerMigrations, release } = input;
  const isKept = (name: string): boolean =>
    name === KEPT_PARAMETER || (schedulerMigrations !== "asKServe" && hasParameter(PLUGIN.score, name, release));
  return editPlugins(config, [PLUGIN.score], (plugin) => {
    if (!isObject(plugin["parameters"])) return plugin;
    const all = parametersOf(plugin);
    const dropped = Object.keys(all).filter((name) => !isKept(name));
    tellDropped(plugin, dropped, config, input);
    const kept = withEntries(all, (value, name) => (isKept(name) ? value : undefined));
    if (Object.keys(kept).length > 0) return withParameters(plugin, kept);
    const { parameters: _none, ...rest } = plugin;
    return rest;
  });
};

function tellDropped(
  plugin: JsonObject,
  names: readonly string[],
  config: JsonObject,
  { tell, release }: EditInput,
): void {
  if (tell === undefined || names.length === 0) return;
  const type = asText(plugin["type"]);
  const isRead = names.some((name) => hasParameter(type, name, release));
  const why = isRead
    ? "which the plan leaves out as KServe does"
    : "which its release does not read, and the plan leaves out";
  const counting = type === PLUGIN.score ? names.flatMap((name) => countingParameter(name) ?? []) : [];
  const isOwn = counting.every((name) => hasParameter(type, name, release));
  const place = isOwn ? `the plugin ${type}` : placeOfCounter(config["plugins"]);
  const moved = counting.length === 0 ? "" : `set ${[...new Set(counting)].join(" and ")} of ${place}, and `;
  const shown = `the ${names.length === 1 ? "parameter" : "parameters"} ${names.join(" and ")}`;
  tell(`gives the plugin ${type} ${shown}, ${why}`, `${moved}remove ${names.join(" and ")} from ${type}`);
}
