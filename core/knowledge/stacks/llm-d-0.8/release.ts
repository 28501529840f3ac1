import { presetsFrom } from "../../presets/presets.ts";
import type { Stack, StackFacts } from "../stack.ts";

const LLM_D = "github.com/llm-d/llm-d, component summary of the releases v0.8.0 and v0.8.1";
const KSERVE = "github.com/kserve/kserve at v0.20.0, config/llmisvcconfig and kserve-deps.env";
const ACCELERATORS = "github.com/llm-d/llm-d, docs/accelerators/README.md";

/** llm-d 0.8 of June 2026, which KServe v0.20.0 runs. */
const FACTS: StackFacts = {
  name: "llm-d-0.8",
  presetVersion: "2026.11-1",
  vllm: "0.23.0",
  // In this release llm-d names no image for TPU.
  engines: {
    cuda: { image: "ghcr.io/llm-d/llm-d-cuda:v0.8.0", source: `${KSERVE}; vLLM and CUDA: ${LLM_D}` },
    rocm: {
      image: "ghcr.io/llm-d/llm-d-rocm:v0.8.1",
      source: "llm-d's release v0.9.0, which names it as the previous image",
    },
    xpu: {
      image: "ghcr.io/llm-d/llm-d-xpu:v0.8.1",
      source: "llm-d's release v0.9.0, which names it as the previous image",
    },
    hpu: { image: "ghcr.io/llm-d/llm-d-hpu:v0.8.0", source: LLM_D },
    neuron: {
      image: "public.ecr.aws/neuron/pytorch-inference-vllm-neuronx:0.16.0-neuronx-py312-sdk2.30.0-ubuntu24.04",
      vllm: "0.16.0",
      source: "AWS Neuron's containers, SDK 2.30.0; llm-d has none",
    },
    cpu: {
      image: "ghcr.io/llm-d/llm-d-cpu:v0.8.1",
      source: "llm-d's release v0.9.0, which names it as the previous image",
    },
  },
  sglang: {
    version: "0.5.12",
    engines: {
      cuda: {
        image: "docker.io/lmsysorg/sglang:v0.5.12",
        source: "github.com/llm-d/llm-d-router at v0.9.0, config/manifests/sglang/gpu-deployment.yaml",
      },
      rocm: {
        image: "docker.io/lmsysorg/sglang:v0.5.12-rocm720-mi30x",
        accelerators: [[/mi35/, "docker.io/lmsysorg/sglang:v0.5.12-rocm720-mi35x"]],
        source: "SGLang's images for AMD, which are built for one generation each",
      },
    },
  },
  scheduler: {
    image: "ghcr.io/llm-d/llm-d-router-endpoint-picker:v0.9.0",
    version: "0.9.0",
    source: KSERVE,
  },
  sidecar: {
    image: "ghcr.io/llm-d/llm-d-router-disagg-sidecar:v0.9.0",
    portFlag: "vllm-port",
    source: KSERVE,
  },
  latencyPredictor: { tag: "v0.8.0", source: KSERVE },
  tokenizer: { kind: "socket", image: "ghcr.io/llm-d/llm-d-uds-tokenizer:vllm-v0.19.1", source: KSERVE },
  autoscaler: { variantAutoscaler: "0.7.0", discovery: "objects", source: KSERVE },
  apis: [
    { group: "inference.networking.k8s.io", version: "v1", release: "1.5.0" },
    { group: "leaderworkerset.x-k8s.io", version: "v1", release: "0.8.0" },
    { group: "keda.sh", version: "v1alpha1", release: "2.18.0" },
    { group: "llmd.ai", version: "v1alpha1", release: "0.7.0" },
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
      source: `${LLM_D}; ${ACCELERATORS}; labels: NVIDIA GPU feature discovery`,
    },
    xpu: { what: "Intel GPU driver (i915 or xe)", source: ACCELERATORS },
    hpu: { what: "Intel Gaudi driver and firmware of the same release as the image's software", source: ACCELERATORS },
    neuron: { what: "AWS Neuron driver that goes with SDK 2.30.0", source: "AWS Neuron's release notes" },
    cpu: { what: "4th generation Intel Xeon or later, or an equivalent AMD processor", source: ACCELERATORS },
  },
};

export const LLM_D_0_8: Stack = { ...FACTS, presets: () => presetsFrom(FACTS) };
