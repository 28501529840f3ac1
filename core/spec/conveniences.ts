import type { Accelerator } from "./accelerator.ts";
import type { Network } from "./network.ts";
import type { LLMInferenceServiceConfigSpec, LLMInferenceServiceSpec } from "./service.ts";
import type { Tuning } from "./tuning.ts";
import type { WorkloadSpec } from "./workload.ts";

/** What may stand beside KServe's fields, on the service and on `prefill`; lowered before the merge, never in a CRD. */
export interface Conveniences {
  /** A name of the catalogue, such as `nvidia-h100-80gb`, or a class written out: node selector, tolerations, GPU limits. */
  accelerator?: Accelerator;
  /** Typed settings of the engine: each becomes a vLLM flag. */
  tuning?: Tuning;
  /** How pods reach each other: RDMA devices, interfaces, UCX and NIXL; environment variables and resources of the engine. */
  network?: Network;
  /**
   * Paths of fields that lower layers set and this one takes away: `template.nodeSelector`, `template.containers[main].env[NAME]`,
   * relative to where it stands. The same as `null` in YAML.
   */
  unset?: string[];
  /** Flags of the engine that lower layers set and this one takes away, in any of their forms: `--max-model-len`, `-tp`. */
  unsetArgs?: string[];
  /** How this layer's `args` meet those of lower ones: flag by flag (the default), or in their place. */
  argsMerge?: "flags" | "replace";
}

/** A service's spec as users write it. */
export type WrittenServiceSpec = Omit<LLMInferenceServiceSpec, "prefill"> &
  Conveniences & { prefill?: WorkloadSpec & Conveniences };

/** A config's spec, or a part of a platform's defaults, as users write it: any subset. */
export type WrittenConfigSpec = Omit<LLMInferenceServiceConfigSpec, "prefill"> &
  Conveniences & { prefill?: WorkloadSpec & Conveniences };
