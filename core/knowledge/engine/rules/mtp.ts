import { releaseNumber } from "../release.ts";

/** The methods of multi-token prediction (MTP), which drafts with layers of the model itself. Source: MTPModelTypes, vllm/config/speculative.py. */
const METHOD = /(^|_)mtp$/;

export function isMtp(method: string): boolean {
  return METHOD.test(method);
}

/** A model as these rules know it. */
export interface MtpModel {
  /** The last part of its name. */
  name: string;
  /** `model_type` of its config and of the `text_config` in it, if they are given. */
  types: readonly string[];
  /** Whether the catalogue has the model. The name of another may be that of a family which it is not of. */
  isKnown: boolean;
}

/** How certain it is that vLLM refuses a model; undefined if it does not. */
type Refusal = "certainly" | "perhaps" | undefined;

/** The refusal of a model by the types of its config, or else by its name. */
function refusalOf({ name, types, isKnown }: MtpModel, ofTypes: RegExp, ofNames: RegExp): Refusal {
  if (types.length > 0) {
    if (types.every((type) => ofTypes.test(type))) return "certainly";
    return types.some((type) => ofTypes.test(type)) ? "perhaps" : undefined;
  }
  if (!ofNames.test(name)) return undefined;
  return isKnown ? "certainly" : "perhaps";
}

/**
 * Models, by their names, for whose type vLLM has no MTP: it then finds no method and raises NotImplementedError.
 * Source: SpeculativeConfig.hf_config_override and __post_init__, vllm/config/speculative.py of every release from FIRST to 0.33.0.
 */
const WITHOUT =
  /^(?:(?:meta-)?llama-[23]|qwen2|qwq-|qwen3-(?:\d+(?:\.\d+)?b|\d+b-a\d+b|coder-\d|vl-)|deepseek-r1-distill-|gpt-oss-|gemma-[23]-|phi-[34]|mixtral-)/i;
const TYPES_WITHOUT =
  /^(?:llama|qwen2|qwen3|qwen3_moe|qwen3_vl(?:_moe)?(?:_text)?|gpt_oss|gemma[23](?:_text)?|phi3|mixtral)$/;
const FIRST = releaseNumber("0.15.0") ?? 0;

/** Whether a model has no layers for MTP that a release can read. */
export function lacksMtp(model: MtpModel, release: number): Refusal {
  return release < FIRST || /mtp/i.test(model.name) ? undefined : refusalOf(model, TYPES_WITHOUT, WITHOUT);
}

/**
 * Releases whose MTP layers cannot be divided into pipeline stages, although vLLM requires it of them as of the model.
 */
const UNDIVIDED = { from: releaseNumber("0.14.0") ?? 0, until: releaseNumber("0.30.0") ?? 0 };
/** Models that are, or may be, of the few types whose layers can be divided: GLM-4.7-Flash, GLM-OCR, Nemotron, Bailing's, Qwen4. */
const DIVIDED = /^(?:glm-(?:4\.7-flash|ocr)|.*nemotron|ling-|ring-|qwen4)/i;
const TYPES_DIVIDED = /^(?:glm4_moe_lite|glm_ocr|nemotron|bailing|qwen4)/i;
/** Types for which vLLM has MTP whose layers cannot be divided. */
const TYPES_UNDIVIDED =
  /^(?:deepseek_v(?:3|32|4)|glm_moe_dsa|glm4_moe|ernie4_5_moe|qwen3_next|qwen3_5(?:_moe)?(?:_text)?|exaone_moe|longcat_flash)$/;

/**
 * Whether vLLM refuses pipeline stages of a model with MTP.
 * Source: the classes of MTP that name SupportsPP in vllm/model_executor/models, each release from 0.14.0 to 0.33.0, and _verify_args in
 * vllm/config/speculative.py; vllm-project/vllm#49355, vllm-project/recipes#875.
 */
export function refusesStagesOfMtp(model: MtpModel, release: number): Refusal {
  const { name, types, isKnown } = model;
  if (release < UNDIVIDED.from || release >= UNDIVIDED.until) return undefined;
  if (types.length === 0 ? DIVIDED.test(name) : types.some((type) => TYPES_DIVIDED.test(type))) return undefined;
  const isCertain = types.length === 0 ? isKnown : types.some((type) => TYPES_UNDIVIDED.test(type));
  return isCertain ? "certainly" : "perhaps";
}

/**
 * Whether vLLM refuses pipeline stages of a model whose own layers draft with the method `dspark`. Source:
 * DSparkDeepseekV4ForCausalLM in vllm/models/deepseek_v4 and create_draft_parallel_config in
 * vllm/config/speculative.py, each release from 0.25.0, the first with the method, to 0.33.0; vllm-project/vllm#52761.
 */
export function refusesStagesOfDspark(model: MtpModel, release: number): Refusal {
  return release < UNDIVIDED.until ? refusalOf(model, /^deepseek_v4$/, /^deepseek-v4/i) : undefined;
}
