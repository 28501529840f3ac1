import { isObject } from "../../kubernetes/json.ts";
import { entryOf } from "../../kubernetes/table.ts";
import { type ModelInfo, numberOf } from "./config.ts";

/** What a layer that caches no tokens keeps of each sequence instead, as numbers of the whole model. */
export interface States {
  layers: number;
  /** Inputs of the convolution of one token before, in the type of the model, and of how many tokens they are kept. */
  convolved: number;
  kernel: number;
  /** Numbers of the recurrence, and the bytes of one; undefined where it has the type of the model. */
  recurrent: number;
  recurrentBytes?: number;
}

/** Bytes of a state by the name of its type; others are the model's own. */
const WIDE: ReadonlySet<unknown> = new Set(["float32", "float"]);

/**
 * The states of linear attention (gated delta nets, Kimi Delta Attention), of Mamba-2 and of short convolutions; undefined for a config
 * that does not tell their shape. Source: MambaStateShapeCalculator and MambaStateDtypeCalculator,
 * vllm/model_executor/layers/mamba/mamba_utils.py, and the config classes in vllm/model_executor/models/config.py, 0.32.
 */
export function statesOf(config: ModelInfo, { linear, mamba }: { linear: number; mamba: number }): States | undefined {
  if (mamba > 0) return mambaStates(config, mamba);
  if (linear === 0) return undefined;
  return convolutions(config, linear) ?? kimiStates(config, linear) ?? deltaStates(config, linear);
}

/** Nemotron-H keeps 32 bits unless its config says otherwise, the others what the type of the model has. */
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

/** LFM2: what a convolution looks back at is all that it keeps. */
function convolutions(config: ModelInfo, layers: number): States | undefined {
  const kernel = numberOf(config["conv_L_cache"]);
  const width = numberOf(config["conv_dim"]) ?? config.hidden_size;
  if (kernel === undefined || width === undefined) return undefined;
  return { layers, convolved: width, kernel: kernel - 1, recurrent: 0 };
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
  // Kimi Delta Attention has 32 bits, Qwen3.5 and later what their config names, Qwen3-Next the type of the model.
  const isWide = isObject(config["linear_attn_config"]) || WIDE.has(config["mamba_ssm_dtype"]);
  return {
    layers,
    convolved: 2 * keyHeads * keyWidth + valueHeads * valueWidth,
    kernel: (numberOf(config["linear_conv_kernel_dim"]) ?? 4) - 1,
    recurrent: valueHeads * valueWidth * keyWidth,
    ...(isWide && { recurrentBytes: 4 }),
  };
}
