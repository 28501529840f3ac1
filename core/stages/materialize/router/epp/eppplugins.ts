import { asText, isObject, type Json, type JsonObject } from "../../../../kubernetes/json.ts";
import { withEntries } from "../../../../kubernetes/table.ts";

/** Edits of the plugins of an EndpointPickerConfig; each returns a new one. */

/** The configuration with its plugins of these types edited, or with all of them; unchanged if it lists none. */
export function editPlugins(
  config: JsonObject,
  types: readonly string[] | undefined,
  edit: (plugin: JsonObject) => JsonObject,
): JsonObject {
  const { plugins } = config;
  if (!Array.isArray(plugins)) return config;
  const isMeant = (plugin: JsonObject): boolean => types?.includes(asText(plugin["type"])) ?? true;
  return {
    ...config,
    plugins: plugins.map((plugin) => (isObject(plugin) && isMeant(plugin) ? edit(plugin) : plugin)),
  };
}

export function parametersOf({ parameters }: JsonObject): JsonObject {
  return isObject(parameters) ? parameters : {};
}

export function withParameters(plugin: JsonObject, parameters: JsonObject): JsonObject {
  return { ...plugin, parameters };
}

/** Renames a plugin: its type, its name if that equals the type, and the references in profiles. */
export function renamedPlugin(from: string, to: string): (config: JsonObject) => JsonObject {
  const renamed = (object: JsonObject, fields: readonly string[]): JsonObject =>
    withEntries(object, (value, key) => (value === from && fields.includes(key) ? to : value));
  return (config) => {
    if (!Array.isArray(config["plugins"])) return config;
    const edited = editPlugins(config, undefined, (plugin) => renamed(plugin, ["type", "name"]));
    return editProfiles(edited, (refs) => refs.map((ref) => (isObject(ref) ? renamed(ref, ["pluginRef"]) : ref)));
  };
}

/** The configuration with each profile's references to plugins edited. */
export function editProfiles(config: JsonObject, edit: (refs: readonly Json[]) => Json[]): JsonObject {
  const { schedulingProfiles: profiles } = config;
  if (!Array.isArray(profiles)) return config;
  const schedulingProfiles = profiles.map((profile) =>
    isObject(profile) && Array.isArray(profile["plugins"])
      ? { ...profile, plugins: edit(profile["plugins"]) }
      : profile,
  );
  return { ...config, schedulingProfiles };
}
