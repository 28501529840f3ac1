import { asText, isObject, type Json, type JsonObject, objectOf } from "../../../../kubernetes/json.ts";
import { entryOf } from "../../../../kubernetes/table.ts";
import type { Edit } from "./eppedit.ts";
import { editProfiles, parametersOf, renamedPlugin } from "./eppplugins.ts";

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
function ownEdit(edit: Edit): Edit {
  return (config, input) => (input.schedulerMigrations === "asKServe" ? config : edit(config, input));
}

export const renameRemoved: Edit = ownEdit((config) =>
  RENAMED.reduce((one, [from, to]) => renamedPlugin(from, to)(one), config),
);

/** Removes the plugin and the references to it in profiles. */
export const dropNeedless: Edit = ownEdit((config, { tell }) => {
  const { plugins } = config;
  if (!Array.isArray(plugins)) return config;
  const isGone = (plugin: unknown): plugin is JsonObject => isObject(plugin) && plugin["type"] === NEEDLESS;
  const gone = plugins.filter(isGone);
  const names = gone.map((plugin) => asText(plugin["name"] ?? NEEDLESS));
  if (names.length === 0) return config;
  for (const name of gone.flatMap((plugin) => Object.keys(parametersOf(plugin)))) {
    const message = `gives the plugin ${NEEDLESS} the parameter ${name}, but its release has no such plugin, and the plan leaves it out`;
    tell?.(message, `set the profile in profiles of disagg-profile-handler, and remove ${NEEDLESS}`);
  }
  const kept = { ...config, plugins: plugins.filter((plugin) => !isGone(plugin)) };
  return editProfiles(kept, (refs) => refs.filter((ref) => !names.includes(asText(objectOf(ref)["pluginRef"]))));
});

/** Fields of the root, each with the place where it is read since release 0.9, and the form that it has there. */
const MOVED: readonly { from: string; to: readonly [section: string, field: string]; form(value: Json): Json }[] = [
  { from: "parser", to: ["requestHandler", "parsers"], form: (value) => [value] },
  { from: "saturationDetector", to: ["flowControl", "saturationDetector"], form: (value) => value },
];

/** An existing value at the later place has always had precedence. */
export const moveRootFields: Edit = ownEdit((config, { tell }) =>
  MOVED.reduce((one, { from, to: [section, field], form }) => {
    const [value, existing] = [entryOf(one, from), entryOf(one, section)];
    if (value === undefined) return one;
    const rest = Object.entries(one).filter(([name]) => name !== from && name !== section);
    const own = entryOf(objectOf(existing), field);
    const moved = form(value);
    if (own !== undefined && JSON.stringify(own) !== JSON.stringify(moved))
      tell?.(`has ${from}, which has no effect next to ${field} of ${section}`, `remove ${from}`);
    return Object.fromEntries([...rest, [section, { [field]: moved, ...objectOf(existing) }]]);
  }, config),
);
