import { entryOf } from "../../../kubernetes/table.ts";
import { positionIn, releaseNumber, type Span } from "../release.ts";

/**
 * The minimum compute capability, times ten, that vLLM requires for a format of the weights: from each release on,
 * the latest first; it is not known for releases before the last entry. Source: `get_min_capability` of the classes in
 * vllm/model_executor/layers/quantization, in the package `vllm` of every release from 0.8.0 to 0.33.0. For formats
 * that several classes read (`nvfp4`, `fp8`) it is the lowest of their minima; some classes read integers (`int4`) on
 * any accelerator. `modelopt` requires 8.9 for weights in 8 bits before 0.27, and 8.0 later, but reads weights in 4
 * bits as `modelopt_fp4` (override_quantization_method).
 */
const LEAST: Readonly<Record<string, readonly (readonly [from: string, least: number])[]>> = {
  fp8: [
    ["0.14.0", 75],
    ["0.8.0", 80],
  ],
  // Experts have no kernels for weights alone yet, and Triton has the type only from Ada on (vllm-project/vllm#17581).
  "fp8 (experts)": [
    ["0.9.0", 75],
    ["0.8.0", 89],
  ],
  fbgemm_fp8: [["0.8.0", 80]],
  awq: [["0.4.0", 75]],
  awq_marlin: [
    ["0.14.0", 75],
    ["0.8.0", 80],
  ],
  gptq_marlin: [
    ["0.22.0", 60],
    ["0.14.0", 75],
    ["0.8.0", 80],
  ],
  gptq_marlin_24: [["0.8.0", 80]],
  gptq_bitblas: [["0.9.0", 80]],
  nvfp4: [
    ["0.14.0", 75],
    ["0.9.0", 80],
    ["0.8.0", 100],
  ],
  modelopt: [
    ["0.14.0", 75],
    ["0.8.0", 80],
  ],
  modelopt_mxfp8: [
    ["0.20.0", 80],
    ["0.16.0", 100],
  ],
  modelopt_fp4: [
    ["0.14.0", 75],
    ["0.9.0", 80],
    ["0.8.0", 100],
  ],
  "packed integers": [
    ["0.12.0", 75],
    ["0.7.3", 80],
  ],
  "compressed-tensors": [
    ["0.23.0", 70],
    ["0.8.0", 75],
  ],
  // Its schemes that read weights in FP8 or FP4 and compute in 16 bits.
  "compressed-tensors FP8": [
    ["0.16.0", 75],
    ["0.8.0", 80],
  ],
  "compressed-tensors NVFP4": [
    ["0.16.0", 75],
    ["0.9.1", 80],
  ],
  mxfp4: [["0.10.1", 80]],
  mxfp8: [["0.20.0", 75]],
  fp8_per_tensor: [["0.20.0", 75]],
  fp8_per_block: [["0.20.0", 75]],
  experts_int8: [["0.8.0", 80]],
  fp_quant: [["0.11.1", 100]],
  hqq: [["0.8.0", 80]],
  marlin: [["0.8.0", 80]],
  qqq: [["0.8.0", 80]],
  rtn: [["0.9.2", 80]],
  torchao: [["0.8.4", 75]],
};

export function leastCapability(format: string, release = Number.MAX_SAFE_INTEGER): number | undefined {
  const steps = entryOf(LEAST, format) ?? [];
  return steps.find(([from]) => release >= (releaseNumber(from) ?? 0))?.[1];
}

/**
 * Releases without kernels for packed integers of experts on Intel's GPUs. Source: the oracle int_wna16.py in
 * vllm/model_executor/layers/fused_moe, which has them from 0.23.0 on; vllm-project/vllm#32410 (0.14.0).
 */
const PACKED_ON_INTEL = { until: "0.23.0" } as const satisfies Span;

/** The first release with kernels for the packed integers of a model's experts on Intel's GPUs, if this one may lack them. */
export function packedExpertsFrom(format: string | undefined, release: number): string | undefined {
  return format === "int4" && positionIn(PACKED_ON_INTEL, release) === "inside" ? PACKED_ON_INTEL.until : undefined;
}

/** Models of publishers who pack integers with llm-compressor, by their names. */
const PACKED = /^(?:redhatai|neuralmagic|nm-testing)\/.*[.-]w[48]a16$/i;
const COMPRESSED = "compressed-tensors";
/** Models of theirs in FP8 or NVFP4, by their names. */
const COMPRESSED_FLOATS =
  /^(?:redhatai|neuralmagic|nm-testing)\/.*[-_](?:fp8|nvfp4)(?:[-_](?:dynamic|block|kv|static))*$/i;
/** The formats for which compressed-tensors requires another compute capability than vLLM's other methods. */
const FLOATS: Readonly<Record<string, string>> = {
  fp8: "compressed-tensors FP8",
  nvfp4: "compressed-tensors NVFP4",
};

/**
 * The formats of a model's weights for which accelerators are judged: the one of `--quantization`, otherwise the stored
 * one. Integers that compressed-tensors reads are packed unless the activations have 8 bits too, which names only
 * exclude as `w4a16` and `w8a16`.
 */
export function formatsOf({ asked, stored, method, name }: Stored): string[] {
  const isCompressed = asked === COMPRESSED || method === COMPRESSED;
  const isPacked = (stored === "int4" && isCompressed) || PACKED.test(name);
  if (asked !== undefined && asked !== COMPRESSED) return [asked];
  const float = isCompressed || COMPRESSED_FLOATS.test(name) ? entryOf(FLOATS, stored ?? "") : undefined;
  return [asked, isPacked ? "packed integers" : (float ?? stored)].filter((one) => one !== undefined);
}

interface Stored {
  /** The value of `--quantization`. */
  asked?: string | undefined;
  stored?: string | undefined;
  /** `quant_method` of the model's config. */
  method?: string | undefined;
  /** Publisher and name. */
  name: string;
}

/** bfloat16 wants Ampere. Source: check_if_supports_dtype, vllm/platforms/cuda.py. */
export const BFLOAT16 = { words: ["bfloat16"], least: 80 } as const;
export const FLOAT16: readonly string[] = ["float16", "half"];

/**
 * Families whose numbers overflow in 16 bits, by the releases that refuse them. Source: _FLOAT16_NOT_SUPPORTED_MODELS,
 * vllm/config/model.py, in the package `vllm` of every release from 0.8.0 to 0.33.0.
 */
const NO_FLOAT16: ReadonlyMap<string, Span> = new Map([
  ["gemma2", { from: "0.9.1" }],
  ["gemma3", { from: "0.9.1" }],
  ["gemma3_text", { from: "0.10.2" }],
  ["glm4", { from: "0.9.1" }],
  ["plamo2", { from: "0.9.1", until: "0.27.0" }],
]);
/** Their types by name, if the type is not known: the first that matches. */
const NAMED: readonly (readonly [name: RegExp, type: string])[] = [
  [/^gemma-2-/, "gemma2"],
  [/^gemma-3-(?:1b|270m)/, "gemma3_text"],
  [/^gemma-3-/, "gemma3"],
  [/^glm-(?:4|z1)-\d+b-0414/, "glm4"],
];

/** Whether a release refuses to run a model in float16. */
export function refusesFloat16({ type, name }: { type?: string; name: string }, release: number): boolean {
  const span = NO_FLOAT16.get(type ?? NAMED.find(([pattern]) => pattern.test(name))?.[1] ?? "");
  return span !== undefined && positionIn(span, release) === "inside";
}

/**
 * The dtype in which weights of a method are computed, if the method supports no other; `until` is the first release
 * for which that is not known. Sources: `get_supported_act_dtypes` in vllm/model_executor/layers/quantization/mxfp4.py
 * (0.10.1 to 0.33.0) and awq.py (to 0.23.0), which VllmConfig compares the dtype with (nlzy/vllm-gfx906#59,
 * vllm-project/vllm#28857). The later AutoAWQ takes bfloat16 too; `awq_marlin` always did.
 */
const COMPUTED: Readonly<Record<string, { dtypes: readonly string[]; until: string }>> = {
  mxfp4: { dtypes: ["bfloat16"], until: "0.34.0" },
  awq: { dtypes: FLOAT16, until: "0.24.0" },
};

/** Whether a method refuses a dtype: `perhaps` if the release is not known, or later than what was read. */
export function refusesDtype(
  method: string,
  dtype: string,
  release: number | undefined,
): { by: "certainly" | "perhaps"; dtypes: readonly string[] } | undefined {
  const known = entryOf(COMPUTED, method);
  if (known === undefined || dtype === "auto" || known.dtypes.includes(dtype)) return undefined;
  const isRead = release !== undefined && release < (releaseNumber(known.until) ?? 0);
  return { by: isRead ? "certainly" : "perhaps", dtypes: known.dtypes };
}

/** Models whose stored experts make vLLM choose the method `mxfp4`; other methods read MXFP4 of other models. */
export const OF_MXFP4 = /^gpt-oss-/;

/** The method that reads the weights of both AWQ and GPTQ. */
const OF_GROUPS = ["marlin", "moe_wna16", "compressed-tensors", "auto-round", "inc", "ipex", "humming"];

/**
 * The values of `--quantization` for weights that are stored in a format, other than the format's own name. Source: the
 * `override_quantization_method` of vLLM's classes, and `_verify_quantization`, vllm/config/model.py.
 */
const ACCEPTED: Readonly<Record<string, readonly string[]>> = {
  awq: ["awq", "auto_awq", "awq_marlin", ...OF_GROUPS],
  gptq: ["gptq", "auto_gptq", "gptq_marlin", "gptq_marlin_24", "gptq_bitblas", ...OF_GROUPS],
};

/** Methods that only read weights stored in their format: in a model in 16 bits vLLM finds no quantisation config. */
const STORED: ReadonlySet<string> = new Set([
  "awq",
  "awq_marlin",
  "gptq",
  "gptq_marlin",
  "compressed-tensors",
  "modelopt",
  "modelopt_fp4",
]);

/**
 * Methods that quantise while loading, or read another format. On GPUs no class takes over AWQ or GPTQ for them:
 * vLLM answers that the method "specified in the model config does not match". Checkpoints of ModelOpt are left out:
 * its classes read them whatever the flag says. Source: the `override_quantization_method` of all classes, and
 * `_verify_quantization`, in the package `vllm` of every release from 0.8.0 to 0.33.0.
 */
const OTHER: ReadonlySet<string> = new Set([
  ...["fp8", "fbgemm_fp8", "ptpc_fp8", "fp8_per_tensor", "fp8_per_block", "experts_int8", "bitsandbytes", "torchao"],
  ...["hqq", "rtn"],
]);

/**
 * Whether a model whose weights are stored in a format (or as they are) cannot be loaded with `--quantization`. On CPUs
 * and Intel's GPUs other classes may take a stored format over, whatever the flag says.
 */
export function refusesQuantization(asked: string, stored: string | undefined, { onGpu }: { onGpu: boolean }): boolean {
  if (stored === undefined) return STORED.has(asked);
  const accepted = entryOf(ACCEPTED, stored);
  if (accepted === undefined || accepted.includes(asked)) return false;
  return STORED.has(asked) || (onGpu && OTHER.has(asked));
}
