import { z } from "zod";

/** Typed settings of vLLM; each becomes the flag that is named, in the layer that sets it. */
export const tuning = z.strictObject({
  maxModelLen: z.int().positive().optional().describe("--max-model-len: longest context, in tokens."),
  gpuMemoryUtilization: z
    .number()
    .gt(0)
    .max(1)
    .optional()
    .describe("--gpu-memory-utilization: share of the memory, above 0 up to 1."),
  maxNumSeqs: z.int().positive().optional().describe("--max-num-seqs: sequences in one step."),
  maxNumBatchedTokens: z.int().positive().optional().describe("--max-num-batched-tokens: tokens in one step."),
  blockSize: z.int().positive().optional().describe("--block-size: tokens in a block of the KV cache."),
  kvCacheDtype: z.string().optional().describe("--kv-cache-dtype: auto, fp8 …"),
  dtype: z.string().optional().describe("--dtype: auto, bfloat16, float16 …"),
  quantization: z.string().optional().describe("--quantization: awq, fp8, gptq …"),
  enablePrefixCaching: z.boolean().optional().describe("--enable-prefix-caching, or --no-enable-prefix-caching."),
  enableChunkedPrefill: z.boolean().optional().describe("--enable-chunked-prefill, or --no-enable-chunked-prefill."),
  enforceEager: z.boolean().optional().describe("--enforce-eager: no CUDA graphs."),
  toolCallParser: z.string().optional().describe("--tool-call-parser; turns on --enable-auto-tool-choice."),
  reasoningParser: z.string().optional().describe("--reasoning-parser."),
  speculativeConfig: z.looseObject({}).optional().describe("--speculative-config, as JSON."),
});
export type Tuning = z.infer<typeof tuning>;
