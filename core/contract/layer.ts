import type { LLMInferenceServiceConfig, LLMInferenceServiceConfigSpec } from "../api/service.ts";
import type { JsonObject } from "../kubernetes/json.ts";
import type { Behaviour } from "./behaviour.ts";

/** One layer of the merge. `label` is what issues and provenance call it: `preset NAME`, `config NS/NAME`, `service`. */
export interface Layer {
  label: string;
  spec: LLMInferenceServiceConfigSpec;
  /** The config that the layer comes from; the service's own layer has none. */
  config?: LLMInferenceServiceConfig;
  /** How this layer's args are merged with the earlier ones; by default as the behaviour does. */
  args?: Behaviour["args"];
}

/**
 * The label of the layer that fits the presets to the hardware, before the name of the hardware. It does not come from
 * a document.
 */
export const FITTED = "preset for ";

/** A layer as it is merged. */
export interface Patch {
  label: string;
  spec: JsonObject;
  rules: MergeRules;
  /**
   * Whether the layer comes from a config as the plan has read it. Such a layer is the same object in every plan, so
   * results about it can be kept.
   */
  isKept: boolean;
}

/**
 * By field path: the label of the layer that set it, and the labels of the layers whose values it replaced, latest
 * first. Items of lists that are merged are named by their key (`template.containers[name=main].image`); other lists
 * are one value. A command line that is merged flag by flag is there as a whole and by flag (`…args[--max-model-len]`).
 */
export type Provenance = ReadonlyMap<string, Origin>;

/** The provenance of a spec of which no leaf is known. */
export const NO_ORIGINS: Provenance = new Map();

/** The layer that set a leaf, and the layers that it overrode, highest precedence first. */
export interface Origin {
  layer: string;
  overrode?: string[];
}

/**
 * What decides how layers merge: the behaviour, whether the layer's args are flags of vLLM instead of a complete
 * command line, and the engine to which the service's args belong (vLLM by default).
 */
export type MergeRules = Pick<Behaviour, "args" | "zeroOverrides" | "alternatives"> & {
  flagsAlone?: boolean;
  engine?: "vllm" | "sglang";
};
