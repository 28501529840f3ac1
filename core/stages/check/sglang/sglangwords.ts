import { SGLANG_LINES } from "../../../knowledge/engine/sglang/flags.ts";
import { sizesOfSglang } from "../../../knowledge/engine/sglang/sizes.ts";
import type { Engine } from "../engine.ts";

/** Flags of SGLang with the flags of vLLM that have the same meaning. */
const SAME = {
  "max-model-len": "context-length",
  quantization: "quantization",
  "kv-cache-dtype": "kv-cache-dtype",
  dtype: "dtype",
} as const;

/**
 * An engine whose sizes have the names of vLLM's flags, for checks that depend on the model and not on the engine: how
 * it can be divided, and how large its weights are. An engine of vLLM is returned as it is.
 */
export function inVllmWords(engine: Engine): Engine {
  if (!engine.isSglang) return engine;
  const { args } = engine;
  const { tensor, pipeline, dataLocal } = sizesOfSglang(args) ?? {};
  const sizes = {
    "tensor-parallel-size": tensor,
    "pipeline-parallel-size": pipeline,
    "data-parallel-size": dataLocal,
  };
  const same = Object.entries(SAME).map(([flag, own]) => [flag, SGLANG_LINES.flagValue(args, `--${own}`)] as const);
  const flags = [...Object.entries(sizes), ...same].flatMap(([flag, value]) =>
    value === undefined ? [] : [`--${flag}=${value}`],
  );
  const experts = Number(SGLANG_LINES.flagValue(args, "--ep-size") ?? 1);
  return { ...engine, isSglang: false, args: experts > 1 ? [...flags, "--enable-expert-parallel"] : flags };
}
