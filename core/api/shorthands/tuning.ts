import { z } from "zod";

const atLeastOne = z.int().positive().optional();

/** Typed settings of vLLM; each becomes the named flag, in the layer that sets it. */
export const tuning = z.strictObject({
  tensorParallelSize: atLeastOne.describe("Same as `parallelism.tensor`."),
  pipelineParallelSize: atLeastOne.describe("Same as `parallelism.pipeline`."),
  dataParallelSize: atLeastOne.describe("Same as `parallelism.data`."),
  enableExpertParallel: z.boolean().optional().describe("Same as `parallelism.expert`."),
  maxModelLen: atLeastOne.describe("Sets --max-model-len: the longest context, in tokens."),
  gpuMemoryUtilization: z
    .number()
    .gt(0)
    .max(1)
    .optional()
    .describe(
      "Sets --gpu-memory-utilization: the share of the accelerator's memory that vLLM uses, greater than 0 and at most 1.",
    ),
  kvCacheMemoryBytes: atLeastOne.describe(
    "Sets --kv-cache-memory-bytes: the size of the KV cache on each GPU, in bytes. Requires vLLM 0.10.2 or later.",
  ),
  maxNumSeqs: atLeastOne.describe("Sets --max-num-seqs: the maximum number of sequences in one step."),
  maxNumBatchedTokens: atLeastOne.describe("Sets --max-num-batched-tokens: the maximum number of tokens in one step."),
  blockSize: atLeastOne.describe("Sets --block-size: the number of tokens in a block of the KV cache."),
  kvCacheDtype: z
    .string()
    .optional()
    .describe("Sets --kv-cache-dtype: the data type of the KV cache, for example auto or fp8."),
  dtype: z
    .string()
    .optional()
    .describe("Sets --dtype: the data type of weights and activations, for example auto, bfloat16 or float16."),
  quantization: z
    .string()
    .optional()
    .describe("Sets --quantization: the quantization method, for example awq, fp8 or gptq."),
  enablePrefixCaching: z
    .boolean()
    .optional()
    .describe("Sets --enable-prefix-caching (true) or --no-enable-prefix-caching (false)."),
  enableChunkedPrefill: z
    .boolean()
    .optional()
    .describe("Sets --enable-chunked-prefill (true) or --no-enable-chunked-prefill (false)."),
  enforceEager: z.boolean().optional().describe("Sets --enforce-eager: vLLM then uses no CUDA graphs."),
  all2allBackend: z
    .string()
    .optional()
    .describe("Sets --all2all-backend: how experts exchange tokens. Requires vLLM 0.11.1 or later."),
  maxLoras: atLeastOne.describe("Sets --max-loras: the number of LoRA adapters in one batch. Also sets --enable-lora."),
  maxLoraRank: atLeastOne.describe(
    "Sets --max-lora-rank: the largest rank of a LoRA adapter. Also sets --enable-lora.",
  ),
  maxCpuLoras: atLeastOne.describe(
    "Sets --max-cpu-loras: the number of LoRA adapters that are kept in CPU memory. Also sets --enable-lora.",
  ),
  toolCallParser: z
    .string()
    .optional()
    .describe("Sets --tool-call-parser: the parser of tool calls. Also sets --enable-auto-tool-choice."),
  reasoningParser: z.string().optional().describe("Sets --reasoning-parser: the parser of reasoning output."),
  speculativeConfig: z
    .looseObject({})
    .optional()
    .describe(
      "Sets --speculative-config: model, method and number of tokens of speculative decoding, as vLLM's JSON object. A `model` written as a URI (hf://, s3://, gs://, modelscope://, oci+fetch://, pvc://, oci+native://) is downloaded in the same way as the model.",
    ),
});
export type Tuning = z.infer<typeof tuning>;
