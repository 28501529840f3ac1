import type { Accelerator } from "./accelerator.ts";
import type { LLMInferenceServiceConfigSpec, LLMInferenceServiceSpec } from "./service.ts";
import type { Tuning } from "./tuning.ts";
import type { WorkloadSpec } from "./workload.ts";

/** What may stand beside KServe's fields, on the service and on `prefill`; lowered before the merge, never in a CRD. */
export interface Conveniences {
  /** A name of the catalogue, such as `nvidia-h100-80gb`, or a class written out: node selector, tolerations, GPU limits. */
  accelerator?: Accelerator;
  /** Typed settings of the engine: each becomes a vLLM flag. */
  tuning?: Tuning;
}

/** A service's spec as users write it. */
export type WrittenServiceSpec = Omit<LLMInferenceServiceSpec, "prefill"> &
  Conveniences & { prefill?: WorkloadSpec & Conveniences };

/** A config's spec, or a part of a platform's defaults, as users write it: any subset. */
export type WrittenConfigSpec = Omit<LLMInferenceServiceConfigSpec, "prefill"> &
  Conveniences & { prefill?: WorkloadSpec & Conveniences };
