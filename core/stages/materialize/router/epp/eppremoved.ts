import { asText, isObject, type JsonObject, objectOf } from "../../../../kubernetes/json.ts";
import type { Edit } from "./eppedit.ts";
import { editProfiles, renamedPlugin } from "./eppplugins.ts";

/**
 * What llm-d's scheduler no longer reads: a configuration that contains it fails to load. Source: llm-d-router pull
 * requests 2838 (fields), 2865 and 2869 (names of plugins), issue 936 and KServe pull request 6067 (handlers of
 * headers).
 */

/** Plugins whose work another one now does: the profile handler sets the headers of prefill and encode itself. */
const NEEDLESS = "disagg-headers-handler";

/** Both have the parameters of the plugin that they were renamed to. */
const RENAMED = [
  ["by-label-selector", "label-selector-filter"],
  ["tokenizer", "token-producer"],
] as const;

/** An edit that KServe's migrations do not have at the recorded commit. */
function ofOurs(edit: (config: JsonObject) => JsonObject): Edit {
  return (config, { schedulerMigrations }) => (schedulerMigrations === "asKServe" ? config : edit(config));
}

export const renameRemoved: Edit = ofOurs((config) =>
  RENAMED.reduce((one, [from, to]) => renamedPlugin(from, to)(one), config),
);

/** Removes the plugin and the references to it in profiles. */
export const dropNeedless: Edit = ofOurs((config) => {
  const { plugins } = config;
  if (!Array.isArray(plugins)) return config;
  const isGone = (plugin: unknown): boolean => isObject(plugin) && plugin["type"] === NEEDLESS;
  const names = plugins.filter(isGone).map((plugin) => asText(objectOf(plugin)["name"] ?? NEEDLESS));
  if (names.length === 0) return config;
  const kept = { ...config, plugins: plugins.filter((plugin) => !isGone(plugin)) };
  return editProfiles(kept, (refs) => refs.filter((ref) => !names.includes(asText(objectOf(ref)["pluginRef"]))));
});

/**
 * Moves fields of the root to where they are read since release 0.9; an existing value there has always had precedence.
 */
export const moveRootFields: Edit = ofOurs(({ parser, saturationDetector, ...config }) => {
  const { requestHandler, flowControl } = config;
  const handler = { ...(parser !== undefined && { parsers: [parser] }), ...objectOf(requestHandler) };
  const control = { ...(saturationDetector !== undefined && { saturationDetector }), ...objectOf(flowControl) };
  return {
    ...config,
    ...(parser !== undefined && { requestHandler: handler }),
    ...(saturationDetector !== undefined && { flowControl: control }),
  };
});
