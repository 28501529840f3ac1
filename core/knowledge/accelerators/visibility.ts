/** A variable that hides accelerators of a container from its programs. */
export interface Hiding {
  name: string;
  /** The resources whose devices it hides. */
  of: RegExp;
  /**
   * What reads it: the vendor's library in the engine, for which the devices of the container count from 0; or the
   * runtime that makes the container, for which they are numbered as on the node, and which the device plugin may
   * bypass (CDI, GKE).
   */
  reader: "library" | "runtime";
  /** What an empty value means: nothing is visible, the variable counts as unset, or that is not known. */
  empty: "none" | "unset" | "unknown";
  /**
   * Whether fewer entries than ranks, or numbers of devices that do not exist, certainly keep the engine from starting.
   */
  certain?: true;
  /** Whether its numbers differ from those of the container's devices. */
  ownNumbers?: true;
}

/**
 * Sources: the documentation of environment variables of CUDA, HIP and ROCr, of NVIDIA's container toolkit (`none`,
 * `void`), CANN, Habana's container runtime, Level Zero, libtpu and the Neuron runtime; `device_control_env_var` of
 * vllm/platforms, and vllm/platforms/rocm.py, which treats an empty value as unset.
 */
export const HIDING: readonly Hiding[] = [
  { name: "CUDA_VISIBLE_DEVICES", of: /^nvidia\.com\/gpu$/, reader: "library", empty: "none", certain: true },
  { name: "CUDA_VISIBLE_DEVICES", of: /^amd\.com\/gpu$/, reader: "library", empty: "unset", certain: true },
  { name: "HIP_VISIBLE_DEVICES", of: /^amd\.com\/gpu$/, reader: "library", empty: "unset", certain: true },
  { name: "ROCR_VISIBLE_DEVICES", of: /^amd\.com\/gpu$/, reader: "library", empty: "unknown", certain: true },
  { name: "ASCEND_RT_VISIBLE_DEVICES", of: /^huawei\.com\//, reader: "library", empty: "unknown", ownNumbers: true },
  { name: "ZE_AFFINITY_MASK", of: /^gpu\.intel\.com\//, reader: "library", empty: "unset", ownNumbers: true },
  { name: "TPU_VISIBLE_CHIPS", of: /^google\.com\/tpu$/, reader: "library", empty: "unset", ownNumbers: true },
  {
    name: "HABANA_VISIBLE_MODULES",
    of: /^habana\.ai\/gaudi$/,
    reader: "library",
    empty: "unset",
    ownNumbers: true,
  },
  { name: "NVIDIA_VISIBLE_DEVICES", of: /^nvidia\.com\//, reader: "runtime", empty: "unknown" },
  { name: "AMD_VISIBLE_DEVICES", of: /^amd\.com\/gpu$/, reader: "runtime", empty: "unknown" },
  { name: "ASCEND_VISIBLE_DEVICES", of: /^huawei\.com\//, reader: "runtime", empty: "unknown" },
  { name: "HABANA_VISIBLE_DEVICES", of: /^habana\.ai\/gaudi$/, reader: "runtime", empty: "unknown" },
];

/** Variables of one library that must be equal if both are set, by the resource. Source: vllm/platforms/rocm.py. */
export const SAME_DEVICES = { of: /^amd\.com\/gpu$/, names: ["HIP_VISIBLE_DEVICES", "CUDA_VISIBLE_DEVICES"] } as const;
