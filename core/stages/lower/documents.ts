import type { Behaviour } from "../behaviour.ts";
import type { Layer } from "../contract/layer.ts";
import type { Lowered } from "../contract/lowering.ts";
import type { PlanInput } from "../contract/plan.ts";
import type { Issue } from "../errors.ts";
import { readConfig, readService } from "../spec/read.ts";
import type { LLMInferenceService, LLMInferenceServiceConfig } from "../spec/service.ts";
import { lowerConfig, lowerService } from "./lower.ts";

/** All documents of a plan, without their conveniences. */
export interface LoweredDocuments {
  service: Lowered;
  old?: Lowered;
  configs: readonly Lowered[];
  issues: Issue[];
}

export function lowerDocuments(input: PlanInput, behaviour: Behaviour): LoweredDocuments {
  const service = lowerService(input.service, input, behaviour);
  const configs = input.configs.map((config) => lowerConfig(config, input, behaviour));
  const issues = [service, ...configs].flatMap((one) => one.issues);
  return {
    service,
    ...(input.old !== undefined && { old: lowerService(input.old, input, behaviour) }),
    configs,
    issues,
  };
}

/** The documents as they are merged, and of each config what it was lowered to. */
export interface ReadDocuments {
  service?: LLMInferenceService;
  configs: readonly LLMInferenceServiceConfig[];
  /** What the document of a layer was lowered to. */
  loweredOf(layer: Layer): Lowered | undefined;
  issues: Issue[];
}

export function readDocuments(lowered: LoweredDocuments, behaviour: Behaviour): ReadDocuments {
  const { service, issues } = readService(lowered.service.document, behaviour);
  const read = lowered.configs.map((one) => ({ one, ...readConfig(one.document, behaviour) }));
  const known = new Map(read.map(({ one, value }) => [value, one]));
  return {
    service,
    configs: read.flatMap(({ value }) => value ?? []),
    loweredOf: ({ config }) => (config === undefined ? lowered.service : known.get(config)),
    issues: [...issues, ...read.flatMap((one) => one.issues)],
  };
}
