import { bytesOf } from "../facts.ts";
import { named } from "./named.ts";

/** What is known of a model without a known shape: parameters and context as they are published. */
export interface ModelSize {
  parameters: number;
  bytesPerParameter: number;
  /** Longest context. */
  maxPositions: number;
}

/** Name, parameters in 10⁹, context, and the form in which the weights are stored. */
type SizeRow = readonly [string, number, number, string];

/**
 * Models for which only this much was published where it could be read. Source: vllm-project/recipes@8959cf6, models/:
 * parameter_count, context_length and precision. A model moves to table.ts once its shape is found.
 */
// biome-ignore format: a row a line
const SIZES: readonly SizeRow[] = [
  ["LiquidAI/LFM2.5-230M", 0.23, 32768, "bfloat16"],
  ["baidu/Unlimited-OCR", 3, 32768, "bfloat16"],
  ["dots-studio/dots3-note-prev", 288, 524288, "fp8"],
  ["mistralai/Voxtral-Mini-4B-Realtime-2602", 4.4, 131072, "bfloat16"],
  ["openbmb/MiniCPM-V-4.6", 1.3, 262144, "bfloat16"],
  ["openbmb/MiniCPM5-1B", 1.1, 131072, "bfloat16"],
  ["pfnet/plamo-2-translate", 9.5, 8192, "bfloat16"],
  ["pfnet/plamo-3-nict-31b", 32, 4096, "bfloat16"],
  ["poolside/Laguna-M.1", 225, 262144, "bfloat16"],
  ["tencent/HunyuanOCR", 1, 32768, "bfloat16"],
  ["zai-org/GLM-ASR-Nano-2512", 2.3, 8192, "bfloat16"],
  ["zai-org/GLM-GA", 10, 131072, "bfloat16"],
  ["zai-org/GLM-OCR", 0.9, 131072, "bfloat16"],
];

const namesOf = ([id]: SizeRow): readonly string[] => [id];

/** The id of the model of this table to which a name refers. */
export function idOfSize(name: string): string | undefined {
  return named(name, SIZES, namesOf)?.row[0];
}

/** The size of a model by its name, which is looked up like rows of the catalogue. */
export function sizeNamed(name: string): ModelSize | undefined {
  const found = named(name, SIZES, namesOf);
  if (found === undefined) return undefined;
  const [, billions, maxPositions, form] = found.row;
  const bytesPerParameter = bytesOf(found.variant.format ?? form) ?? 2;
  return { parameters: billions * 1e9, bytesPerParameter, maxPositions };
}
