import { lastPart } from "./named.ts";

/** The checkpoint, its weights in GiB as they are loaded, and the source of that. */
type Published = readonly [string, number, string];

/**
 * Quantised checkpoints whose size does not follow from their form, because their publisher leaves parts of the model
 * in 16 bits: the attention, the embeddings of the output, towers. Others publish the same model in the same form and
 * under the same name with everything quantised, so a row applies to one publisher.
 */
// biome-ignore format: a row a line
const PUBLISHED: readonly Published[] = [
  ...["Llama-3.1-405B-Instruct-FP8", "Meta-Llama-3.1-405B-Instruct-FP8", "Llama-3.1-405B-FP8", "Meta-Llama-3.1-405B-FP8"].map(
    (name): Published => [`meta-llama/${name}`, 462, "57.75 GiB on each of 8 ranks, attention in 16 bits: vllm-project/vllm#6746"],
  ),
  ["nvidia/NVIDIA-Nemotron-3-Nano-30B-A3B-FP8", 31, "30.52 GiB in vLLM 0.13 to 0.16, 31.4 in 0.18 to 0.20: ashishkamra/vllm-memory-estimator@8b0e21d"],
  ["nvidia/NVIDIA-Nemotron-3-Nano-4B-FP8", 4.91, "attention and the layers with a state before it in 16 bits: vLLM 0.13, log 55241598681 of tests/core/knowledge/memory/found"],
  ["nvidia/NVIDIA-Nemotron-3-Super-120B-A12B-FP8", 119.8, "59.91 GiB on each of 2 ranks, the same"],
  ...["Qwen3.5-27B-NVFP4", "Qwen3.6-27B-NVFP4", "Qwen3.8-27B-NVFP4"].map(
    (name): Published => [`nvidia/${name}`, 20, "attention in 8 bits: vllm-project/recipes, models/Qwen/Qwen3.8-27B.yaml"],
  ),
  ["nvidia/Qwen3.6-35B-A3B-NVFP4", 20.35, "19.52 GiB without the tower of 0.83: vLLM 0.21 of NVIDIA 26.05, log 70394784262, a public one"],
  ["nvidia/Gemma-4-26B-A4B-NVFP4", 17.9, "vLLM 0.20.2, log 56816929356 of tests/core/knowledge/memory/logs"],
  ["Inferact/Qwen3.8-27B-NVFP4", 24.6, "delta nets in 16 bits: the same"],
  // Its config.json leaves out lm_head, embed_vision and every self_attn, which agrees with 31 GiB;
  // vllm-project/vllm#40291 reports 29.4 GiB before they were all loaded.
  ["nvidia/Gemma-4-31B-IT-NVFP4", 31, "the card of LilaRest/gemma-4-31B-it-NVFP4-turbo, which compares them on one GPU"],
  ["google/gemma-4-E2B-it-qat-mobile-ct", 2.65, "3.6 times less than in 16 bits, embeddings in 2 bits: vllm-project/recipes, models/Google/gemma-4-E2B-it.yaml"],
  ["google/gemma-4-E4B-it-qat-mobile-ct", 3.63, "4.1 times less than in 16 bits: models/Google/gemma-4-E4B-it.yaml, there"],
  ["prithivMLmods/gemma-4-31B-it-NVFP4", 19.6, "the same card"],
  ["cyankiwi/gemma-4-31B-it-AWQ-4bit", 19.6, "the same card"],
  ["cyankiwi/Mistral-Small-4-119B-2603-AWQ-4bit", 67.1, "33.94 GiB on each of 2 ranks, the tower whole: vLLM 0.18, log 66157793608 of tests/core/knowledge/memory/found"],
];

const GIB = 1024 ** 3;
const BYTES = new Map(PUBLISHED.map(([id, gib]) => [id.toLowerCase(), gib * GIB]));

/**
 * Checkpoints whose experts are multiplied by inputs of 16 bits: vLLM 0.24 runs them with Marlin on every GPU
 * (vllm-project/vllm#47749).
 */
const WIDE_INPUTS: ReadonlySet<string> = new Set(["nvidia/qwen3.6-35b-a3b-nvfp4"]);

export function hasWideInputs(name: string): boolean {
  return WIDE_INPUTS.has(idOf(name));
}

/** The publisher and the name of a checkpoint, in lower case. */
function idOf(name: string): string {
  return `${(name.split("/").at(-2) ?? "").toLowerCase()}/${lastPart(name)}`;
}

/** The size of the weights of a checkpoint, by its publisher and its name; undefined if it follows from its form. */
export function publishedBytes(name: string): number | undefined {
  return BYTES.get(idOf(name));
}
