import assert from "node:assert/strict";
import {
  hasPluginFlags,
  isEngineImage,
  otherEngineOf,
  releaseOfImage,
} from "../../../../core/knowledge/engine/images.ts";

const IMAGES: [string, string | undefined, string][] = [
  ["vllm/vllm-openai:v0.10.2", "0.10.2", "the tag is the release"],
  ["docker.io/vllm/vllm-openai:v0.10.1.1", "0.10.1.1", "a fourth number"],
  ["vllm/vllm-openai:v0.8.5.post1", "0.8.5.post1", "a post release"],
  ["localhost:5000/vllm/vllm-openai:v0.11.0-x86_64@sha256:abc", "0.11.0", "registry with port, suffix and digest"],
  ["vllm/vllm-openai:latest", undefined, "a tag that moves"],
  ["vllm/vllm-openai@sha256:abc", undefined, "only a digest"],
  ["ghcr.io/llm-d/llm-d-cuda:v0.8.0", "0.23.0", "llm-d's release, not vLLM's"],
  ["ghcr.io/llm-d/llm-d-aws:v0.4.1", "0.11.2", "a patch of llm-d"],
  ["ghcr.io/llm-d/llm-d-cuda:v0.6.0", undefined, "a release of llm-d that is not known"],
  ["nvcr.io/nvidia/vllm:26.03-py3", "0.17.1", "NVIDIA's month"],
  ["nvcr.io/nvidia/vllm:25.10-py3", "0.10.2", "NVIDIA's October"],
  ["nvcr.io/nvidia/vllm:26.01-py3", undefined, "a month of which sources differ"],
  ["registry.redhat.io/rhaiis/vllm-cuda-rhel9:3.0.0", "0.8.4", "Red Hat's release"],
  ["registry.redhat.io/rhaiis/vllm-cuda-rhel9:3.2.5-1766067105", "0.11.2", "a build of Red Hat's release"],
  ["registry.redhat.io/rhaiis/vllm-cuda-rhel9:3.3.0", "0.13.0", "a later release of Red Hat"],
  ["registry.redhat.io/rhaiis/vllm-cuda-rhel9:3.3.3", undefined, "a patch of Red Hat's that nobody read"],
  ["registry.redhat.io/rhaii/vllm-cpu-rhel9:3.4.1", undefined, "the product's later name"],
  ["rocm/vllm:rocm7.0.0_vllm_0.11.1_20251024", "0.11.1", "AMD's tag, which names the release"],
  ["rocm/vllm:rocm7.14.0_cdna_ubuntu24.04_py3.14_pytorch_2.11.0_vllm_0.23.0", "0.23.0", "the release at the end"],
  ["rocm/vllm:latest", undefined, "a tag of AMD's that moves"],
  ["763104351884.dkr.ecr.us-west-2.amazonaws.com/vllm:0.11.0-gpu-py312-cu128-ubuntu22.04-ec2", "0.11.0", "AWS's build"],
  ["763104351884.dkr.ecr.us-west-2.amazonaws.com/vllm:server-cuda-v1.3", undefined, "AWS's build of a commit"],
  ["quay.io/vllm/vllm-cuda:0.18.0_rhaiv.6", "0.18.0", "a candidate of Red Hat's"],
  ["vllm/vllm-omni:v0.22.0", undefined, "vLLM-Omni's release, not vLLM's"],
  ["registry.example.com/mirror/vllm/vllm-omni:v0.22.0", undefined, "a mirror of vLLM-Omni"],
  [
    "vault.habana.ai/gaudi-docker/1.22.2/ubuntu24.04/habanalabs/vllm-plugin-2.7.1:v0.11.2",
    "0.11.2",
    "Intel's plugin for Gaudi, whose releases are vLLM's",
  ],
  ["lmcache/vllm-openai:v0.3.9post2", undefined, "LMCache's release, not vLLM's"],
  ["nvcr.io/nvidia/ai-dynamo/vllm-runtime:0.8.1", "0.12.0", "Dynamo's release, not vLLM's"],
  ["nvcr.io/nvidia/ai-dynamo/vllm-runtime:0.7.0.post1", "0.11.0", "a post release of Dynamo"],
  ["nvcr.io/nvidia/ai-dynamo/vllm-runtime:1.3.1", "0.23.0", "a patch of Dynamo"],
  ["nvcr.io/nvidia/ai-dynamo/vllm-runtime:1.4.0", undefined, "a release of Dynamo that nobody read"],
  ["registry.example.com/mirror/vllm/vllm-openai-cpu:v0.11.0", "0.11.0", "a mirror of vLLM"],
  ["registry.example.com/mirror/llm-d/llm-d-cuda:v0.8.0", "0.23.0", "a mirror of llm-d"],
  ["registry.example.com/mirror/nvidia/vllm:25.10-py3", "0.10.2", "a mirror of NVIDIA's"],
  ["registry.example.com/mirror/rocm/vllm:rocm7.0.0_vllm_0.11.1_20251024", "0.11.1", "a mirror of AMD's"],
  ["quay.io/ascend/vllm-ascend:v0.11.0", "0.11.0", "the build for Ascend"],
  ["registry.example.com/vllm-ours:v0.24.0", "0.24.0", "a build of one's own"],
  ["ghcr.io/team/vllm-playground:v0.5.0", undefined, "another program that has vllm in its name"],
  ["registry.example.com/team/engine:v0.9.0", undefined, "an image of unknown content"],
];

describe("the vLLM release of an image", () => {
  for (const [image, release, reason] of IMAGES) {
    it(`${image}: ${release ?? "unknown"} (${reason})`, () => assert.equal(releaseOfImage(image), release));
  }

  it("is known only of images that start vLLM", () => {
    assert.ok(isEngineImage("ghcr.io/llm-d/llm-d-cuda:v0.6.0"));
    assert.ok(isEngineImage("registry.redhat.io/rhaiis/vllm-cuda-rhel9:3.2.5"));
    assert.ok(!isEngineImage("ghcr.io/llm-d/llm-d-router-endpoint-picker:v0.9.0"));
  });

  it("is separate from whether an image has flags of plugins", () => {
    assert.ok(hasPluginFlags("vllm/vllm-omni:v0.22.0"));
    assert.ok(!hasPluginFlags("vllm/vllm-openai:v0.22.0"));
  });

  const OTHERS: [string, string | undefined][] = [
    ["lmsysorg/sglang:v0.5.14", "SGLang"],
    ["nvcr.io/nvidia/tensorrt-llm/release:1.2.0", "TensorRT-LLM"],
    ["ghcr.io/huggingface/text-generation-inference:3.3", "Text Generation Inference"],
    [
      "us-docker.pkg.dev/deeplearning-platform-release/gcr.io/huggingface-text-generation-inference-cu124.2-3.ubuntu2204.py311",
      "Text Generation Inference",
    ],
    [
      "763104351884.dkr.ecr.us-east-1.amazonaws.com/huggingface-pytorch-tgi-inference:2.4.0-tgi3.0.1-gpu",
      "Text Generation Inference",
    ],
    ["763104351884.dkr.ecr.us-east-1.amazonaws.com/djl-inference:0.32.0-lmi14.0.0-cu126", "DJL Serving"],
    ["nvcr.io/nvidia/ai-dynamo/tensorrtllm-runtime:0.7.0", "TensorRT-LLM"],
    ["nvcr.io/nvidia/ai-dynamo/sglang-runtime:0.7.0", "SGLang"],
    ["rocm/sgl-dev:20250521", "SGLang"],
    ["ghcr.io/llm-d/llm-d-inference-sim:v0.7.1", "llm-d's simulator"],
    ["nvcr.io/nim/meta/llama-3.1-8b-instruct:1.8.3", "NVIDIA NIM"],
    ["ghcr.io/huggingface/text-embeddings-inference:89-1.8", "Text Embeddings Inference"],
    ["openvino/model_server:2025.3-gpu", "OpenVINO Model Server"],
    ["kserve/huggingfaceserver:v0.16.0-gpu", "KServe's Hugging Face server"],
    ["deepjavalibrary/djl-serving:0.34.0-lmi", "DJL Serving"],
    ["alpindale/aphrodite-openai:v0.6.7", "Aphrodite"],
    ["vllm/vllm-openai:v0.22.0", undefined],
    ["registry.example.com/team/engine:v1", undefined],
  ];
  for (const [image, engine] of OTHERS)
    it(`${image} is ${engine ?? "of no other engine that is known"}`, () => assert.equal(otherEngineOf(image), engine));
});
