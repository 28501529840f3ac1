import { z } from "zod";

const atLeastOne = z.int().positive().optional();

/** Typed settings of vLLM; each becomes the flag that is named, in the layer that sets it. */
export const tuning = z.strictObject({
  tensorParallelSize: atLeastOne.describe("The same as parallelism.tensor."),
  pipelineParallelSize: atLeastOne.describe("The same as parallelism.pipeline."),
  dataParallelSize: atLeastOne.describe("The same as parallelism.data."),
  enableExpertParallel: z.boolean().optional().describe("The same as parallelism.expert."),
  maxModelLen: atLeastOne.describe("--max-model-len: longest context, in tokens."),
  gpuMemoryUtilization: z
    .number()
    .gt(0)
    .max(1)
    .optional()
    .describe("--gpu-memory-utilization: share of the memory, above 0 up to 1."),
  kvCacheMemoryBytes: atLeastOne.describe("--kv-cache-memory-bytes: KV cache of each GPU, in bytes. From vLLM 0.10.2."),
  maxNumSeqs: atLeastOne.describe("--max-num-seqs: sequences in one step."),
  maxNumBatchedTokens: atLeastOne.describe("--max-num-batched-tokens: tokens in one step."),
  blockSize: atLeastOne.describe("--block-size: tokens in a block of the KV cache."),
  kvCacheDtype: z.string().optional().describe("--kv-cache-dtype: auto, fp8 …"),
  dtype: z.string().optional().describe("--dtype: auto, bfloat16, float16 …"),
  quantization: z.string().optional().describe("--quantization: awq, fp8, gptq …"),
  enablePrefixCaching: z.boolean().optional().describe("--enable-prefix-caching, or --no-enable-prefix-caching."),
  enableChunkedPrefill: z.boolean().optional().describe("--enable-chunked-prefill, or --no-enable-chunked-prefill."),
  enforceEager: z.boolean().optional().describe("--enforce-eager: no CUDA graphs."),
  all2allBackend: z.string().optional().describe("--all2all-backend: how experts exchange tokens. From vLLM 0.11.1."),
  maxLoras: atLeastOne.describe("--max-loras: adapters in one batch; turns on --enable-lora."),
  maxLoraRank: atLeastOne.describe("--max-lora-rank: largest rank of an adapter; turns on --enable-lora."),
  maxCpuLoras: atLeastOne.describe("--max-cpu-loras: adapters kept in CPU memory; turns on --enable-lora."),
  toolCallParser: z.string().optional().describe("--tool-call-parser; turns on --enable-auto-tool-choice."),
  reasoningParser: z.string().optional().describe("--reasoning-parser."),
  speculativeConfig: z.looseObject({}).optional().describe("--speculative-config, as JSON: model, method, tokens …"),
});
export type Tuning = z.infer<typeof tuning>;
