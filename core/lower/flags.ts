import type { Tuning } from "../spec/tuning.ts";

/** The flag of each field of `tuning`. */
const FLAG: Readonly<Record<keyof Tuning, string>> = {
  maxModelLen: "max-model-len",
  gpuMemoryUtilization: "gpu-memory-utilization",
  maxNumSeqs: "max-num-seqs",
  maxNumBatchedTokens: "max-num-batched-tokens",
  blockSize: "block-size",
  kvCacheDtype: "kv-cache-dtype",
  dtype: "dtype",
  quantization: "quantization",
  enablePrefixCaching: "enable-prefix-caching",
  enableChunkedPrefill: "enable-chunked-prefill",
  enforceEager: "enforce-eager",
  toolCallParser: "tool-call-parser",
  reasoningParser: "reasoning-parser",
  speculativeConfig: "speculative-config",
};

/** The settings as vLLM flags, one word each (`--flag=value`), in the order of the table. */
export function tuningFlags(tuning: Tuning): string[] {
  return (Object.keys(FLAG) as (keyof Tuning)[]).flatMap((field) => {
    const value = tuning[field];
    if (value === undefined) return [];
    const flags = [flagOf(FLAG[field], value)];
    return field === "toolCallParser" ? [...flags, "--enable-auto-tool-choice"] : flags;
  });
}

function flagOf(flag: string, value: NonNullable<Tuning[keyof Tuning]>): string {
  if (typeof value === "boolean") return value ? `--${flag}` : `--no-${flag}`;
  return `--${flag}=${typeof value === "object" ? JSON.stringify(value) : value}`;
}
