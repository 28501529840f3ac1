import type { LLMInferenceService, LLMInferenceServiceConfig } from "../../api/service.ts";
import type { Behaviour } from "../../contract/behaviour.ts";
import type { Issue } from "../../contract/issue.ts";
import type { Layer } from "../../contract/layer.ts";
import type { Lowered, LoweredDocuments } from "../../contract/lowering.ts";
import { type CacheView, withCacheMarks } from "./localmodel.ts";
import { completeService, readConfig } from "./read.ts";

/** The documents as they are merged, and of each config what it was lowered to. */
export interface ReadDocuments {
  service?: LLMInferenceService;
  configs: readonly LLMInferenceServiceConfig[];
  /** What the document of a layer was lowered to. */
  loweredOf(layer: Layer): Lowered | undefined;
  issues: Issue[];
}

export function readDocuments(
  lowered: LoweredDocuments,
  behaviour: Behaviour,
  cluster: Pick<CacheView, "settings" | "known">,
): ReadDocuments {
  const { value, issues } = completeService(lowered.service.opened, behaviour);
  const marked = value && withCacheMarks(value, { ...cluster, behaviour });
  const read = lowered.configs.map((one) => ({ one, ...readConfig(one.document, behaviour) }));
  const known = new Map(read.map(({ one, value }) => [value, one]));
  return {
    ...(marked && { service: marked.service }),
    configs: read.flatMap(({ value }) => value ?? []),
    loweredOf: ({ config }) => (config === undefined ? lowered.service : known.get(config)),
    issues: [...issues, ...(marked?.issues ?? []), ...read.flatMap((one) => one.issues)],
  };
}
