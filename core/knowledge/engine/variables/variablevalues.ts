import { isSlip, nearest } from "../../../kubernetes/nearest.ts";
import { entryOf } from "../../../kubernetes/table.ts";
import type { Release } from "../flags/judge.ts";
import { positionIn, readSpan, releaseNumber, type Span } from "../release.ts";
import { ATTENTION } from "../rules/wordtable.ts";
import { judgeVariableNumber, readsAll, type ValueFinding } from "./variablenumbers.ts";

/** A variable whose value vLLM compares with a list. */
interface Listed {
  /** The values, by release: in the notation of the flags (flagtable.ts). */
  values: string;
  /** The first release that refuses any other value, and the first that no longer does. */
  from: string;
  until?: string;
  /** Whether every engine reads it also before 0.11.1: others were only read where they have an effect. */
  always?: true;
  /** Whether the case of letters counts; it does unless this is set. */
  anyCase?: true;
}

/**
 * Sources: `env_with_choices` in vllm/envs.py, every release from 0.11.0 to 0.33.0; for the backend of attention before
 * that `_cached_get_attn_backend` in vllm/attention/selector.py, which ignored an unknown name before 0.10.1.
 */
const LISTED: Readonly<Record<string, Listed>> = {
  VLLM_ALL2ALL_BACKEND: {
    ...{ from: "0.11.0", until: "0.16.0" },
    values: `
      allgather_reducescatter deepep_high_throughput deepep_low_latency flashinfer_all2allv naive pplx mori@0.15-`,
  },
  VLLM_ATTENTION_BACKEND: { from: "0.10.1", until: "0.15.0", always: true, values: ATTENTION },
  VLLM_COMPILE_CACHE_SAVE_FORMAT: { from: "0.11.1", values: "binary unpacked" },
  VLLM_DEEP_GEMM_WARMUP: { from: "0.11.1", values: "full relax skip" },
  VLLM_FLASHINFER_ALLREDUCE_BACKEND: { from: "0.17.0", values: "auto mnnvl trtllm" },
  VLLM_FLASHINFER_MOE_BACKEND: { from: "0.11.0", until: "0.24.0", values: "latency masked_gemm@0.12- throughput" },
  VLLM_FLOAT32_MATMUL_PRECISION: { from: "0.14.0", anyCase: true, values: "high highest medium" },
  VLLM_GDN_DECODE_KERNEL: { from: "0.28.0", anyCase: true, values: "cuda triton" },
  VLLM_KV_CACHE_LAYOUT: {
    from: "0.11.0",
    values: "HND NHD LBNHC@0.29- LBHNC@0.29- LHBNC@0.29- BLHNC@0.29- BLNHC@0.29- BHLNC@0.29-",
  },
  VLLM_MARLIN_INPUT_DTYPE: { from: "0.12.0", values: "fp8 int8" },
  VLLM_MM_HASHER_ALGORITHM: { from: "0.15.0", until: "0.30.0", anyCase: true, values: "blake3 sha256 sha512" },
  VLLM_NVFP4_GEMM_BACKEND: {
    ...{ from: "0.11.1", until: "0.24.0" },
    values: `
      cutlass flashinfer-cudnn flashinfer-cutlass flashinfer-trtllm marlin@0.15- emulation@0.20- flashinfer-b12x@0.22-`,
  },
  VLLM_ROCM_QUICK_REDUCE_QUANTIZATION: { from: "0.11.0", values: "FP INT8 INT6 INT4 NONE INT3@0.25-" },
  VLLM_SSM_CONV_STATE_LAYOUT: { from: "0.20.0", values: "DS SD" },
  VLLM_WORKER_MULTIPROC_METHOD: { from: "0.11.0", always: true, values: "fork spawn" },
};

/** The word for the choice of the engine itself, which flags take and the variable does not. */
const AUTO = "auto";
const NOT_ENUM: ReadonlySet<string> = new Set(["VLLM_ATTENTION_BACKEND"]);

/**
 * Judges the value of a variable like a release of vLLM, which refuses a value that is not in the variable's list, and
 * a text that is not a number where it reads one.
 */
export function judgeVariableValue(name: string, value: string, release: Release): ValueFinding | undefined {
  const listed = entryOf(LISTED, name);
  if (listed === undefined) return judgeVariableNumber(name, value, release);
  if (/\$\(/.test(value) || positionIn(spanOf(listed), release.number) !== "inside") return undefined;
  const spans = listed.values
    .trim()
    .split(/\s+/)
    .map(readSpan)
    .filter((one) => one.name !== AUTO || !NOT_ENUM.has(name));
  const read = (one: string): string => (listed.anyCase === true ? one.toLowerCase() : one);
  const own = spans.filter((one) => positionIn(one, release.number) === "inside").map((one) => one.name);
  const isKept = name === "VLLM_ATTENTION_BACKEND" && mayHaveSuffix(release) && value.endsWith(SUFFIX);
  const word = isKept ? value.slice(0, -SUFFIX.length) : value;
  if (own.some((one) => read(one) === read(word))) return undefined;
  const near = nearest(value, own);
  const isMeant = near !== undefined && (isSlip(value, near) || near.toLowerCase() === value.toLowerCase());
  // An image that was built between two releases may have a value of another one.
  const isOther = spans.some((one) => read(one.name) === read(word));
  return {
    message: `${name}: vLLM ${release.text} does not accept ${JSON.stringify(value)}`,
    fix: `${isMeant ? `write ${near}, or one of` : "remove it, or write one of"}: ${own.join(", ")}`,
    ...(isMeant && { meant: near }),
    ...((isOther || !(listed.always === true || readsAll(release))) && { severity: "warning" }),
  };
}

/** The end of former names of backends, which 0.11.0 alone removes from the value. */
const SUFFIX = "_VLLM_V1";

function mayHaveSuffix({ number }: Release): boolean {
  return number >= (releaseNumber("0.11.0") ?? 0) && number < (releaseNumber("0.11.1") ?? 0);
}

const spanOf = ({ from, until }: Listed): Span => ({ from, ...(until !== undefined && { until }) });
