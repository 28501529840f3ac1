import { isSlip, nearest } from "../../../kubernetes/nearest.ts";
import { releaseNumber } from "../release.ts";
import { type Broken, jsonOf, type Line, readJson } from "./rule.ts";

const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

/**
 * The keys of flags that take a JSON document, of all releases: vLLM reads them strictly, and exits at a key that it does not have.
 * Sources: the classes of vllm/config of vLLM 0.32.0, and the keys that earlier releases had.
 */
const KEYS: readonly (readonly [flag: string, keys: ReadonlySet<string>])[] = [
  [
    "kv-transfer-config",
    words(`enable_permute_local_kv engine_id kv_buffer_device kv_buffer_size kv_connector kv_connector_extra_config
      kv_connector_module_path kv_ip kv_load_failure_policy kv_parallel_size kv_port kv_rank kv_role`),
  ],
  [
    "kv-events-config",
    words("buffer_steps enable_kv_cache_events endpoint hwm max_queue_size publisher replay_endpoint topic"),
  ],
  [
    "eplb-config",
    words(`communicator enable_migration_batching log_balancedness log_balancedness_interval num_redundant_experts policy
      step_interval use_async window_size`),
  ],
  [
    "structured-outputs-config",
    words(`backend disable_additional_properties disable_any_whitespace disable_fallback enable_in_reasoning
      reasoning_parser reasoning_parser_plugin`),
  ],
  [
    "speculative-config",
    words(`acceptance_method attention_backend code_revision disable_by_batch_size disable_eagle_block_drop
      disable_logprobs disable_mqa_scorer disable_padded_drafter_batch draft_load_config draft_model_config
      draft_parallel_config draft_sample_method draft_tensor_parallel_size dspark_draft_topk enable_adaptive_verification
      enable_chunked_prefill enforce_eager index_share_for_mtp_iteration kv_cache_dtype max_model_len method model
      moe_backend num_speculative_tokens num_speculative_tokens_per_batch_size parallel_drafting posterior_alpha
      posterior_threshold prompt_lookup_max prompt_lookup_min quantization rejection_sample_method revision
      speculative_token_tree suffix_decoding_max_cached_requests suffix_decoding_max_spec_factor
      suffix_decoding_max_tree_depth suffix_decoding_min_token_prob synthetic_acceptance_length
      synthetic_acceptance_rate synthetic_acceptance_rates target_model_config target_parallel_config
      use_heterogeneous_vocab use_local_argmax_reduction`),
  ],
];

/** Flags whose document must be an object, by the release that reads numbers as a level no more. */
const OBJECTS: readonly (readonly [flag: string, from: string])[] = [
  ["compilation-config", "0.12.0"],
  ["hf-overrides", "0.12.0"],
  ...KEYS.map(([flag]) => [flag, "0.8.5"] as const),
];

/** Documents that are none, and keys that vLLM does not have. A release may have brought a key since: those are warnings. */
export function judgeKeys(line: Line): Broken[] {
  const noObjects = OBJECTS.flatMap(([flag, from]) => notAnObject(flag, from, line));
  return [...noObjects, ...KEYS.flatMap(([flag, keys]) => unknownKeys(flag, keys, line))];
}

function notAnObject(flag: string, from: string, { text, release }: Line): Broken[] {
  const read = readJson(text(flag));
  if (read === undefined || read === null || jsonOf(text(flag)) !== undefined) return [];
  if (release.number < (releaseNumber(from) ?? 0)) return [];
  const message = `--${flag}: ${text(flag)} is not a JSON object`;
  const isLevel = flag === "compilation-config" && typeof read === "number";
  const fix = isLevel ? `write -O${read}, or {"mode": ${read}}` : "write keys and values in braces";
  return [{ flag, message, fix }];
}

function unknownKeys(flag: string, keys: ReadonlySet<string>, { text }: Line): Broken[] {
  return Object.keys(jsonOf(text(flag)) ?? {}).flatMap((key): Broken[] => {
    // A key with a dot is a key of an inner document.
    if (keys.has(key.split(".")[0] ?? "")) return [];
    const near = nearest(key, [...keys]);
    const fix = near === undefined || !isSlip(key, near) ? `remove ${key}` : `write ${near} instead of ${key}`;
    return [{ flag, message: `--${flag}: no release of vLLM has the key ${key}`, fix, severity: "warning" }];
  });
}
