import { asText, isObject, type Json, objectOf } from "../../../kubernetes/json.ts";
import type { ModelInfo } from "./config.ts";

/** The type in which a model's files ask vLLM to store the KV cache. */
export interface CacheType {
  type: "fp8" | "nvfp4";
  /** The tool whose form the files have: releases read each of them from another one on. */
  by: "modelopt" | "compressed-tensors";
  /** Whether only the model's name implies it. */
  guessed?: true;
}

/** What the name of a model that ModelOpt may have made implies. */
export const GUESSED_CACHE: CacheType = { type: "fp8", by: "modelopt", guessed: true };

/**
 * Undefined if the cache has the type of the model. Source: get_kv_cache_quant_algo_string, vllm/utils/torch_utils.py;
 * `kv_cache_scheme` in vllm/model_executor/layers/attention/attention.py. `cacheTypeRead` has the
 * releases, and which of them prefer it to `--kv-cache-dtype`.
 */
export function cacheTypeOf({ quantization_config: outer, text_config: text }: ModelInfo): CacheType | undefined {
  const stated = objectOf((outer ?? text?.quantization_config) as Json | undefined);
  const inner = { ...stated, ...objectOf(stated["quantization"]) };
  const method = asText(stated["quant_method"] ?? "");
  const [scheme, algorithm] = [inner["kv_cache_scheme"], inner["kv_cache_quant_algo"]];
  if (method === "compressed-tensors") return isObject(scheme) ? { type: "fp8", by: method } : undefined;
  // Older files of ModelOpt name no method.
  if (method !== "" && !method.startsWith("modelopt")) return undefined;
  const type = isObject(scheme) ? typeOfScheme(scheme) : asText(algorithm ?? "").toLowerCase();
  return type === "fp8" || type === "nvfp4" ? { type, by: "modelopt" } : undefined;
}

function typeOfScheme(scheme: Json): string | undefined {
  const { dynamic, num_bits: bits, type } = objectOf(scheme);
  if (type !== "float") return undefined;
  if (bits === 8) return dynamic === false ? "fp8" : undefined;
  return bits === 4 ? "nvfp4" : undefined;
}
