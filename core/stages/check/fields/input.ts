import { z } from "zod";
import { acceleratorClass } from "../../../api/shorthands/accelerator.ts";
import { soundOptions, withoutNulls } from "../../../contract/input/judge.ts";
import { readKnown } from "../../../contract/input/known.ts";
import type { Issue } from "../../../contract/issues/issue.ts";
import { modelInfo } from "../../../contract/options/modelinfo.ts";
import { NODE_LABELS } from "../../../contract/options/nodelabels.ts";
import { planOptions } from "../../../contract/options/options.ts";
import { DEFAULT_SETTINGS, settings } from "../../../contract/options/settings.ts";
import type { PlanInput } from "../../../contract/plan.ts";
import { meanOf } from "../../../knowledge/models/config/normal.ts";
import { judgeStack } from "../../../knowledge/stacks/stacks.ts";
import { copied, formatPath, isObject, isSameJson, type JsonObject } from "../../../kubernetes/json.ts";
import { entryOf } from "../../../kubernetes/table.ts";

const SHAPE = {
  ...planOptions,
  lowering: z.looseObject({
    accelerators: z.record(z.string(), acceleratorClass).optional(),
    nodeLabels: z.enum(NODE_LABELS).optional(),
  }),
};
const LAYER = "service";

type SoundSettings = ReturnType<typeof soundOptions<{ settings: typeof settings }>>;

/**
 * Every service of a platform brings the same settings in another object, so settings with the content of those that
 * were found sound are not judged again.
 */
function judgeSettings(given: JsonObject): SoundSettings {
  if (soundBefore.some((before) => isSameJson(before, given)))
    return { sound: { settings: given as SoundSettings["sound"]["settings"] }, issues: [] };
  const judged = soundOptions({ settings }, { settings: given }, { layer: LAYER });
  if (judged.issues.length === 0) {
    soundBefore.unshift(copied(given));
    soundBefore.length = Math.min(soundBefore.length, MOST_KEPT);
  }
  return judged;
}
const soundBefore: JsonObject[] = [];
const MOST_KEPT = 4;

/** The list may hold any configs; each is judged where it is read. */
const CONFIGS = { configs: z.array(z.unknown()) };

function judgeConfigs(configs: unknown): ReturnType<typeof soundOptions<typeof CONFIGS>> {
  if (Array.isArray(configs)) return { sound: { configs }, issues: [] };
  return soundOptions(CONFIGS, { configs }, { layer: LAYER });
}

/**
 * Judges everything that a plan receives besides the service, before anything reads it. A value that cannot be used is
 * left out of the input; it is an error, and the plan ends at admission. Documents of others (objects of the cluster, a
 * model's config.json) are used as far as they can be read, with a warning for the rest.
 */
export function judgeInput(input: PlanInput): { input: PlanInput; issues: Issue[] } {
  const model = readModelInfo(input.modelInfo);
  const given = { ...input, modelInfo: model.info };
  const { sound, issues } = soundOptions(SHAPE, given, { layer: LAYER });
  const ofConfigs = judgeConfigs(input.configs);
  const ofSettings = isObject(input.settings)
    ? judgeSettings(input.settings)
    : soundOptions({ settings }, { settings: input.settings }, { layer: LAYER });
  const known = readKnown(sound.known ?? [], LAYER);
  const { service, old, origins } = input;
  const stack = judgeStack(sound.stack).map((finding): Issue => ({ ...finding, severity: "error", layer: LAYER }));
  return {
    input: {
      ...{ service, configs: [], settings: DEFAULT_SETTINGS, ...sound, ...ofConfigs.sound, ...ofSettings.sound },
      ...(old !== undefined && { old }),
      ...(origins !== undefined && { origins }),
      ...(sound.known && { known: known.known }),
    },
    issues: [...issues, ...ofConfigs.issues, ...ofSettings.issues, ...stack, ...model.issues, ...known.issues],
  };
}

const NAMES = Object.keys(modelInfo.shape);
const LISTS: readonly string[] = ["layer_types"];

/** Some models have a different width in every layer. The estimates need one number, and the mean keeps the sum. */
function readModelInfo(given: unknown, path: readonly string[] = ["modelInfo"]): { info: unknown; issues: Issue[] } {
  const info = withoutNulls(given);
  if (!isObject(info)) return { info: given, issues: [] };
  const byLayer = NAMES.filter((name) => !LISTS.includes(name) && Array.isArray(entryOf(info, name)));
  const means = byLayer.map((name): [string, number | undefined] => [name, meanOf(entryOf(info, name))]);
  const kept = Object.entries(info).filter(([name]) => !byLayer.includes(name));
  const issues = means.flatMap(([name, mean]): Issue[] => (mean === undefined ? [notSingle([...path, name])] : []));
  const text = isObject(info["text_config"]) ? readModelInfo(info["text_config"], [...path, "text_config"]) : undefined;
  const read = [...kept, ...means.filter(([, mean]) => mean !== undefined)];
  return {
    info: { ...Object.fromEntries(read), ...(text && { text_config: text.info }) },
    issues: [...issues, ...(text?.issues ?? [])],
  };
}

function notSingle(path: readonly string[]): Issue {
  return {
    code: "WrongType",
    severity: "warning",
    path: formatPath(path),
    layer: LAYER,
    message: "a single value was expected, not a list; the field is ignored",
    fix: "write one value for all layers, or remove the field",
  };
}
