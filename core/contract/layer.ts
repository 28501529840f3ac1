import type { LLMInferenceServiceConfig, LLMInferenceServiceConfigSpec } from "../api/service.ts";
import type { JsonObject } from "../kubernetes/json.ts";
import type { Behaviour } from "./behaviour.ts";

/** One layer of the merge. `label` is what issues and provenance call it: `preset NAME`, `config NS/NAME`, `service`. */
export interface Layer {
  label: string;
  spec: LLMInferenceServiceConfigSpec;
  /** The config that it is of; the service's own layer has none. */
  config?: LLMInferenceServiceConfig;
  /** How this layer's args meet the earlier ones'; the behaviour's way where it does not say. */
  args?: Behaviour["args"];
}

/** How the layer is called, before the name of the hardware, that fits the presets to it: no document is its source. */
export const FITTED = "preset for ";

/** A layer as it is merged. */
export interface Patch {
  label: string;
  spec: JsonObject;
  rules: MergeRules;
  /** Whether it is of a config as the plan has read it: then it is the same object in every plan, and what it comes to can be kept. */
  isKept: boolean;
}

/**
 * By field path: the label of the layer that set it, and the labels of those whose value it replaced, latest first. Items
 * of lists that are merged are named by their key (`template.containers[name=main].image`); other lists are one value. A command
 * line that is merged flag by flag is there as a whole and by flag (`…args[--max-model-len]`).
 */
export type Provenance = Record<string, { layer: string; overrode?: string[] }>;

/**
 * What decides how layers merge: the behaviour, whether the layer's args are no command line of its own, but flags of vLLM, and the
 * engine whose flags the service's args are (vLLM's, where it is not set).
 */
export type MergeRules = Pick<Behaviour, "args" | "zeroOverrides" | "alternatives"> & {
  flagsAlone?: boolean;
  engine?: "vllm" | "sglang";
};
