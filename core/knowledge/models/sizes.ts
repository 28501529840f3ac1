import { bytesOf } from "./facts.ts";
import { named } from "./named.ts";

/** What is known of a model whose shape is not: parameters and context as they are published. */
export interface ModelSize {
  parameters: number;
  bytesPerParameter: number;
  /** Longest context. */
  maxPositions: number;
}

/** Name, parameters in 10⁹, context, the form in which the weights are stored, and other names of the same model. */
type SizeRow = readonly [string, number, number, string, (readonly string[])?];

/**
 * Models of which only this much is published where we could read it. Source: vllm-project/recipes@8959cf6, models/: parameter_count,
 * context_length and precision. A model whose shape is found moves to table.ts.
 */
// biome-ignore format: a row a line
const SIZES: readonly SizeRow[] = [
  ["google/diffusiongemma-26B-A4B", 26, 262144, "bfloat16"],
  ["JetBrains/Mellum2-12B-A2.5B", 12, 131072, "bfloat16", ["mellum2-12b-a2.5b-thinking"]],
  ["LiquidAI/LFM2.5-1.2B", 1.2, 32768, "bfloat16", ["lfm2.5-1.2b-jp", "lfm2.5-1.2b-thinking", "lfm2.5-1.2b-jp-202606"]],
  ["LiquidAI/LFM2.5-230M", 0.23, 32768, "bfloat16"],
  ["LiquidAI/LFM2.5-350M", 0.35, 32768, "bfloat16"],
  ["LiquidAI/LFM2.5-8B-A1B", 8, 128000, "bfloat16"],
  ["LiquidAI/LFM2.5-VL-1.6B", 1.6, 32768, "bfloat16"],
  ["LiquidAI/LFM2.5-VL-450M", 0.45, 32768, "bfloat16"],
  ["PaddlePaddle/PaddleOCR-VL", 0.9, 131072, "bfloat16", ["paddleocr-vl-1.5", "paddleocr-vl-1.6"]],
  ["Qwen/Qwen3-ASR-1.7B", 2.3, 65536, "bfloat16"],
  ["Qwen/Qwen3.8-2.4T-A95B", 2400, 262144, "bfloat16"],
  ["XiaomiMiMo/MiMo-V2.5-Pro", 1000, 1048576, "fp8"],
  ["XiaomiMiMo/MiMo-V2.5", 311, 1048576, "fp8"],
  ["arcee-ai/Trinity-Large-Thinking", 398, 262144, "bfloat16"],
  ["baidu/Unlimited-OCR", 3, 32768, "bfloat16"],
  ["dots-studio/dots3-note-prev", 288, 524288, "fp8"],
  ["inclusionAI/Ling-2.6-1T", 1000, 262144, "fp8"],
  ["inclusionAI/Ring-2.6-1T", 1000, 131072, "fp8"],
  ["inclusionAI/Ling-2.6-flash", 104, 131072, "bfloat16"],
  ["inclusionAI/Ling-3.0-flash", 124, 262144, "bfloat16"],
  ["jinaai/jina-embeddings-v5-text-small", 0.7, 32768, "bfloat16", ["jina-embeddings-v5-text-small-retrieval", "jina-embeddings-v5-text-small-text-matching", "jina-embeddings-v5-text-small-classification", "jina-embeddings-v5-text-small-clustering"]],
  ["meta-models/Muse-Glimmer-30B", 29.6, 131072, "bfloat16"],
  ["mistralai/Voxtral-Mini-4B-Realtime-2602", 4.4, 131072, "bfloat16"],
  ["nvidia/Llama-3_3-Nemotron-Super-49B-v1", 49.9, 131072, "bfloat16", ["llama-3_3-nemotron-super-49b-v1_5"]],
  ["openbmb/MiniCPM-V-4.6", 1.3, 262144, "bfloat16"],
  ["openbmb/MiniCPM5-1B", 1.1, 131072, "bfloat16"],
  ["pfnet/plamo-2-translate", 9.5, 8192, "bfloat16"],
  ["pfnet/plamo-3-nict-31b", 32, 4096, "bfloat16"],
  ["poolside/Laguna-M.1", 225, 262144, "bfloat16"],
  ["poolside/Laguna-S-2.1", 118, 262144, "bfloat16"],
  ["tencent/HunyuanOCR", 1, 32768, "bfloat16"],
  ["thinkingmachines/Inkling-Small", 276, 1048576, "bfloat16"],
  ["thinkingmachines/Inkling", 975, 1048576, "bfloat16"],
  ["zai-org/GLM-ASR-Nano-2512", 2.3, 8192, "bfloat16"],
  ["zai-org/GLM-GA", 10, 131072, "bfloat16"],
  ["zai-org/GLM-OCR", 0.9, 131072, "bfloat16"],
];

/** The size of a model by its name, found as rows of the catalogue are. */
export function sizeNamed(name: string): ModelSize | undefined {
  const found = named(name, SIZES, ([id, , , , also = []]) => [id, ...also]);
  if (found === undefined) return undefined;
  const [, billions, maxPositions, form] = found.row;
  const bytesPerParameter = bytesOf(found.variant.format ?? form) ?? 2;
  return { parameters: billions * 1e9, bytesPerParameter, maxPositions };
}
