import { releaseNumber, type Span } from "./release.ts";

/**
 * What NixlConnector allows to differ between the engine that sends its KV cache (prefill) and the one that reads it (decode), by
 * release of vLLM.
 * Source: the NIXL connector of the package `vllm` (kv_connector/v1/nixl_connector.py, later nixl/), every release from 0.9.0 to 0.33.0:
 * block_size_ratio, "Decode TP cannot be smaller than prefill TP", compute_nixl_compatibility_hash, `pp_size`.
 */
const SINCE = {
  /** Decode's block size may be a multiple of prefill's. */
  blockSizes: "0.11.1",
  /** Prefill's tensor size may be larger than decode's. */
  largerPrefill: "0.14.0",
  /** The two compare a hash of what must be equal, and refuse each other if it differs. */
  handshake: "0.13.0",
  /** The hybrid KV cache manager is part of what they compare. */
  hybrid: "0.18.0",
  /** Ranks of both must cache the same number of layers. */
  layers: "0.11.0",
  /** Prefill may have pipeline stages, whose layers decode combines. */
  stages: "0.26.0",
  /**
   * Ranks count as copies only if there are more of them than KV heads (before, from as many on): is_kv_replicated.
   * Models whose layers keep states (Mamba, linear attention) are exempt from the checks of copies.
   */
  copiesAbove: "0.20.0",
  /** The lengths of blocks are compared by the heads of a rank, before that by the tensor sizes alone (vllm-project/vllm#45330). */
  headsOfRank: "0.24.0",
  /** The two compare their drafts: method, model and revision (EAGLE, MTP and their like). */
  drafts: "0.28.0",
} as const;

export type NixlAbility = keyof typeof SINCE;

/** Whether a release has an ability; undefined if the release is unknown. */
export function nixlHas(ability: NixlAbility, release: number | undefined): boolean | undefined {
  return release === undefined ? undefined : release >= (releaseNumber(SINCE[ability]) ?? 0);
}

/** The first release with an ability, as people write it. */
export function nixlSince(ability: NixlAbility): string {
  return SINCE[ability].replace(/^(\d+\.\d+)\.0$/, "$1");
}

/** The releases that compare whether the blocks of all layers are stored together (`enable_cross_layers_blocks`), which was added and removed again. */
export const CROSS_LAYERS: Span = { from: "0.16.0", until: "0.29.0" };

/** The tensor sizes of the two roles. */
export interface TensorSizes {
  decode: number;
  prefill: number;
}

/**
 * Whether ranks that hold a KV head which another rank holds too keep decode from reading prefill's blocks: in releases
 * that transfer between different sizes at all, and of a model without latents. Source: _validate_remote_agent_handshake
 * and is_kv_replicated of the same releases.
 */
export function refusesCopies({ decode, prefill }: TensorSizes, kvHeads: number, release: number): boolean {
  const areCopied = nixlHas("copiesAbove", release) === true ? prefill > kvHeads : prefill >= kvHeads;
  if (prefill > decode) return areCopied;
  return decode > prefill && decode > kvHeads && !areCopied && nixlHas("headsOfRank", release) === false;
}

/** A setting that both sides must have in common. */
export interface SharedFlag {
  flag: string;
  /** vLLM's default if the flag is not set; undefined if that follows from the model or the device. */
  initial?: string;
  /** Other words for the same value. */
  synonyms?: Readonly<Record<string, string>>;
  /** What does not match if the values differ. */
  why: string;
  /** The release since which it is compared, if that is later than the handshake. */
  since?: NixlAbility;
}

/** The flags that the handshake compares; block and tensor sizes are judged separately. */
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
    since: "hybrid",
  },
];

/** Block size of vLLM on CUDA, if neither the flag nor the attention backend sets another. */
export const DEFAULT_BLOCK_SIZE = 16;

/** Methods of speculative decoding without a draft model: they add nothing to the KV cache. */
export const WITHOUT_DRAFT: ReadonlySet<string> = new Set(["ngram", "ngram_gpu", "suffix"]);
