import type { Container } from "../../kubernetes/objects.ts";
import type { EngineKind } from "./engines.ts";
import { isWritten } from "./flags/flagplace.ts";

/** The limits of `model.lora`. */
const LIMITS = ["maxRank", "maxAdapters", "maxCpuAdapters"] as const;
type Limits = Partial<Record<(typeof LIMITS)[number], number>>;

/** The flag of each limit. Sources: LoRAConfig, vllm/config/lora.py; ServerArgs, sglang/srt/server_args.py. */
export const LORA_LIMITS: Readonly<Record<EngineKind, Readonly<Record<keyof Limits, string>>>> = {
  vllm: { maxRank: "max-lora-rank", maxAdapters: "max-loras", maxCpuAdapters: "max-cpu-loras" },
  sglang: { maxRank: "max-lora-rank", maxAdapters: "max-loras-per-batch", maxCpuAdapters: "max-loaded-loras" },
};

/** The flag that loads the adapters. */
export const LORA_MODULES: Readonly<Record<EngineKind, string>> = { vllm: "--lora-modules", sglang: "--lora-paths" };

/** A flag, one word, that follows from a field of `model.lora`. */
export interface LoraFlag {
  field: "adapters" | keyof Limits;
  flag: string;
}

/** The flags that a service with adapters needs, besides the one that loads them. */
export function loraFlags(limits: Limits | undefined, kind: EngineKind): LoraFlag[] {
  const ofLimits = LIMITS.flatMap((field): LoraFlag[] => {
    const value = limits?.[field];
    return value === undefined ? [] : [{ field, flag: `--${LORA_LIMITS[kind][field]}=${value}` }];
  });
  return [{ field: "adapters", flag: "--enable-lora" }, ...ofLimits];
}

/** Whether a container loads adapters by itself. */
export function loadsAdapters(container: Container, kind: EngineKind): boolean {
  return isWritten(container, LORA_MODULES[kind], kind);
}

/** The same as KServe finds it: by the text of the flag. Source: workload_lora.go, KServe v0.20.0. */
export function mentionsAdapters({ command = [], args = [], env = [] }: Container, kind: EngineKind): boolean {
  const additional = env.filter(({ name }) => name === "VLLM_ADDITIONAL_ARGS").map(({ value = "" }) => value);
  return [[...command, ...args].join(" "), ...additional].some((text) => text.includes(LORA_MODULES[kind]));
}
