import { releaseNumber } from "../release.ts";

/** The methods of multi-token prediction (MTP), which drafts with layers of the model itself. Source: MTPModelTypes, vllm/config/speculative.py. */
const METHOD = /(^|_)mtp$/;

export function isMtp(method: string): boolean {
  return METHOD.test(method);
}

/**
 * Models, by their names, for whose type vLLM has no MTP: it then finds no method and raises NotImplementedError.
 * Source: SpeculativeConfig.hf_config_override and __post_init__, vllm/config/speculative.py of every release from FIRST to 0.33.0.
 */
const WITHOUT =
  /^(?:(?:meta-)?llama-[23]|qwen2|qwq-|qwen3-(?:\d+(?:\.\d+)?b|\d+b-a\d+b|coder-\d|vl-)|deepseek-r1-distill-|gpt-oss-|gemma-[23]-|phi-[34]|mixtral-)/i;
const FIRST = releaseNumber("0.15.0") ?? 0;

/** Whether a model, by the last part of its name, has no layers for MTP that a release can read. */
export function lacksMtp(model: string, release: number): boolean {
  return release >= FIRST && WITHOUT.test(model) && !/mtp/i.test(model);
}

/**
 * Releases whose MTP layers cannot be divided into pipeline stages, although vLLM requires it of them as of the model.
 */
const UNDIVIDED = { from: releaseNumber("0.14.0") ?? 0, until: releaseNumber("0.30.0") ?? 0 };
/** Models that are, or may be, of the few types whose layers can be divided: GLM-4.7-Flash, GLM-OCR, Nemotron, Bailing's, Qwen4. */
const DIVIDED = /^(?:glm-(?:4\.7-flash|ocr)|.*nemotron|ling-|ring-|qwen4)/i;

/**
 * Whether vLLM refuses pipeline stages of a model with MTP.
 * Source: the classes of MTP that name SupportsPP in vllm/model_executor/models, each release from 0.14.0 to 0.33.0, and _verify_args in
 * vllm/config/speculative.py; vllm-project/vllm#49355, vllm-project/recipes#875.
 */
export function refusesStagesOfMtp(model: string, release: number): boolean {
  return release >= UNDIVIDED.from && release < UNDIVIDED.until && !DIVIDED.test(model);
}

/**
 * Whether vLLM refuses pipeline stages of a model whose own layers draft with the method `dspark`. Source:
 * DSparkDeepseekV4ForCausalLM in vllm/models/deepseek_v4 and create_draft_parallel_config in
 * vllm/config/speculative.py, each release from 0.25.0, the first with the method, to 0.33.0; vllm-project/vllm#52761.
 */
export function refusesStagesOfDspark(model: string, release: number): boolean {
  return release < UNDIVIDED.until && /^deepseek-v4/i.test(model);
}
