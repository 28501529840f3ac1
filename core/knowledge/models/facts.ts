import { type Json, objectOf } from "../../kubernetes/json.ts";
import { entryOf } from "../../kubernetes/table.ts";
import { type CacheType, cacheTypeOf } from "./config/cachetype.ts";
import { type ModelInfo, numberOf, type Shape } from "./config/config.ts";
import { type Caches, cachesOf } from "./config/layers.ts";
import { normalConfig } from "./config/normal.ts";
import { countParameters, expertsOf } from "./config/parameters.ts";
import { type Pictures, picturesOf } from "./config/pictures.ts";
import { positionsOf, type Use, useOf } from "./config/pooling.ts";
import { leavesRows, leavesShared, takesWideInputs } from "./config/quantization.ts";

/** A model as the memory of an engine sees it. Counts are of numbers, not of bytes, unless stated otherwise. */
export interface ModelFacts extends Shape, Caches, Use {
  /**
   * Width of the feed-forward part that one token passes: of its routed experts, taken together, or of the single one.
   */
  width: number;
  /**
   * Number of routed experts of a layer, the width of one, and how many of them a token passes; undefined for models
   * without.
   */
  experts?: number;
  expertWidth?: number;
  expertsPerToken?: number;
  /** Width of the experts' input, if it is not the hidden state. */
  expertHidden?: number;
  /** Rows of weights that share a scale: a rank must hold whole blocks. Undefined if scales are per row or tensor. */
  weightBlock?: number;
  /** The same for experts that are quantised in groups (GPTQ, AWQ). */
  expertGroup?: number;
  /** The same for layers without experts; `guessed` if only the model's name implies it: files may be padded. */
  group?: { size: number; guessed?: boolean };
  /** Width of the first layers, if these have no experts and later ones have. */
  denseWidth?: number;
  /** Width of the experts that every token passes, taken together. */
  sharedWidth?: number;
  /** Whether those are left in 16 bits if the rest is quantised. */
  keepsShared?: boolean;
  /** How the weights are stored, if they are quantised. */
  format?: string;
  /** Whether inputs keep 16 bits where the weights have four. */
  wideInputs?: boolean;
  /** Whether vLLM leaves rows of FP8 as they are stored on each accelerator. */
  plainRows?: boolean;
  /** The type of the KV cache, if the files of the model ask for another one than the model's own. */
  cacheType?: CacheType;
  /** Longest context; undefined if the config does not contain it. */
  maxPositions?: number;
  /**
   * The context that vLLM takes from 0.11.1 on if no length is set: a model with LongRoPE answers short prompts worse if
   * it takes more. Undefined: the longest context. Source: _get_and_verify_max_len, vllm/config/model.py.
   */
  defaultPositions?: number;
  /** The positions of the config, if the model can use fewer of them. */
  statedPositions?: number;
  /** Whether the longest context is the family's: no file of the model was read. */
  guessedPositions?: boolean;
  /** Number of all parameters, and of these the routed experts' and those of the embeddings. */
  parameters: number;
  expertParameters: number;
  embeddingParameters: number;
  /** Parameters that each tensor-parallel rank holds whole. */
  wholeParameters?: number;
  /**
   * Of the parameters that are neither in an expert nor an embedding, those that publishers leave in 16 bits if they
   * quantise the rest: towers.
   */
  towerParameters?: number;
  /**
   * The same for layers that keep a state instead of a cache (linear attention, Mamba): some publishers leave these out
   * too.
   */
  stateParameters?: number;
  /** Whether every publisher who quantises the model leaves everything except the experts in 16 bits. */
  expertsAlone?: boolean;
  /** Whether the publisher of the quantised model left out those layers. */
  keepsStates?: boolean;
  /** Whether vLLM before 0.20 holds the whole tower on each rank. */
  wholeTower?: boolean;
  /** Parts in addition to the language model (a vision or audio tower), which also need working memory in a step. */
  multimodal?: boolean;
  /** What its tower makes of pictures and videos, if that is known. */
  pictures?: Pictures;
  /** Bytes of one parameter as it is stored; embeddings are stored in 16 bits even where the rest is quantised. */
  bytesPerParameter: number;
  /** The same for what is neither an expert nor an embedding, if only the experts are stored so. */
  otherBytes?: number;
  /** Number of parallel streams of the hidden state, if there are several (hyper-connections of DeepSeek V4). */
  streams?: number;
  /** Sum of the stored weights, if it is known. */
  weightBytes?: number;
}

/** Reads a config; undefined if a field from which the size follows is missing. */
export function factsOf(info: ModelInfo): ModelFacts | undefined {
  const config = normalConfig(info);
  const { num_hidden_layers: layers, hidden_size: hidden, num_attention_heads: heads, vocab_size: vocab } = config;
  if (layers === undefined || hidden === undefined || heads === undefined || vocab === undefined) return undefined;
  const kvHeads = config.num_key_value_heads ?? heads;
  const headDim = config.head_dim ?? Math.floor(hidden / heads);
  const shape = { layers, hidden, heads, kvHeads, headDim, vocab };
  const experts = expertsOf(config, shape);
  const isSparse = experts.layers > 0;
  const quantized = config.quantization_config ?? undefined;
  const block = quantized?.weight_block_size?.[0];
  const group = numberOf(quantized?.["group_size"]);
  const perToken = config.num_experts_per_tok ?? 1;
  const latent = numberOf(config["moe_latent_size"]);
  const streams = numberOf(config["hc_mult"]);
  const cacheType = cacheTypeOf(info);
  const pictures = picturesOf(info);
  return {
    ...shape,
    width: isSparse ? experts.width : (config.intermediate_size ?? 4 * hidden),
    ...(isSparse && { experts: experts.count, expertWidth: experts.each, expertsPerToken: perToken }),
    ...(isSparse && latent !== undefined && { expertHidden: latent }),
    ...(isSparse && (config.first_k_dense_replace ?? 0) > 0 && { denseWidth: config.intermediate_size ?? 4 * hidden }),
    ...(block && { weightBlock: block }),
    ...(streams !== undefined && { streams }),
    ...(isSparse && experts.sharedWidth > 0 && { sharedWidth: experts.sharedWidth }),
    ...(isSparse &&
      leavesShared(info.quantization_config ?? info.text_config?.quantization_config) && { keepsShared: true }),
    ...(group !== undefined && group > 0 && (isSparse ? { expertGroup: group } : { group: { size: group } })),
    ...(quantized?.quant_method !== undefined && { format: quantized.quant_method }),
    ...(cacheType && { cacheType }),
    ...(leavesRows(info.quantization_config ?? info.text_config?.quantization_config) && { plainRows: true }),
    ...(takesWideInputs(info.quantization_config ?? info.text_config?.quantization_config) && { wideInputs: true }),
    ...positionsOf(config),
    ...useOf(config),
    ...countParameters(config, shape, experts),
    ...cachesOf(config, shape),
    ...((info.text_config !== undefined || info["vision_config"] !== undefined) && { multimodal: true }),
    ...(objectOf(info["vision_config"] as Json | undefined)["model_type"] === "pixtral" && { wholeTower: true }),
    ...(pictures && { pictures }),
    bytesPerParameter: storedBytes(config),
    ...(isSparse &&
      EXPERTS_ONLY.has(quantized?.quant_method ?? "") && { otherBytes: numberOf(config["other_bytes"]) ?? 2 }),
    ...(isSparse && EXPERTS_ALONE.test(config.model_type ?? "") && { expertsAlone: true }),
    ...(info.weightBytes !== undefined && { weightBytes: info.weightBytes }),
  };
}

/**
 * Formats that publishers of models with experts only apply to the experts: gpt-oss, Kimi-K2-Thinking,
 * nvidia/DeepSeek-V3.1-NVFP4.
 */
const EXPERTS_ONLY: ReadonlySet<string> = new Set(["mxfp4", "nvfp4", "int4"]);

/** Llama 4: the FP8 of its publisher and of RedHatAI leaves out all attention, and the feed-forward parts that every token passes. */
const EXPERTS_ALONE = /^llama4/;

type Quantization = NonNullable<ModelInfo["quantization_config"]>;

/** Bits of a stored parameter, including scales: 4-bit formats keep one scale of 8 or 16 bits for 16 to 128 numbers. */
const STORED_BITS: Readonly<Record<string, number>> = {
  fp8: 8,
  fbgemm_fp8: 8,
  int8: 8,
  mxfp8: 8.25,
  mxfp4: 4.25,
  nvfp4: 4.5,
  int4: 4.25,
  modelopt: 8,
  modelopt_fp4: 4.5,
  awq: 4.25,
  gptq: 4.25,
  bitsandbytes: 4.25,
};
const DTYPE_BYTES: Readonly<Record<string, number>> = { float32: 4, float: 4, float16: 2, half: 2, bfloat16: 2 };

/** Bytes of a parameter in a quantisation or a dtype; undefined for any other name, and for `auto`. */
export function bytesOf(format: string): number | undefined {
  const bits = entryOf(STORED_BITS, format.replace(/_marlin$/, ""));
  return bits === undefined ? entryOf(DTYPE_BYTES, format) : bits / 8;
}

/**
 * Four bits and the share of a group's scale of 16 bits, and of its zero point of four, which GPTQ and AWQ always store:
 * 4.16 for groups of 128, 4.63 for groups of 32.
 */
function groupedBits({ group_size: group, quant_method: method = "", zero_points: hasZeros }: Quantization): number {
  const size = numberOf(group);
  if (size === undefined) return STORED_BITS["int4"] as number;
  const isShifted = hasZeros === true || /^(?:awq|gptq)/.test(method);
  return size > 0 ? 4 + (isShifted ? 20 : 16) / size : 4;
}

function storedBytes({ quantization_config: quantized, torch_dtype, dtype }: ModelInfo): number {
  if (quantized !== undefined && quantized !== null) {
    const bits = quantized.bits ?? quantized.num_bits ?? (quantized.quant_method === "int4" ? 4 : undefined);
    if (bits !== undefined) return bits === 4 ? groupedBits(quantized) / 8 : bits / 8;
    return bytesOf(quantized.quant_method ?? "") ?? 1;
  }
  return bytesOf(torch_dtype ?? dtype ?? "bfloat16") ?? 2;
}
