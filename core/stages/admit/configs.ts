import { specSchema } from "../../api/schemas.ts";
import type { Behaviour } from "../../contract/behaviour.ts";
import { layerOf, type OpenedDocument, openConfig } from "../../contract/input/document.ts";
import type { Issue } from "../../contract/issues/issue.ts";
import type { AppliedConfig } from "../../contract/plan.ts";
import { rememberingItems, rememberingOfBoth } from "../../kubernetes/remember.ts";
import { judgeStructure } from "../../kubernetes/schema/structure.ts";
import { validateConfig } from "./validate.ts";

const KIND = "LLMInferenceServiceConfig";

/**
 * Judges the configs that a service names, as they are written: a config that no cluster would store cannot be used.
 * KServe's webhooks have judged its configs before it reads them.
 */
export function validateConfigs(
  configs: readonly unknown[],
  applied: readonly AppliedConfig[],
  behaviour: Behaviour,
): Issue[] {
  if (behaviour.admission !== "asWritten") return [];
  const named = applied.filter(({ source }) => source === "UserRef");
  if (named.length === 0) return [];
  const labels = new Set(named.map(({ namespace, name }) => `config ${namespace}/${name}`));
  return configs
    .filter((config) => labels.has(layerOf(config, KIND)))
    .map((config) => validateConfig(config, behaviour))
    .flatMap(({ errors, warnings }) => [...errors, ...warnings]);
}

/**
 * The values in configs that have another type than their field, whether or not the service names the config: such
 * values cannot be merged. A cluster stores no such config, but files and bundles may hold one.
 */
export const judgeConfigTypes = rememberingItems(
  (configs: readonly unknown[], behaviour: Behaviour): readonly Issue[] =>
    configs.flatMap((config) => judgeTypesOf(openConfig(config, behaviour), behaviour)),
);

/** Each preset is judged once, when it is opened, because presets come with every plan. */
const judgeTypesOf = rememberingOfBoth(({ content, layer }: OpenedDocument, behaviour: Behaviour): Issue[] => {
  if (content === undefined) return [];
  const { spec, version } = content;
  const own = behaviour.admission === "asWritten";
  // A config's own CRD may take more than its types do.
  const schema = own ? content.schema : specSchema("LLMInferenceService", { version, dialect: behaviour.dialect });
  const options = { lenient: true, templates: own, partialPods: true, wholeItems: own, skipCovered: true };
  const found = judgeStructure(spec, schema, ["spec"], { ...options, typesOnly: true });
  return found.map((finding): Issue => ({ ...finding, severity: "error", layer }));
});
