import type { LLMInferenceServiceSpec } from "../../api/service.ts";
import { copiedFrom, modelOf, namesForm, ofModel } from "./catalogue/catalogue.ts";
import { formIn, mayCacheShort } from "./catalogue/names.ts";
import { type ModelSize, sizeNamed } from "./catalogue/sizes.ts";
import { GUESSED_CACHE } from "./config/cachetype.ts";
import type { ModelInfo } from "./config/config.ts";
import { factsOf, type ModelFacts } from "./facts.ts";

interface Named {
  uri?: string;
  name?: string;
}

/** The shape of a service's model: as it is given, otherwise the catalogue's for its URI or name. */
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
  const facts = factsOf(withForm(modelInfo, spec.model ?? {}));
  return (
    (facts && withCache(facts, modelInfo, spec.model)) ??
    (known && { ...known, ...(weightBytes !== undefined && { weightBytes }) })
  );
}

/**
 * Whether the form of the weights of {@link servedModel} is certain: by the config, or by a name of the catalogue. An
 * unknown model need not be stored as its name says, and some quantisations are in a separate file.
 */
export function isFormCertain(subject: Parameters<typeof servedModel>[0]): boolean {
  const { modelInfo, spec } = subject;
  const stated = modelInfo?.quantization_config ?? modelInfo?.text_config?.quantization_config;
  return (
    (stated !== undefined && stated !== null && factsOf(modelInfo ?? {}) !== undefined) || namesForm(spec.model ?? {})
  );
}

/**
 * The model of the catalogue from which {@link servedModel} takes the shape, if only the name of the served one says that
 * it has the same: another publisher's model may have changed. Undefined if the shape is certain or unknown.
 */
export function shapedAs({ modelInfo, spec }: Parameters<typeof servedModel>[0]): string | undefined {
  if (modelInfo !== undefined && factsOf(modelInfo) !== undefined) return undefined;
  return copiedFrom(spec.model ?? {});
}

/** The size of a service's model, if no more is known of it. */
export function servedSize({ model }: Pick<LLMInferenceServiceSpec, "model">): ModelSize | undefined {
  return model && ofModel(model, sizeNamed);
}

/** ModelOpt writes the quantisation into a separate file (`hf_quant_config.json`), so the model's name is used. */
function withForm(info: ModelInfo, { uri = "", name = "" }: Named): ModelInfo {
  if (isQuantized(info)) return info;
  const form = formIn(uri) ?? formIn(name);
  return form === undefined ? info : { ...info, quantization_config: { quant_method: form } };
}

/** The same for the type of its cache. */
function withCache(facts: ModelFacts, info: ModelInfo, { uri = "", name = "" }: Named = {}): ModelFacts {
  const isGuessed = !isQuantized(info) && (mayCacheShort(uri) || mayCacheShort(name));
  return isGuessed ? { ...facts, cacheType: GUESSED_CACHE } : facts;
}

function isQuantized({ quantization_config: own, text_config: text }: ModelInfo): boolean {
  return (own ?? text?.quantization_config) !== undefined;
}
