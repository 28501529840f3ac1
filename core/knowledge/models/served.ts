import type { LLMInferenceServiceSpec } from "../../api/service.ts";
import { modelOf } from "./catalogue.ts";
import type { ModelInfo } from "./config.ts";
import { factsOf, type ModelFacts } from "./facts.ts";

/** The shape of a service's model: as it is given, else the catalogue's for its URI or name. */
export function servedModel({
  modelInfo,
  spec,
}: {
  modelInfo?: ModelInfo;
  spec: Pick<LLMInferenceServiceSpec, "model">;
}): ModelFacts | undefined {
  const known = modelOf(spec.model ?? {});
  if (modelInfo === undefined) return known;
  const { weightBytes } = modelInfo;
  return factsOf(modelInfo) ?? (known && { ...known, ...(weightBytes !== undefined && { weightBytes }) });
}
