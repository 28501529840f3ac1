import type { Behaviour } from "../behaviour.ts";
import type { SaidAccelerators } from "../lower/lower.ts";
import type { WrittenSizes } from "../lower/written.ts";
import type { Patch } from "../merge/merge.ts";
import type { PlanInput } from "../plan.ts";
import type { LLMInferenceServiceConfigSpec, LLMInferenceServiceSpec } from "../spec/service.ts";

/**
 * What a plan keeps so that it can be explained: the spec as each stage left it. Only references, so a plan that nobody asks
 * costs nothing.
 */
export interface Trace {
  input: PlanInput;
  behaviour: Behaviour;
  /** The accelerators that the layers say the engines run on. */
  accelerators: SaidAccelerators;
  written: WrittenSizes;
  /** After the merge, with the layers as they were merged, lowest precedence first. */
  merged: { spec: LLMInferenceServiceSpec; patches: readonly Patch[] };
  /** With what follows from parallelism and TLS. */
  derived: LLMInferenceServiceSpec;
  /** With the templates expanded. */
  expanded: LLMInferenceServiceSpec;
}

/** What a config was merged of before the plan saw it, lowest precedence first: a platform's defaults lie over our presets. */
export interface ConfigOrigin {
  /** `preset NAME`, `platform defaults.ROLE`. */
  label: string;
  spec: LLMInferenceServiceConfigSpec;
  /** Whether it is what the accelerator and tuning of the next one mean. */
  conveniences?: boolean;
}

/** By `namespace/name` of the config. */
export type ConfigOrigins = Readonly<Record<string, readonly ConfigOrigin[]>>;
