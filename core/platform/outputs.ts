import { z } from "zod";
import { judge } from "../contract/input/judge.ts";
import { judgeTrees } from "../contract/input/tree.ts";
import type { Issue } from "../contract/issues/issue.ts";
import { PLATFORM_OPTIONS } from "../contract/options/options.ts";
import { isObject } from "../kubernetes/json.ts";
import { entryOf } from "../kubernetes/table.ts";

const { defaults, settings, accelerators, nodeLabels, checks } = PLATFORM_OPTIONS;

/** A bundle as it is in the outputs of a platform. A later release of this package may add fields. */
const bundle = z.looseObject({
  release: z.string(),
  stack: z.string().optional(),
  presetVersion: z.string(),
  defaults: defaults.unwrap(),
  settings: settings.unwrap(),
  accelerators,
  nodeLabels,
  checks,
  systemNamespace: z.string(),
  recorded: z.boolean().optional(),
  /** Judged by chooseBundle, which compares it with the content. */
  digest: z.unknown().optional(),
});
/** Fields that a bundle has and that releases by name do not. */
const MARKS: readonly string[] = ["presetVersion", "systemNamespace", "digest"];

/**
 * Judges the platform of a service before anything reads it: a bundle, or releases by name, of which only the pinned
 * one counts. Other programs may have passed it on, so it can be any value.
 */
export function judgeOutputs(platform: unknown, release: string | undefined): Issue[] {
  const layer = "service";
  const place = { path: ["platform"], layer, allowUnknownNames: true };
  const endless = judgeTrees([{ value: platform, layer, prefix: "platform" }]);
  if (endless.length > 0) return endless;
  if (!isObject(platform)) return judge(z.looseObject({}), platform, place);
  if (MARKS.some((mark) => entryOf(platform, mark) !== undefined)) return judge(bundle, platform, place);
  if (release !== undefined && Object.hasOwn(platform, release)) {
    return judge(bundle, entryOf(platform, release), { ...place, path: ["platform", release] });
  }
  if (Object.values(platform).every((value) => !isObject(value)) && Object.keys(platform).length > 0) {
    const message = "the value is neither the bundle of a platform nor a map of its releases";
    const fix = "pass the platform's `bundle` or `releases` on unchanged";
    return [{ code: "WrongType", severity: "error", path: "platform", layer, message, fix }];
  }
  return [];
}
