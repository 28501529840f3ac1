import type { LLMInferenceServiceConfig } from "../../core/api/service.ts";
import type { Issue } from "../../core/contract/issues/issue.ts";
import type { LoweringContext } from "../../core/contract/lowering.ts";
import type { Settings } from "../../core/contract/options/settings.ts";
import type { CheckSettings, ConfigOrigins } from "../../core/contract/plan.ts";
import { judgeStack } from "../../core/knowledge/stacks/stacks.ts";
import type { JsonObject } from "../../core/kubernetes/json.ts";
import { classesOf, configsOf, onStack, stackOfBundle } from "../../core/platform/bundle.ts";
import { chooseBundle, isBundle, type PlatformOutputs } from "../../core/platform/choose.ts";
import type { Terminal } from "../text/terminal.ts";
import { readDocument, UnreadableInput } from "./input.ts";
import type { PlanningOptions } from "./options.ts";

/** The part of a bundle that a plan uses. Without a platform it is empty, and the presets apply unchanged. */
export interface PlatformInput {
  configs?: readonly LLMInferenceServiceConfig[];
  settings?: Settings;
  lowering?: LoweringContext;
  origins?: ConfigOrigins;
  checks?: CheckSettings;
  /** Name of the release of the stack. */
  stack?: string;
  issues: Issue[];
}

/** Reads a bundle, or the pinned one of a platform's releases: what `pulumi stack output NAME --json` prints. */
export function readPlatform(
  { platform, release, digest, stack }: Pick<PlanningOptions, "platform" | "release" | "digest" | "stack">,
  terminal: Terminal,
): PlatformInput {
  const outputs = platform === undefined ? undefined : outputsIn(platform, terminal);
  const { bundle, issues } = chooseBundle(outputs, { release, digest });
  if (bundle === undefined) return { stack, issues };
  // The plan refuses a name that is unknown.
  const stacked = onStack(bundle, judgeStack(stack).length > 0 ? undefined : stack);
  const { configs, origins, issues: wrong } = configsOf(stacked);
  const { settings, nodeLabels, checks } = bundle;
  const lowering = { accelerators: classesOf(bundle), nodeLabels };
  const named = stack ?? stackOfBundle(stacked)?.name;
  return { configs, origins, settings, lowering, checks, stack: named, issues: [...issues, ...wrong] };
}

function outputsIn(file: string, terminal: Terminal): PlatformOutputs {
  const found = readDocument(file, "a single document", terminal);
  const outputs = found.document as JsonObject & PlatformOutputs;
  const bundles = isBundle(outputs) ? [outputs] : Object.values(outputs);
  if (bundles.length === 0 || !bundles.every(isBundle)) {
    throw new UnreadableInput(`${file}: the file contains neither the bundle of a platform nor a map of its releases`);
  }
  return outputs;
}
