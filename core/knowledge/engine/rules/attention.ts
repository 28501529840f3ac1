import { entryOf } from "../../../kubernetes/table.ts";
import { positionIn, type Span } from "../release.ts";

/**
 * The accelerators on which an attention backend runs: compute capabilities, times ten, in the releases of the span.
 */
interface Backend extends Span {
  runs(capability: number): boolean;
  /** In words: 8.0 and later. */
  on: string;
}

const BLACKWELL: Pick<Backend, "runs" | "on"> = { runs: isMajor(10), on: "10.x" };
const HOPPER: Pick<Backend, "runs" | "on"> = { runs: isMajor(9), on: "9.x" };

function isMajor(...majors: readonly number[]): Backend["runs"] {
  return (capability) => majors.includes(Math.floor(capability / 10));
}

/**
 * Source: `supports_compute_capability` of the backends in vllm/v1/attention/backends, which
 * CudaPlatform.get_attn_backend_cls checks for the backend of --attention-backend, in the package `vllm` of every
 * release from 0.13.0 to 0.33.0. Backends that run on any accelerator, and those of other vendors, are not in the
 * table.
 */
const BACKENDS: Readonly<Record<string, readonly Backend[]>> = {
  FLASH_ATTN: [{ runs: (capability) => capability >= 80, on: "8.0 and later" }],
  FLASHINFER: [
    { until: "0.24.0", runs: (capability) => capability >= 75, on: "7.5 and later" },
    { from: "0.24.0", runs: (capability) => capability >= 80, on: "8.0 and later" },
  ],
  CUTLASS_MLA: [BLACKWELL],
  FLASHINFER_MLA: [BLACKWELL],
  TOKENSPEED_MLA: [BLACKWELL],
  FLASHINFER_MLA_SPARSE: [{ until: "0.24.0", ...BLACKWELL }],
  FLASH_ATTN_MLA: [HOPPER],
  FLASH_ATTN_MLA_SPARSE: [HOPPER],
  FLASHINFER_MLA_SPARSE_SM90: [HOPPER],
  FLASHINFER_MLA_SPARSE_SM120: [{ runs: isMajor(12), on: "12.x" }],
  FLASHMLA: [{ runs: isMajor(9, 10), on: "9.x and 10.x" }],
  FLASHMLA_SPARSE: [{ runs: isMajor(9, 10), on: "9.x and 10.x" }],
  HPC_ATTN: [
    { until: "0.28.0", runs: (capability) => capability >= 90, on: "9.0 and later" },
    { from: "0.28.0", runs: (capability) => capability === 90, on: "9.0" },
  ],
  B12X: [{ runs: (capability) => capability === 120 || capability === 121, on: "12.0 and 12.1" }],
};

/** The first release that has the flag, and the first release whose backends were not read. */
const READ: Span = { from: "0.13.0", until: "0.34.0" };

/**
 * The accelerators on which a backend runs, if it does not run on the given one; undefined if it does, or if that is
 * not known.
 */
export function whereBackendRuns(backend: string, capability: number, release: number): string | undefined {
  if (positionIn(READ, release) !== "inside") return undefined;
  const found = entryOf(BACKENDS, backend)?.find((span) => positionIn(span, release) === "inside");
  return found === undefined || found.runs(capability) ? undefined : found.on;
}

/**
 * The accelerators that some backend for sparse latents supports: an indexer selects the tokens whose latents are
 * attended to (`index_topk` of the config). Source: the backends with `is_sparse` in vllm/v1/attention/backends/mla of
 * every release, of which get_attn_backend_cls finds one or fails; vllm-project/vllm#31936. 0.11.0 does not ask them.
 */
const SPARSE: readonly (Backend & Required<Span>)[] = [
  { from: "0.11.1", until: "0.24.0", runs: isMajor(9, 10), on: "9.x and 10.x" },
  { from: "0.24.0", until: "0.34.0", runs: isMajor(9, 10, 12), on: "9.x, 10.x and 12.x" },
];

/** The accelerators on which a release attends to sparse latents, if the given one is not among them, and the first release for that one. */
export function whereSparseRuns(capability: number, release: number): { on: string; later?: string } | undefined {
  const found = SPARSE.find((span) => positionIn(span, release) === "inside");
  if (found === undefined || found.runs(capability)) return undefined;
  const other = SPARSE.find((span) => positionIn(span, release) === "before" && span.runs(capability));
  return { on: found.on, ...(other && { later: other.from }) };
}

/** Backends for keys and values of heads, and for latents. Source: `is_mla` of the same classes. */
const OF_HEADS: readonly string[] = ["FLASH_ATTN", "FLASHINFER", "TRITON_ATTN", "FLEX_ATTENTION"];
const OF_LATENTS: readonly string[] = ["CUTLASS_MLA", "FLASHINFER_MLA", "FLASH_ATTN_MLA", "FLASHMLA", "TRITON_MLA"];

/**
 * Models whose latents every release of the table processes as such: some releases read other models with latents by
 * key and value heads. Source: `is_deepseek_mla` of the same releases.
 */
const LATENT_TYPES: readonly string[] = ["deepseek_v2", "deepseek_v3", "deepseek_v32", "kimi_k2"];
const LATENT_NAMES = /^(?:deepseek-(?:v2|v3|r1)|kimi-k2)\b/;

/** Whether vLLM certainly processes a model's latents as such, by the type of its config or else by its name. */
export function attendsToLatents({ type, name }: { type?: string; name: string }): boolean {
  return type === undefined ? LATENT_NAMES.test(name) : LATENT_TYPES.includes(type);
}

/** The kind of attention that a backend supports, if the model has the other kind. */
export function otherAttention(backend: string, isLatent: boolean, release: number): string | undefined {
  if (positionIn(READ, release) !== "inside") return undefined;
  if (isLatent) return OF_HEADS.includes(backend) ? "key and value heads" : undefined;
  return OF_LATENTS.includes(backend) ? "the latents of multi-head latent attention (MLA)" : undefined;
}

/** The sizes of heads that a backend takes, in words, and a test of them. */
interface Heads extends Span {
  takes(size: number): boolean;
  sizes: string;
}

const UP_TO_256: Pick<Heads, "takes" | "sizes"> = {
  takes: (size) => size % 8 === 0 && size <= 256,
  sizes: "multiples of 8 up to 256",
};
/**
 * Source: `get_supported_head_sizes` and `supports_head_size` of the backends, each release from 0.13.0 to 0.33.0. From
 * 0.20 on FLASH_ATTN takes 512 on GPUs that have version 4 of its kernels.
 */
const HEADS: Readonly<Record<string, readonly Heads[]>> = {
  FLASHINFER: [
    { until: "0.22.0", takes: (size) => [64, 128, 256].includes(size), sizes: "64, 128 and 256" },
    { from: "0.22.0", takes: (size) => [64, 128, 256, 512].includes(size), sizes: "64, 128, 256 and 512" },
  ],
  FLASH_ATTN: [
    { until: "0.20.0", ...UP_TO_256 },
    { from: "0.20.0", takes: (size) => size % 8 === 0 && size <= 512, sizes: "multiples of 8 up to 512" },
  ],
};

/** The sizes of heads that a backend takes, if the size of the model's is not among them. */
export function otherHeads(backend: string, size: number, release: number): string | undefined {
  if (positionIn(READ, release) !== "inside") return undefined;
  const found = entryOf(HEADS, backend)?.find((span) => positionIn(span, release) === "inside");
  return found === undefined || found.takes(size) ? undefined : found.sizes;
}

/** The requirements of a type of the KV cache. */
interface Cache extends Span {
  types: RegExp;
  runs(capability: number): boolean;
  /** The accelerators on which it runs, as the end of a sentence. */
  on: string;
}

/**
 * Types of the KV cache that no backend of a release supports on some accelerators, so that none is found, or the
 * only remaining one refuses it. Sources: `supported_kv_cache_dtypes` and `supports_kv_cache_dtype` of the backends,
 * and TritonAttentionImpl (FP8), which is what accelerators before 8.0 have since FlashInfer left them; every release
 * from 0.20.0 to 0.33.0. FP8 before: get_attn_backend_cls in vllm/platforms/cuda.py of 0.11.0 to 0.23.0, of which
 * 0.11.0 takes Triton without looking for FlashInfer; vllm-project/vllm#35720 (V100, 0.16.0), #26431 (RTX 3090,
 * 0.11.0). Releases before 0.11 have other kernels.
 */
const CACHES: readonly Cache[] = [
  { from: "0.11.1", until: "0.33.0", types: /^fp8_inc$/, runs: () => false, on: "none: it is a type of Intel Gaudi" },
  { from: "0.20.0", until: "0.21.0", types: /^nvfp4$/, runs: () => false, on: "none in this release" },
  { from: "0.25.0", until: "0.32.0", types: /^nvfp4(_4over6)?$/, ...BLACKWELL },
  { from: "0.32.0", until: "0.34.0", types: /^nvfp4$/, runs: (capability) => capability >= 80, on: "8.0 and later" },
  {
    from: "0.11.0",
    until: "0.11.1",
    types: /^fp8(_e4m3)?$/,
    runs: (capability) => capability >= 89,
    on: "8.9 and later",
  },
  {
    from: "0.11.1",
    until: "0.24.0",
    types: /^fp8(_e4m3)?$/,
    runs: (capability) => capability >= 75,
    on: "7.5 and later",
  },
  {
    ...{ from: "0.24.0", until: "0.34.0", types: /^fp8(_e4m3|_e5m2)?$/ },
    runs: (capability) => capability >= 80,
    on: "8.0 and later",
  },
];

/** The same for a named backend. Source: TritonAttentionImpl.__init__, vllm/v1/attention/backends/triton_attn.py, each release. */
const CACHES_OF: Readonly<Record<string, readonly Cache[]>> = {
  TRITON_ATTN: [
    {
      ...{ from: "0.24.0", until: "0.34.0", types: /^fp8(_e4m3|_e5m2)?$/ },
      runs: (capability) => capability >= 89,
      on: "8.9 and later",
    },
  ],
};

/**
 * The accelerators on which the engine supports a type of the KV cache, with the backend if one is named; undefined if
 * it supports the type on the given accelerator.
 */
export function whereCacheRuns(
  type: string,
  capability: number,
  release: number,
  backend?: string,
): string | undefined {
  const caches = backend === undefined ? CACHES : (entryOf(CACHES_OF, backend) ?? []);
  const found = caches.find((one) => one.types.test(type) && positionIn(one, release) === "inside");
  return found === undefined || found.runs(capability) ? undefined : found.on;
}

/** Whether a release refuses a type of the KV cache for latents. Source: validate_nvfp4_kv_cache_with_mla, vllm/config/vllm.py. */
export function refusesForLatents(type: string, release: number): boolean {
  return positionIn({ from: "0.21.0" }, release) === "inside" && /^nvfp4(?!.*_ds_mla)/.test(type);
}

/**
 * Methods that read weights in FP8 (`quant_method` of the model's config): some read scales for the cache with them,
 * others do not, as `fbgemm_fp8` and `torchao`. Source: get_quant_method of the classes in
 * vllm/model_executor/layers/quantization of every release from 0.8.0 to 0.23.0.
 */
const WITH_SCALES = /^(?:fp8|modelopt|compressed-tensors|quark)$/;
const WITHOUT_SCALES = /^(?:fbgemm_fp8|torchao)$/;
/** The same by the publisher and the name, where the publisher uses one method for all. Source: their `config.json`. */
const NAMED_WITH_SCALES = /^hf:\/\/(?:qwen|deepseek-ai|redhatai|neuralmagic|nvidia)\//i;
const NAMED_WITHOUT_SCALES = /^hf:\/\/meta-llama\/(?:meta-)?llama-3/i;

/** Whether scales for the cache are read with a model's weights in FP8, by the method of its config or else its URI. */
function readsScales({ method, uri }: StoredModel): "certainly" | "perhaps" | undefined {
  const [withScales, withoutScales] =
    method === undefined ? [NAMED_WITH_SCALES, NAMED_WITHOUT_SCALES] : [WITH_SCALES, WITHOUT_SCALES];
  const text = method ?? uri;
  if (withScales.test(text)) return "certainly";
  return withoutScales.test(text) ? undefined : "perhaps";
}

interface StoredModel {
  /** `quant_method` of the model's config, if it is given. */
  method?: string | undefined;
  uri: string;
  /** Whether it caches latents. */
  isLatent: boolean;
}

/**
 * Whether vLLM refuses a cache of `fp8_e5m2` together with weights in FP8, from which it reads scales for the cache:
 * `perhaps` if the method that reads the weights is not certain, or if the release accepts weights that
 * compressed-tensors wrote without scales. From 0.11.1 on latents have a
 * separate attention class without this check. Source: Attention.__init__, later _init_kv_cache_quant, in
 * vllm/attention/layer.py and vllm/model_executor/layers/attention/attention.py of every release from 0.8.0 to 0.33.0;
 * vllm-project/vllm#8409.
 */
export function refusesBesideFp8(
  type: string,
  model: StoredModel,
  release: number,
): "certainly" | "perhaps" | undefined {
  if (type !== "fp8_e5m2" || (model.isLatent && positionIn({ until: "0.11.1" }, release) !== "inside"))
    return undefined;
  const reads = readsScales(model);
  return reads === "certainly" && positionIn({ until: "0.24.0" }, release) !== "inside" ? "perhaps" : reads;
}
