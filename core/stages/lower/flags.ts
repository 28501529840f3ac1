import type { ParallelismSpec } from "../../api/shorthands/parallelism.ts";
import type { Tuning } from "../../api/shorthands/tuning.ts";

/** The field of `parallelism` for which a field of `tuning` is another name. */
const SIZES = {
  tensorParallelSize: "tensor",
  pipelineParallelSize: "pipeline",
  dataParallelSize: "data",
  enableExpertParallel: "expert",
} as const satisfies Partial<Record<keyof Tuning, keyof ParallelismSpec>>;
type Size = keyof typeof SIZES;

/** The flag of each other field. */
const FLAG: Readonly<Record<Exclude<keyof Tuning, Size>, string>> = {
  maxModelLen: "max-model-len",
  gpuMemoryUtilization: "gpu-memory-utilization",
  kvCacheMemoryBytes: "kv-cache-memory-bytes",
  maxNumSeqs: "max-num-seqs",
  maxNumBatchedTokens: "max-num-batched-tokens",
  blockSize: "block-size",
  kvCacheDtype: "kv-cache-dtype",
  dtype: "dtype",
  quantization: "quantization",
  enablePrefixCaching: "enable-prefix-caching",
  enableChunkedPrefill: "enable-chunked-prefill",
  enforceEager: "enforce-eager",
  all2allBackend: "all2all-backend",
  maxLoras: "max-loras",
  maxLoraRank: "max-lora-rank",
  maxCpuLoras: "max-cpu-loras",
  toolCallParser: "tool-call-parser",
  reasoningParser: "reasoning-parser",
  speculativeConfig: "speculative-config",
};

/** Flags that another flag requires. */
const NEEDS: Partial<Record<keyof typeof FLAG, string>> = {
  toolCallParser: "--enable-auto-tool-choice",
  maxLoras: "--enable-lora",
  maxLoraRank: "--enable-lora",
  maxCpuLoras: "--enable-lora",
};

/** A setting as a vLLM flag, one word (`--flag=value`), and the field that it comes from. */
export interface TuningFlag {
  field: keyof Tuning;
  flag: string;
}

/** The settings as flags, in the order of the table; a flag that others require is written once, after the first. */
export function tuningFlags(tuning: Tuning): TuningFlag[] {
  const all = (Object.keys(FLAG) as (keyof typeof FLAG)[]).flatMap((field): TuningFlag[] => {
    const value = tuning[field];
    if (value === undefined) return [];
    const needed = NEEDS[field];
    const flag = { field, flag: flagOf(FLAG[field], value) };
    return needed === undefined ? [flag] : [flag, { field, flag: needed }];
  });
  return all.filter(({ flag }, i) => all.findIndex((other) => other.flag === flag) === i);
}

/** A setting as a size of `parallelism`, and the field that it comes from. */
export interface TuningSize {
  field: Size;
  size: keyof ParallelismSpec;
  value: number | boolean;
}

/** The settings that are sizes of `parallelism`. */
export function tuningSizes(tuning: Tuning): TuningSize[] {
  return (Object.keys(SIZES) as Size[]).flatMap((field) => {
    const value = tuning[field];
    return value === undefined ? [] : [{ field, size: SIZES[field], value }];
  });
}

function flagOf(flag: string, value: NonNullable<Tuning[keyof Tuning]>): string {
  if (typeof value === "boolean") return value ? `--${flag}` : `--no-${flag}`;
  return `--${flag}=${typeof value === "object" ? JSON.stringify(value) : value}`;
}
