import { releaseNumber } from "./release.ts";

/**
 * What NixlConnector allows to differ between the engine that sends its KV cache (prefill) and the one that reads it (decode), by
 * release of vLLM.
 * Source: docs/features/nixl_connector_compatibility.md and nixl/metadata.py of vLLM; vllm-project/vllm#26759 (block sizes), #27274
 * (prefill's tensor size above decode's), #29503 (the handshake compares releases and settings).
 */
const SINCE = {
  /** Decode's block size may be a multiple of prefill's. */
  blockSizes: "0.12.0",
  /** Prefill's tensor size may be larger than decode's. */
  largerPrefill: "0.12.0",
  /** The two compare a hash of what must be the same, and refuse each other. */
  handshake: "0.13.0",
} as const;

export type NixlAbility = keyof typeof SINCE;

/** Whether a release has an ability; undefined where the release is unknown. */
export function nixlHas(ability: NixlAbility, release: number | undefined): boolean | undefined {
  return release === undefined ? undefined : release >= (releaseNumber(SINCE[ability]) ?? 0);
}

/** A setting that both sides must have alike. */
export interface SharedFlag {
  flag: string;
  /** What vLLM takes where the flag is not set; undefined where that follows from the model or the device. */
  initial?: string;
  /** Other words for the same value. */
  synonyms?: Readonly<Record<string, string>>;
  /** What does not fit where the values differ. */
  why: string;
}

/** The flags among what the handshake compares; block and tensor sizes are judged by themselves. */
export const SHARED_FLAGS: readonly SharedFlag[] = [
  {
    flag: "kv-cache-dtype",
    synonyms: { fp8: "fp8_e4m3" },
    why: "so their KV cache blocks are incompatible",
  },
  {
    flag: "dtype",
    synonyms: { half: "float16", float: "float32" },
    why: "so their KV cache blocks are incompatible",
  },
  { flag: "attention-backend", why: "so the layouts of their KV caches differ" },
  {
    flag: "disable-hybrid-kv-cache-manager",
    why: "so only one of them has the hybrid KV cache manager",
  },
];

/** Block size of vLLM on CUDA, where neither the flag nor the attention backend asks for another. */
export const DEFAULT_BLOCK_SIZE = 16;

/** Methods of speculative decoding without a draft model: they add nothing to the KV cache. */
export const WITHOUT_DRAFT: ReadonlySet<string> = new Set(["ngram", "ngram_gpu", "suffix"]);
