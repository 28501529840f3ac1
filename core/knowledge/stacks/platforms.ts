import { remembering } from "../../kubernetes/remember.ts";
import { ALL_TO_ALL, KV_TRANSFER, kvTransfer } from "../presets/workloads.ts";
import { PLATFORMS, type Platform, type PlatformWays } from "./stack.ts";

/** Experts exchange tokens by a method that every platform supports. */
const PLAIN_EXCHANGE = allToAll("allgather_reducescatter", "allgather_reducescatter");
/** KV blocks leave the device through host memory. */
const OVER_HOST = { [KV_TRANSFER]: kvTransfer({ kv_buffer_device: "cpu" }) };
const GUIDES = "github.com/llm-d/llm-d, guides";

/**
 * By platform, what its engines need in addition. A change here changes every release that has the platform, so a test
 * fixes what each release renders; what only a new release needs belongs into its folder.
 */
export const WAYS: Readonly<Record<Platform, PlatformWays>> = {
  cuda: {
    title: "NVIDIA CUDA",
    resources: /^nvidia\.com\//,
    source: "github.com/kserve/kserve, config/llmisvcconfig",
  },
  rocm: {
    title: "AMD ROCm",
    resources: /^amd\.com\//,
    runsAsRoot: true,
    env: { USER: "llm-d" },
    replaces: allToAll("mori_low_latency", "mori_high_throughput"),
    source: `${GUIDES}/recipes/modelserver/components/images/amd-vllm and docker/Dockerfile.rocm, which names no user and installs mori`,
  },
  xpu: {
    title: "Intel XPU",
    resources: /^gpu\.intel\.com\//,
    runsAsRoot: true,
    env: { UCX_TLS: "tcp", VLLM_WORKER_MULTIPROC_METHOD: "spawn" },
    replaces: { ...PLAIN_EXCHANGE, ...OVER_HOST },
    source: `${GUIDES}/pd-disaggregation/modelserver/xpu and docker/Dockerfile.xpu, which names no user`,
  },
  hpu: {
    title: "Intel Gaudi",
    resources: /^habana\.ai\/gaudi$/,
    runsAsRoot: true,
    args: ["--block-size=128"],
    env: {
      OMPI_MCA_btl_vader_single_copy_mechanism: "none",
      HABANA_LOGS: "/tmp/habana_logs",
      VLLM_SKIP_WARMUP: "true",
      UCX_TLS: "tcp",
    },
    replaces: { ...PLAIN_EXCHANGE, ...OVER_HOST },
    source: `${GUIDES}/optimized-baseline/modelserver/hpu, pd-disaggregation/modelserver/hpu and docker/Dockerfile.hpu, which names no user`,
  },
  tpu: {
    title: "Google TPU",
    resources: /^google\.com\/tpu$/,
    runsAsRoot: true,
    replaces: PLAIN_EXCHANGE,
    noTransfer: "vLLM on TPU transfers KV blocks with another connector, for which llm-d's sidecar must be configured",
    source: `${GUIDES}/optimized-baseline/modelserver/tpu and pd-disaggregation/modelserver/tpu`,
  },
  neuron: {
    title: "AWS Neuron",
    resources: /^aws\.amazon\.com\/neuron/,
    runsAsRoot: true,
    capabilities: ["IPC_LOCK", "SYS_ADMIN"],
    replaces: PLAIN_EXCHANGE,
    noTransfer: "vLLM on Neuron has no NIXL connector",
    source: "AWS Neuron's containers for vLLM: the runtime needs IPC_LOCK and SYS_ADMIN",
  },
  cpu: {
    title: "CPU",
    resources: /^cpu$/,
    runsAsRoot: true,
    env: { USER: "llm-d", VLLM_CPU_NUM_OF_RESERVED_CPU: "1" },
    capabilities: ["SYS_NICE"],
    replaces: PLAIN_EXCHANGE,
    source: `${GUIDES}/optimized-baseline/modelserver/cpu and docker/Dockerfile.cpu, which names no user`,
  },
};

/** Platforms without an engine in any stack: their users provide an image, and one is suggested. */
export const OTHERS = {
  npu: { title: "Huawei Ascend", resources: /^huawei\.com\//, image: "quay.io/ascend/vllm-ascend" },
} as const;

function allToAll(decode: string, prefill: string): Record<string, string> {
  const flag = (backend: string): string => `--all2all-backend=${backend}`;
  return Object.fromEntries([
    [flag(ALL_TO_ALL.decode), flag(decode)],
    [flag(ALL_TO_ALL.prefill), flag(prefill)],
  ]);
}

/** The platform whose devices an extended resource counts; undefined for a resource that is not in the table. */
export const platformOf = remembering((resource): Platform | undefined =>
  PLATFORMS.find((platform) => WAYS[platform].resources.test(resource)),
);
