import { entryOf } from "../../../kubernetes/table.ts";
import { parseArgs } from "../flags/commandline.ts";

/** The counterpart in SGLang of a flag of vLLM that `tuning` sets. */
interface Setting {
  /** The flag with the same meaning and the same value. */
  flag?: string;
  /** Flags for a switch of vLLM that is on, and for one that is off; none if that is the default. */
  on?: string;
  off?: string;
  /** If SGLang has no setting with the same meaning: a similar one. */
  near?: string;
}

/**
 * Source: the help texts of ServerArgs (sglang/srt/server_args.py) and of vLLM. SGLang's share of the memory only
 * covers weights and KV cache, while vLLM's also covers activations and CUDA graphs, so neither can replace the other.
 */
const SETTINGS: Readonly<Record<string, Setting>> = {
  "max-model-len": { flag: "context-length" },
  "max-num-seqs": { flag: "max-running-requests" },
  "kv-cache-dtype": { flag: "kv-cache-dtype" },
  dtype: { flag: "dtype" },
  quantization: { flag: "quantization" },
  "block-size": { flag: "page-size" },
  "enable-prefix-caching": { off: "--disable-radix-cache" },
  "enable-chunked-prefill": { off: "--chunked-prefill-size=-1" },
  "enable-lora": { on: "--enable-lora" },
  "max-loras": { flag: "max-loras-per-batch" },
  "max-lora-rank": { flag: "max-lora-rank" },
  "max-cpu-loras": { flag: "max-loaded-loras" },
  "tool-call-parser": { flag: "tool-call-parser" },
  "enable-auto-tool-choice": {},
  "reasoning-parser": { flag: "reasoning-parser" },
  "gpu-memory-utilization": { near: "--mem-fraction-static, the share of weights and KV cache alone" },
  "kv-cache-memory-bytes": { near: "--max-total-tokens, the size of the KV cache in tokens" },
  "max-num-batched-tokens": { near: "--chunked-prefill-size, the number of prompt tokens in one step" },
  "enforce-eager": { near: "--disable-cuda-graph" },
  "all2all-backend": { near: "--moe-a2a-backend" },
  "speculative-config": { near: "--speculative-algorithm and --speculative-draft-model-path" },
};

/** Flags of vLLM as the flags of SGLang with the same meaning; others are left out. */
export function asFlagsOfSglang(args: readonly string[]): string[] {
  return parseArgs(args).flatMap(({ flag = "", values, negated }) => {
    const setting = entryOf(SETTINGS, flag);
    if (setting?.flag !== undefined) return [`--${setting.flag}=${values.join(" ")}`];
    return (negated ? setting?.off : setting?.on) ?? [];
  });
}

/**
 * What SGLang has in place of a flag of vLLM that it does not have; undefined for other flags. `plain` is the flag's
 * number if it was written with a unit, which not all releases of SGLang read.
 */
export function inPlaceOf(
  flag: string,
  { negated, plain }: { negated: boolean; plain?: string },
): { fix: string; flag?: string } | undefined {
  const found = entryOf(SETTINGS, flag);
  if (found === undefined) return undefined;
  const { flag: same, near, on, off } = found;
  const value = plain === undefined ? "" : `=${plain}`;
  const setting = plain === undefined ? "" : ` to ${plain}`;
  if (same !== undefined) return { fix: `use --${same}${value}, or set tuning.${fieldOf(flag)}${setting}`, flag: same };
  if (near !== undefined) return { fix: `use ${near}` };
  if (off === undefined) return { fix: on === undefined ? "remove it" : `use ${on}` };
  return { fix: negated ? `use ${off}` : `remove it: SGLang does this by default unless ${off} is set` };
}

/** Fields of `tuning` have the names of vLLM's flags, in camel case. */
function fieldOf(flag: string): string {
  return flag.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
}

/**
 * The setting that is similar to a flag of vLLM that SGLang does not have; undefined for one that it has, or that is
 * not a setting.
 */
export function nearestSetting(flag: string): string | undefined {
  return entryOf(SETTINGS, flag)?.near;
}
