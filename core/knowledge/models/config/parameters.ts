import { entryOf } from "../../../kubernetes/table.ts";
import { type ModelInfo, numberOf, type Shape } from "./config.ts";
import { cachesOf, layersOf, ratiosOf } from "./layers.ts";

export interface Experts {
  /** Routed experts of a layer. */
  count: number;
  layers: number;
  parameters: number;
  /** Parameters of the experts that every token passes, and of the routers. */
  shared: number;
  /** Width of the experts that every token passes, taken together. */
  sharedWidth: number;
  /** Parameters of the experts that one token passes, and of a single expert. */
  width: number;
  each: number;
}

/** Parameters by how they are stored: experts are spread over ranks, embeddings stay in 16 bits. */
export function countParameters(config: ModelInfo, shape: Shape, experts: Experts) {
  const { hidden, vocab, layers } = shape;
  const embeddingParameters =
    vocab * hidden * (config.tie_word_embeddings === true ? 1 : 2) + ofEachLayer(config, layers);
  const { attention, linear, mamba, dense = layers - experts.layers } = layersOf(config, layers);
  const wide = numberOf(config["intermediate_size_mlp"]) ?? config.intermediate_size ?? 4 * hidden;
  const counted =
    allAttention(config, shape, attention - (numberOf(config["idle_attention_layers"]) ?? 0)) +
    linear * linearParameters(config, shape) +
    mamba * mambaParameters(config, hidden) +
    dense * feedForward(config, hidden, wide) +
    experts.parameters +
    experts.shared +
    compressors(config, shape) +
    encoderParameters(config, shape) +
    embeddingParameters;
  const stated = numberOf(config["parameters"]);
  const tower = towerParameters(config, (stated ?? stored(config) ?? counted) - counted);
  const state = linear * linearParameters(config, shape) + mamba * mambaParameters(config, hidden);
  const whole = attention * hidden * latentWidth(config) + compressors(config, shape);
  return {
    parameters: stated ?? counted,
    expertParameters: experts.parameters,
    embeddingParameters,
    ...(whole > 0 && { wholeParameters: whole }),
    ...(tower > 0 && { towerParameters: tower }),
    ...(state > 0 && { stateParameters: state }),
  };
}

/** The number of parameters of files in 16 bits, without experts: layers for MTP, if any, are as large as a tower. */
function stored({ weightBytes, quantization_config: quantized, ...config }: ModelInfo): number | undefined {
  const isPlain = quantized === undefined || quantized === null;
  const isSparse = ["num_experts", "num_local_experts", "n_routed_experts"].some(
    (name) => entryOf(config, name) !== undefined,
  );
  return weightBytes !== undefined && isPlain && !isSparse ? weightBytes / 2 : undefined;
}

/** Embeddings per layer (Gemma 3n, Gemma 4 E2B and E4B), in addition to the usual ones. */
function ofEachLayer(config: ModelInfo, layers: number): number {
  const width = numberOf(config["hidden_size_per_layer_input"]) ?? 0;
  return (numberOf(config["vocab_size_per_layer_input"]) ?? 0) * layers * width;
}

/** No tower is larger (InternViT-6B): any surplus consists of experts or tables of another kind. */
const LARGEST_TOWER = 6.5e9;

/** What a model with image or audio input has in addition to the counted language model. */
function towerParameters(config: ModelInfo, beside: number): number {
  const isMultimodal = config["vision_config"] !== undefined || config["audio_config"] !== undefined;
  return isMultimodal && beside > 0 && beside <= LARGEST_TOWER ? beside : 0;
}

/** The latents of queries, keys and values of a layer together; each rank holds the projections into them whole. */
function latentWidth(config: ModelInfo): number {
  const { kv_lora_rank: rank, q_lora_rank: queryRank, qk_rope_head_dim: rope = 0, head_dim: width = 0 } = config;
  if (rank !== undefined) return (queryRank ?? 0) + rank + rope;
  return numberOf(config["o_lora_rank"]) === undefined ? 0 : (queryRank ?? 0) + width;
}

/** The encoder before a decoder (Whisper), and the decoder's attention to it. */
function encoderParameters(config: ModelInfo, { hidden, layers }: Shape): number {
  const encoder = numberOf(config["encoder_layers"]);
  if (encoder === undefined || config.model_type !== "whisper") return 0;
  const attention = 4 * hidden * hidden;
  return (
    encoder * (attention + feedForward(config, hidden, config.intermediate_size ?? 4 * hidden)) + layers * attention
  );
}

/** All layers with attention: those with a window may have different heads (Gemma 4, MiMo). */
function allAttention(config: ModelInfo, shape: Shape, layers: number): number {
  const { sliding } = cachesOf(config, shape);
  const { kvHeads, headDim } = sliding ?? {};
  const own = kvHeads === undefined && headDim === undefined ? 0 : Math.min(layers, sliding?.layers ?? 0);
  const ofWindows = { ...shape, ...(kvHeads !== undefined && { kvHeads }), ...(headDim !== undefined && { headDim }) };
  return own * attentionParameters(config, ofWindows) + (layers - own) * attentionParameters(config, shape);
}

function attentionParameters(config: ModelInfo, { hidden, heads, kvHeads, headDim }: Shape): number {
  const {
    kv_lora_rank: rank,
    q_lora_rank: queryRank,
    qk_rope_head_dim: rope = 0,
    v_head_dim: value = headDim,
  } = config;
  const outRank = numberOf(config["o_lora_rank"]);
  if (outRank !== undefined) return groupedAttention(config, { hidden, heads, headDim }, outRank);
  const gate = config["attn_output_gate"] === true ? 2 : 1;
  if (rank === undefined) return hidden * (gate * heads + 2 * kvHeads) * headDim + heads * headDim * hidden;
  const nope = config.qk_nope_head_dim ?? headDim;
  const query = queryRank ? hidden * queryRank + queryRank * heads * (nope + rope) : hidden * heads * (nope + rope);
  return query + hidden * (rank + rope) + rank * heads * (nope + value) + heads * value * hidden;
}

/**
 * The weights that make one entry of DeepSeek V4's cache from 4 or from 128 tokens, and the indexer of the former; each
 * rank holds them whole.
 */
function compressors(config: ModelInfo, { hidden, headDim }: Shape): number {
  const index = numberOf(config["index_head_dim"]) ?? 0;
  const indexer = (numberOf(config["index_n_heads"]) ?? 0) * (index * (config.q_lora_rank ?? 0) + hidden);
  return ratiosOf(config)
    .map((ratio) => (ratio === 4 ? 4 * hidden * (headDim + index) + indexer : ratio > 0 ? 2 * hidden * headDim : 0))
    .reduce((all, one) => all + one, 0);
}

/**
 * DeepSeek V4: queries from a latent, one key that is the value too, and an output that passes a latent of each group of heads.
 * Source: the published modeling code and config.json.
 */
function groupedAttention(
  config: ModelInfo,
  { hidden, heads, headDim }: Pick<Shape, "hidden" | "heads" | "headDim">,
  outRank: number,
): number {
  const queryRank = config.q_lora_rank ?? hidden;
  const groups = numberOf(config["o_groups"]) ?? 1;
  const width = heads * headDim;
  return hidden * (queryRank + headDim) + queryRank * width + outRank * (width + groups * hidden);
}

/** A gated delta net: queries, keys, values and a gate in, values out. Source: Qwen3NextGatedDeltaNet, vllm/model_executor/models/qwen3_next.py. */
function linearParameters(config: ModelInfo, { hidden, heads, headDim }: Shape): number {
  const keys =
    (numberOf(config["linear_num_key_heads"]) ?? heads) * (numberOf(config["linear_key_head_dim"]) ?? headDim);
  const values =
    (numberOf(config["linear_num_value_heads"]) ?? heads) * (numberOf(config["linear_value_head_dim"]) ?? headDim);
  return hidden * (2 * keys + 2 * values) + values * hidden;
}

/** A Mamba-2 mixer: its inner width twice, the states of its groups, and out again. Source: MambaMixer2, vllm/model_executor/layers/mamba. */
function mambaParameters(config: ModelInfo, hidden: number): number {
  const heads = numberOf(config["mamba_num_heads"]) ?? 0;
  const inner = heads * (numberOf(config["mamba_head_dim"]) ?? 64);
  const states = (numberOf(config["n_groups"]) ?? 1) * (numberOf(config["ssm_state_size"]) ?? 128);
  return hidden * (2 * inner + 2 * states + heads) + inner * hidden;
}

/** Models of the first generation, and Nemotron's, have two matrices, all others three: gate, up and down. */
const UNGATED = new Set([
  ...["opt", "gpt2", "gpt_neox", "gpt_bigcode", "gptj", "bloom", "falcon", "mpt", "phi"],
  ...["starcoder2", "nemotron_h", "whisper", "apertus"],
  ...["bert", "distilbert", "electra", "roberta", "xlm-roberta", "xlm-roberta-xl", "camembert", "mpnet", "deberta-v2"],
]);

function feedForward(config: ModelInfo, hidden: number, width: number): number {
  const { model_type = "", activation_function: activation } = config;
  const isUngated = UNGATED.has(model_type) || (model_type === "nomic_bert" && activation === "gelu");
  return (isUngated ? 2 : 3) * hidden * width;
}

export function expertsOf(config: ModelInfo, { layers, hidden }: Shape): Experts {
  const count = config.n_routed_experts ?? config.num_local_experts ?? config.num_experts ?? 0;
  if (count <= 1) return { count: 0, layers: 0, parameters: 0, shared: 0, sharedWidth: 0, width: 0, each: 0 };
  const own = config.moe_intermediate_size ?? config.intermediate_size ?? 4 * hidden;
  const sparse =
    layersOf(config, layers).experts ??
    Math.floor((layers - (config.first_k_dense_replace ?? 0)) / (config.decoder_sparse_step ?? 1));
  // Experts that work in a latent of the hidden state (Nemotron 3 Super): two more matrices a layer lead there and back.
  const latent = numberOf(config["moe_latent_size"]);
  const each = feedForward(config, latent ?? hidden, own);
  const sharedWidth =
    numberOf(config["shared_expert_intermediate_size"]) ??
    numberOf(config["moe_shared_expert_intermediate_size"]) ??
    (config.n_shared_experts ?? 0) * own;
  const projections = latent === undefined ? 0 : 2 * hidden * latent;
  return {
    count,
    layers: sparse,
    parameters: sparse * count * each,
    shared: sparse * (feedForward(config, hidden, sharedWidth) + count * hidden + projections),
    sharedWidth,
    width: own * (config.num_experts_per_tok ?? 1) + sharedWidth,
    each: own,
  };
}
