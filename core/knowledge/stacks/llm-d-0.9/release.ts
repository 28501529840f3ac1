import { presetsFrom } from "../../presets/presets.ts";
import type { Stack, StackFacts } from "../stack.ts";

const LLM_D = "github.com/llm-d/llm-d, component summary of the release v0.9.0";
const KSERVE = "github.com/kserve/kserve at aaac4e294 (2026-08-21), config/llmisvcconfig and kserve-deps.env";
const ACCELERATORS = "github.com/llm-d/llm-d, docs/accelerators/README.md";
const ROUTER = "github.com/llm-d/llm-d-router at v0.10.0";

/** llm-d 0.9 of August 2026, which KServe's master runs from 2026-08-21 on. */
const FACTS: StackFacts = {
  name: "llm-d-0.9",
  presetVersion: "2026.11-2",
  vllm: "0.26.0",
  engines: {
    cuda: { image: "ghcr.io/llm-d/llm-d-cuda:v0.9.0", source: `${KSERVE}; vLLM: ${LLM_D}` },
    rocm: {
      image: "ghcr.io/llm-d/llm-d-rocm:v0.9.0",
      // v0.9.0 installs NIXL under a name that vLLM does not import on ROCm, so engines that transfer KV blocks would
      // not start.
      roles: { decode: "ghcr.io/llm-d/llm-d-rocm:v0.8.1", prefill: "ghcr.io/llm-d/llm-d-rocm:v0.8.1" },
      source: `${LLM_D}; the roles: guides/recipes/modelserver/components/images/amd-vllm/llm-d`,
    },
    xpu: { image: "ghcr.io/llm-d/llm-d-xpu:v0.9.0", source: LLM_D },
    hpu: { image: "ghcr.io/llm-d/llm-d-hpu:v0.8.0", source: "llm-d's release v0.8.0, the last one that has it" },
    tpu: {
      image: "docker.io/vllm/vllm-tpu:v0.26.0",
      source: "github.com/llm-d/llm-d, guides/recipes/modelserver/components/images/tpu-vllm/release-v0.26.0",
    },
    neuron: {
      image: "public.ecr.aws/neuron/pytorch-inference-vllm-neuronx:0.21.0.1.0.0-neuronx-py313-sdk2.31.0-ubuntu24.04",
      vllm: "0.21.0",
      source: "AWS Neuron's containers, SDK 2.31.0; llm-d has none",
    },
    cpu: { image: "ghcr.io/llm-d/llm-d-cpu:v0.9.0", source: LLM_D },
  },
  sglang: {
    version: "0.5.14",
    engines: {
      cuda: {
        image: "docker.io/lmsysorg/sglang:v0.5.14",
        source: "github.com/kserve/kserve at v0.21.0, config/runtimes/kserve-llm-sglang.yaml",
      },
      rocm: {
        image: "docker.io/lmsysorg/sglang:v0.5.14-rocm720-mi30x",
        accelerators: [[/mi35/, "docker.io/lmsysorg/sglang:v0.5.14-rocm720-mi35x"]],
        source: "SGLang's images for AMD, which are built for one generation each",
      },
    },
  },
  scheduler: {
    image: "ghcr.io/llm-d/llm-d-router-endpoint-picker:v0.10.0",
    version: "0.10.0",
    drainFlag: "drain-timeout",
    source: `${KSERVE}; the flag: ${ROUTER}, pkg/epp/server/options.go`,
  },
  // On SIGTERM it finishes the running requests by itself, for up to 60 s: it has no flag for it.
  sidecar: {
    image: "ghcr.io/llm-d/llm-d-router-disagg-sidecar:v0.10.0",
    portFlag: "model-server-port",
    source: `${KSERVE}; the flag: ${ROUTER}, pkg/sidecar/proxy/options.go and RELEASE-NOTES.md`,
  },
  latencyPredictor: { tag: "0.9.0", source: KSERVE },
  tokenizer: {
    kind: "server",
    image:
      "docker.io/vllm/vllm-openai-cpu:v0.23.0@sha256:89e1fbe829038b1a560601990c8ec89625c622a969fcbc8f10ce48b6139795be",
    source: KSERVE,
  },
  autoscaler: {
    variantAutoscaler: "0.9.0",
    discovery: "annotations",
    triggers: [
      {
        name: "scheduler-queue",
        query: 'sum(llm_d_epp_flow_control_queue_size{namespace="$namespace",service="$scheduler"})',
        threshold: "1",
      },
      {
        name: "engine-waiting",
        query: 'sum(vllm:num_requests_waiting{namespace="$namespace",pod=~"$pods"})',
        threshold: "1",
      },
      {
        name: "engine-running",
        query: 'sum(vllm:num_requests_running{namespace="$namespace",pod=~"$pods"})',
        threshold: "16",
      },
    ],
    source: `${KSERVE}; triggers: github.com/llm-d/llm-d, guides/workload-autoscaling/keda-epp-queue; metrics: ${ROUTER}, docs/metrics.md`,
  },
  drain: { quietPaths: ["/health", "/metrics", "/ping"], source: KSERVE },
  apis: [
    { group: "inference.networking.k8s.io", version: "v1", release: "1.5.0" },
    { group: "leaderworkerset.x-k8s.io", version: "v1", release: "0.8.0" },
    { group: "keda.sh", version: "v1alpha1", release: "2.18.0" },
  ],
  drivers: {
    cuda: {
      what: "NVIDIA driver for CUDA 13.0.2",
      atLeast: "580.65.06",
      nodeLabels: [
        "nvidia.com/cuda.driver-version.major",
        "nvidia.com/cuda.driver-version.minor",
        "nvidia.com/cuda.driver-version.revision",
      ],
      source: `github.com/llm-d/llm-d, docker/common-versions; ${ACCELERATORS}; labels: NVIDIA GPU feature discovery`,
    },
    xpu: { what: "Intel GPU driver (i915 or xe)", source: ACCELERATORS },
    hpu: { what: "Intel Gaudi driver and firmware of the same release as the image's software", source: ACCELERATORS },
    neuron: { what: "AWS Neuron driver", atLeast: "2.29.0.0", source: "AWS Neuron's release notes, SDK 2.31.0" },
    cpu: { what: "4th generation Intel Xeon or later, or an equivalent AMD processor", source: ACCELERATORS },
  },
};

export const LLM_D_0_9: Stack = { ...FACTS, presets: () => presetsFrom(FACTS) };
