import { didYouMean } from "../../kubernetes/nearest.ts";
import { entryOf } from "../../kubernetes/table.ts";

/** The engines that this package has presets for, and knows the flags of. */
export type EngineKind = "vllm" | "sglang";

/** What people call them. */
export const ENGINE_TITLE: Readonly<Record<EngineKind, string>> = { vllm: "vLLM", sglang: "SGLang" };

/**
 * What `spec.runtime` may say, and the engine that it means. In KServe it is the name of a ServingRuntime of the cluster, which gives
 * the image alone; for this one name KServe takes other presets.
 * Source: SGLangServingRuntimeName and selectSingleNodeTemplateName in config_merge.go, KServe v0.21.
 */
const RUNTIMES: Readonly<Record<string, EngineKind>> = { "kserve-llm-sglang": "sglang" };

/** The engine of a spec, or of a layer: vLLM, unless its runtime is another one's. */
export function engineOf({ runtime }: { runtime?: unknown }): EngineKind {
  return (typeof runtime === "string" ? entryOf(RUNTIMES, runtime) : undefined) ?? "vllm";
}

/** What to do about a runtime that no presets are there for; undefined for one that there are some for. */
export function unknownRuntime(runtime: string | undefined): string | undefined {
  if (runtime === undefined || runtime === "" || entryOf(RUNTIMES, runtime) !== undefined) return undefined;
  const names = Object.keys(RUNTIMES);
  const near = didYouMean(runtime, names);
  const image =
    "remove runtime, and set the image of the container main, and its command where it starts another engine";
  return [near, `for SGLang set runtime to ${names.join(" or ")}; for another engine ${image}`]
    .filter((text) => text !== undefined)
    .join(" ");
}
