import { SGLANG_LINES } from "../../../knowledge/engine/sglang/flags.ts";
import { sizesOfSglang } from "../../../knowledge/engine/sglang/sizes.ts";
import type { Json } from "../../../kubernetes/json.ts";
import { entryOf } from "../../../kubernetes/table.ts";
import type { CheckSubject } from "../check.ts";
import type { Engine } from "../engine.ts";
import { hasFlag } from "../flagfixes.ts";

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
  const translated = experts > 1 ? [...flags, "--enable-expert-parallel"] : flags;
  return { ...engine, isSglang: false, args: translated, sglang: engine };
}

/** Sizes under vLLM's names, and SGLang's own. */
const OWN: Readonly<Record<string, string>> = {
  "tensor-parallel-size": "tp-size",
  "pipeline-parallel-size": "pp-size",
};

/** A flag of an engine as its author writes it: of SGLang under its own name, if a layer has it. */
export function ownFlag(engine: Engine, flag: string, { layers = [] }: CheckSubject): { engine: Engine; flag: string } {
  const name = entryOf(OWN, flag);
  const { sglang, role } = engine;
  const at = role === "prefill" ? ["prefill"] : [];
  const isOwn =
    sglang !== undefined && name !== undefined && layers.some(({ spec }) => hasFlag(spec as Json, at, name, "sglang"));
  return isOwn ? { engine: sglang, flag: name } : { engine, flag };
}

/** The ranks of SGLang's own flag for a tensor-parallel size: the copies of attention are parts of them. */
export function ownSize({ engine, flag }: { engine: Engine; flag: string }, value: number): number {
  const { dataLocal = 1, isShared } = sizesOfSglang(engine.args) ?? { isShared: false };
  return flag === "tp-size" && isShared ? value * dataLocal : value;
}
