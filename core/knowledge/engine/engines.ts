import { didYouMean, isSlip } from "../../kubernetes/nearest.ts";
import { entryOf } from "../../kubernetes/table.ts";

/** The engines for which this package has presets and tables of flags. */
export type EngineKind = "vllm" | "sglang";

/** Their usual names. */
export const ENGINE_TITLE: Readonly<Record<EngineKind, string>> = { vllm: "vLLM", sglang: "SGLang" };

/**
 * The values of `spec.runtime`, with their engines. In KServe it is the name of a ServingRuntime of the cluster,
 * which only provides the image; for this one name KServe uses other presets. Source: SGLangServingRuntimeName and
 * selectSingleNodeTemplateName in config_merge.go, KServe v0.21.
 */
export const SGLANG_RUNTIME = "kserve-llm-sglang";
const RUNTIMES: Readonly<Record<string, EngineKind>> = { [SGLANG_RUNTIME]: "sglang" };

/** The engine of a spec, or of a layer: vLLM, unless its runtime is that of another engine. */
export function engineOf({ runtime }: { runtime?: unknown }): EngineKind {
  return (typeof runtime === "string" ? entryOf(RUNTIMES, runtime) : undefined) ?? "vllm";
}

/** The runtime that another name of its engine means: `sglang`, in any spelling. */
export function meantRuntime(runtime: string): string | undefined {
  const letters = runtime.toLowerCase().replace(/[^a-z]/g, "");
  return Object.keys(RUNTIMES).find((name) => entryOf(RUNTIMES, name) === letters || isSlip(runtime, name));
}

/** The fix for a runtime without presets; undefined for one that has presets. */
export function unknownRuntime(runtime: string | undefined): string | undefined {
  if (runtime === undefined || runtime === "" || entryOf(RUNTIMES, runtime) !== undefined) return undefined;
  const names = Object.keys(RUNTIMES);
  const near = didYouMean(runtime, names);
  const image = "remove runtime, and set the image of the container main, and its command if it starts another engine";
  return [near, `set runtime to ${names.join(" or ")} for SGLang; for another engine ${image}`]
    .filter((text) => text !== undefined)
    .join(" ");
}
