import type { LLMInferenceServiceConfig } from "../core/api/service.ts";
import type { Issue } from "../core/contract/issue.ts";
import type { LoweringContext } from "../core/contract/lowering.ts";
import type { CheckSettings, ConfigOrigins } from "../core/contract/plan.ts";
import type { Settings } from "../core/contract/settings.ts";
import { isObject, type JsonObject } from "../core/kubernetes/json.ts";
import { classesOf, configsOf } from "../core/platform/bundle.ts";
import { chooseBundle, isBundle, type PlatformOutputs } from "../core/platform/choose.ts";
import { readDocuments, UnreadableInput } from "./input.ts";
import type { PlanningOptions } from "./options.ts";

/** What a bundle gives to a plan. Without a platform nothing is given, and our presets hold as they are. */
export interface PlatformInput {
  configs?: readonly LLMInferenceServiceConfig[];
  settings?: Settings;
  lowering?: LoweringContext;
  origins?: ConfigOrigins;
  checks?: CheckSettings;
  issues: Issue[];
}

/** Reads a bundle, or the pinned one of a platform's releases: what `pulumi stack output NAME --json` prints. */
export function readPlatform({
  platform,
  release,
  digest,
}: Pick<PlanningOptions, "platform" | "release" | "digest">): PlatformInput {
  const outputs = platform === undefined ? undefined : outputsIn(platform);
  const { bundle, issues } = chooseBundle(outputs, { release, digest });
  if (bundle === undefined) return { issues };
  const { configs, origins, issues: wrong } = configsOf(bundle);
  const { settings, nodeLabels, checks } = bundle;
  const lowering = { accelerators: classesOf(bundle), nodeLabels };
  return { configs, origins, settings, lowering, checks, issues: [...issues, ...wrong] };
}

function outputsIn(file: string): PlatformOutputs {
  const [found, ...others] = readDocuments([file]);
  if (found === undefined || others.length > 0) throw new UnreadableInput(`${file}: one document was expected`);
  const outputs = found.document as JsonObject & PlatformOutputs;
  const bundles = isBundle(outputs) ? [outputs] : Object.values(outputs);
  const isOne = (value: unknown): boolean => isObject(value) && isBundle(value as unknown as PlatformOutputs);
  if (bundles.length === 0 || !bundles.every(isOne)) {
    throw new UnreadableInput(`${file}: neither a platform's bundle nor its releases by name`);
  }
  return outputs;
}
