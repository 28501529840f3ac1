import { isObject } from "../../../kubernetes/json.ts";
import { entryOf } from "../../../kubernetes/table.ts";
import { type ModelInfo, numberOf } from "./config.ts";

/** What a layer without a token cache keeps for each sequence instead, as numbers of the whole model. */
export interface States {
  layers: number;
  /** Inputs of the convolution per earlier token, in the type of the model, and the number of kept tokens. */
  convolved: number;
  kernel: number;
  /** Numbers of the recurrence, and bytes per number; undefined if it has the type of the model. */
  recurrent: number;
  recurrentBytes?: number;
}

/** Bytes of a state by the name of its type; other names mean the model's own type. */
const WIDE: ReadonlySet<unknown> = new Set(["float32", "float"]);

/**
 * The states of linear attention (gated delta nets, Kimi Delta Attention, lightning attention), of Mamba-2 and of short convolutions;
 * undefined for a config without their shape. Source: MambaStateShapeCalculator and MambaStateDtypeCalculator,
 * vllm/model_executor/layers/mamba/mamba_utils.py, and the config classes in vllm/model_executor/models/config.py,
 * 0.32.
 */
export function statesOf(config: ModelInfo, { linear, mamba }: { linear: number; mamba: number }): States | undefined {
  if (mamba > 0) return mambaStates(config, mamba);
  if (linear === 0) return undefined;
  return (
    convolutions(config, linear) ??
    lightningStates(config, linear) ??
    kimiStates(config, linear) ??
    deltaStates(config, linear)
  );
}

/** Nemotron-H keeps 32 bits unless its config sets another type; the others have the type of the model. */
function mambaStates(config: ModelInfo, layers: number): States | undefined {
  const heads = numberOf(config["mamba_num_heads"]);
  if (heads === undefined) return undefined;
  const width = numberOf(config["mamba_head_dim"]) ?? 64;
  const size = numberOf(config["ssm_state_size"]) ?? 128;
  const type = config["mamba_ssm_cache_dtype"] ?? (config.model_type === "nemotron_h" ? "float32" : undefined);
  const kernel = numberOf(config["conv_kernel"]) ?? numberOf(config["mamba_d_conv"]) ?? 4;
  return {
    layers,
    convolved: heads * width + 2 * (numberOf(config["n_groups"]) ?? 1) * size,
    kernel: kernel - 1,
    recurrent: heads * width * size,
    ...(WIDE.has(type) && { recurrentBytes: 4 }),
  };
}

/** LFM2 only keeps the input of its convolutions. */
function convolutions(config: ModelInfo, layers: number): States | undefined {
  const kernel = numberOf(config["conv_L_cache"]);
  const width = numberOf(config["conv_dim"]) ?? config.hidden_size;
  if (kernel === undefined || width === undefined) return undefined;
  return { layers, convolved: width, kernel: kernel - 1, recurrent: 0 };
}

/** Ling and Ring 2.5 and 2.6, but not 3.0. */
const LIGHTNING = /^bailing_(?:moe_linear|moe_v2_5|hybrid)$/;

/**
 * Lightning attention keeps a matrix for each head and no input, in the type of the model. Source: LinearAttention,
 * vllm/model_executor/layers/mamba/linear/base.py.
 */
function lightningStates(config: ModelInfo, layers: number): States | undefined {
  const { model_type: type = "", num_attention_heads: heads, hidden_size: hidden } = config;
  if (!LIGHTNING.test(type) || heads === undefined || hidden === undefined) return undefined;
  const width = config.head_dim ?? Math.floor(hidden / heads);
  return { layers, convolved: 0, kernel: 0, recurrent: heads * width * width };
}

function kimiStates(config: ModelInfo, layers: number): States | undefined {
  const mixed = config["linear_attn_config"];
  const heads = isObject(mixed) ? numberOf(mixed["num_heads"]) : undefined;
  const width = isObject(mixed) ? numberOf(mixed["head_dim"]) : undefined;
  if (!isObject(mixed) || heads === undefined || width === undefined) return undefined;
  const kernel = numberOf(mixed["short_conv_kernel_size"]) ?? 4;
  return {
    layers,
    convolved: 3 * heads * width,
    kernel: kernel - 1,
    recurrent: heads * width * width,
    recurrentBytes: 4,
  };
}

function deltaStates(config: ModelInfo, layers: number): States | undefined {
  const [keyHeads, valueHeads, keyWidth, valueWidth] = [
    "linear_num_key_heads",
    "linear_num_value_heads",
    "linear_key_head_dim",
    "linear_value_head_dim",
  ].map((field) => numberOf(entryOf(config, field)));
  if (keyHeads === undefined || valueHeads === undefined || keyWidth === undefined || valueWidth === undefined)
    return undefined;
  // Kimi Delta Attention has 32 bits, Qwen3.5 and later have the type in their config, Qwen3-Next has the type of the
  // model.
  const isWide = isObject(config["linear_attn_config"]) || WIDE.has(config["mamba_ssm_dtype"]);
  return {
    layers,
    convolved: 2 * keyHeads * keyWidth + valueHeads * valueWidth,
    kernel: (numberOf(config["linear_conv_kernel_dim"]) ?? 4) - 1,
    recurrent: valueHeads * valueWidth * keyWidth,
    ...(isWide && { recurrentBytes: 4 }),
  };
}
