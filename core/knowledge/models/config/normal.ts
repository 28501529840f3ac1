import { asText, isObject, type Json, objectOf, objectsOf } from "../../../kubernetes/json.ts";
import { entryOf } from "../../../kubernetes/table.ts";
import { type ModelInfo, numberOf } from "./config.ts";
import { normalQuantization } from "./quantization.ts";

/**
 * The names of families for the fields that the estimates read, other than the common name. Source: the `attribute_map`
 * and the fields of the families' configuration classes (transformers, src/transformers/models), and
 * `ModelArchConfigConvertor` of vLLM.
 */
const SPELLINGS: Readonly<Record<string, readonly string[]>> = {
  num_hidden_layers: ["n_layer", "n_layers", "num_layers", "decoder_layers"],
  hidden_size: ["n_embd", "d_model"],
  intermediate_size: ["n_inner", "ffn_hidden_size", "decoder_ffn_dim", "ffn_dim"],
  num_attention_heads: ["n_head", "n_heads", "decoder_attention_heads"],
  num_key_value_heads: ["num_kv_heads", "n_head_kv", "multi_query_group_num"],
  vocab_size: ["padded_vocab_size"],
  max_position_embeddings: ["n_positions", "max_seq_len", "seq_length", "max_target_positions", "max_sequence_length"],
  num_experts: ["moe_num_experts", "num_moe_experts"],
  num_experts_per_tok: ["top_k_experts", "num_experts_per_token", "moe_topk", "moe_k", "moe_top_k"],
  n_shared_experts: ["num_shared_experts", "num_shared_expert", "moe_num_shared_experts"],
  shared_expert_intermediate_size: ["share_expert_dim", "shared_intermediate_size"],
  mamba_num_heads: ["mamba_n_heads"],
  mamba_head_dim: ["mamba_d_head"],
  ssm_state_size: ["mamba_d_state"],
  n_groups: ["mamba_n_groups"],
  moe_intermediate_size: ["expert_intermediate_size"],
  moe_latent_size: ["routed_expert_hidden_size"],
  decoder_sparse_step: ["interleave_moe_layer_step", "moe_layer_freq"],
  first_k_dense_replace: ["moe_layer_start_index", "num_dense_layers"],
};

/** A config with the field names that the estimates read, whatever its family calls them. */
export function normalConfig(info: ModelInfo): ModelInfo {
  const { text_config: text, ...outer } = info;
  const config = withoutNone({ ...outer, ...(text === undefined ? {} : withoutNone(text)) });
  const spelt = { ...config, ...respelt(config) };
  const stated = { ...spelt, ...blocksOf(spelt), ...layersStated(spelt), ...headsOf(spelt), ...expertsStated(spelt) };
  const longest = longestContext(stated);
  const quantization = normalQuantization({
    ...stated,
    quantization_config: stated.quantization_config ?? info.quantization_config,
  });
  return { ...stated, ...(longest !== undefined && { max_position_embeddings: longest }), ...quantization };
}

function withoutNone<T extends object>(config: T): T {
  return Object.fromEntries(Object.entries(config).filter(([, value]) => value !== null && value !== undefined)) as T;
}

function respelt(config: ModelInfo): Record<string, number> {
  const found = Object.entries(SPELLINGS).flatMap(([name, others]): [string, number][] => {
    if (entryOf(config, name) !== undefined) return [];
    const value = others.map((other) => meanOf(entryOf(config, other))).find((one) => one !== undefined);
    return value === undefined ? [] : [[name, value]];
  });
  return Object.fromEntries(found);
}

/**
 * One number for a field that may have one for each layer, or for each kind of expert: their mean, which keeps the sum.
 */
export function meanOf(value: unknown): number | undefined {
  if (!Array.isArray(value)) return numberOf(value);
  const numbers = value.map(numberOf).filter((one) => one !== undefined);
  if (numbers.length === 0 || numbers.length < value.length) return undefined;
  return Math.round(numbers.reduce((all, one) => all + one, 0) / numbers.length);
}

/** Layers of one kind each (Nemotron-H of transformers 5), converted to the equivalent pattern. */
const LETTERS: Readonly<Record<string, string>> = { mamba: "M", moe: "E", attention: "*", mlp: "-" };

function layersStated(config: ModelInfo): ModelInfo {
  const types = listIn(config["layers_block_type"]);
  const isPattern = types.some((type) => type === "moe" || type === "mlp");
  const letters = types.map((type) => entryOf(LETTERS, asText(type)));
  const { hybrid_layer_pattern: window, sliding_window_pattern: stated } = config;
  const usual = entryOf(WINDOWS, config.model_type ?? "");
  return {
    ...(isPattern &&
      !letters.includes(undefined) && { num_hidden_layers: types.length, hybrid_override_pattern: letters.join("") }),
    ...(!isPattern && types.length > 0 && { layer_types: types.map(String) }),
    ...(Array.isArray(window) && {
      layer_types: window.map((one) => (one === 1 ? "sliding_attention" : "full_attention")),
    }),
    ...(usual !== undefined && stated === undefined && { sliding_window_pattern: usual }),
  };
}

/** The interval of layers with full attention, if the config does not contain it: the default of the family's class. */
const WINDOWS: Readonly<Record<string, number>> = {
  gemma2: 2,
  gemma3: 6,
  gemma3_text: 6,
  gemma4: 6,
  gemma4_text: 6,
  cohere2: 4,
};

/**
 * Gemma 4: layers with full attention have separate fields for their heads; layers with a window use the common names.
 */
function headsOf(config: ModelInfo): ModelInfo {
  const [heads, width] = [numberOf(config["num_global_key_value_heads"]), numberOf(config["global_head_dim"])];
  if (heads === undefined && width === undefined) return {};
  const { num_key_value_heads: ownHeads, head_dim: ownWidth } = config;
  return {
    swa_num_key_value_heads: ownHeads,
    swa_head_dim: ownWidth,
    num_key_value_heads: heads ?? ownHeads,
    head_dim: width ?? ownWidth,
  };
}

/**
 * Layers without experts by name, experts in addition to a layer's own feed-forward part (Gemma 4), and Llama 4's one
 * shared expert.
 */
function expertsStated(config: ModelInfo): ModelInfo {
  const { model_type: type = "", intermediate_size: width } = config;
  const dense = [
    listIn(config["mlp_layer_types"]).filter((one) => one === "dense").length,
    listIn(config["moe_layer_freq"]).filter((one) => one === 0).length,
    listIn(config["mlp_only_layers"]).length,
  ].find((count) => count > 0);
  const isLlama = type.startsWith("llama4");
  return {
    ...(Array.isArray(config["moe_layer_freq"]) && { decoder_sparse_step: 1 }),
    ...(dense !== undefined && { first_k_dense_replace: dense }),
    ...(config["enable_moe_block"] === true && width !== undefined && { shared_expert_intermediate_size: width }),
    ...(isLlama && { n_shared_experts: 1, ...(width !== undefined && { moe_intermediate_size: width }) }),
  };
}

/**
 * Models in which every layer is different (Nemotron Super and Ultra of the Llama family): their mean, and the layers
 * without attention.
 */
function blocksOf({ block_configs: given, num_attention_heads: heads, hidden_size: hidden }: ModelInfo): ModelInfo {
  const blocks = objectsOf(given as Json | undefined);
  if (blocks.length === 0 || heads === undefined || hidden === undefined) return {};
  const grouped = blocks.flatMap(({ attention }) => numberOf(objectOf(attention)["n_heads_in_group"]) ?? []);
  const widths = blocks.map(({ ffn }) => (numberOf(objectOf(ffn)["ffn_mult"]) ?? 0) * hidden * (2 / 3));
  const idle = blocks.length - grouped.length;
  return {
    ...(grouped[0] && { num_key_value_heads: Math.max(1, Math.round(heads / grouped[0])) }),
    intermediate_size: Math.max(1, Math.round(widths.reduce((all, one) => all + one, 0) / blocks.length)),
    ...(idle > 0 && { num_kv_shared_layers: idle, idle_attention_layers: idle }),
  };
}

/**
 * The longest context, with the scaling of the rotary embeddings. Source: `_get_and_verify_max_len` of
 * vllm/config/model.py: the kinds that scale nothing, and yarn, which counts from the original length.
 */
function longestContext(config: ModelInfo): number | undefined {
  const { max_position_embeddings: own } = config;
  const stated = objectOf((config["rope_scaling"] ?? config["rope_parameters"]) as Json | undefined);
  const ropes = Object.values(stated).some(isObject) ? objectsOf(Object.values(stated)) : [stated];
  const stretched = ropes.find((rope) => !UNSTRETCHED.has(typeOf(rope)) && numberOf(rope["factor"]) !== undefined);
  if (own === undefined || stretched === undefined) return own;
  const original = numberOf(stretched["original_max_position_embeddings"]);
  const from = typeOf(stretched) === "yarn" ? (original ?? own) : own;
  return Math.floor(from * (numberOf(stretched["factor"]) ?? 1));
}

const UNSTRETCHED: ReadonlySet<string> = new Set(["su", "longrope", "llama3", "default", "mrope", "proportional"]);

function typeOf(rope: Readonly<Record<string, unknown>>): string {
  return asText(rope["rope_type"] ?? rope["type"] ?? "default");
}

function listIn(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
