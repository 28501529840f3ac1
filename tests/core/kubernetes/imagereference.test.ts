import assert from "node:assert/strict";
import { referenceProblem } from "../../../core/kubernetes/imagereference.ts";

const HEX = "0123456789abcdef".repeat(4);

/** As `ParseNormalizedNamed` of distribution/reference judges them. */
const READ = [
  "vllm",
  "vllm/vllm-openai:v0.23.0",
  "localhost/a:1",
  "localhost:5000/a",
  "registry.example.com:5000/a/b_c/d__e/f---g:V1.0_a-B",
  "Registry.example.com/a:1",
  "REGISTRY/a",
  "[2001:db8::1]:5000/a",
  `a@sha256:${HEX}`,
  `a:1@sha256:${HEX}`,
  "public.ecr.aws/neuron/vllm-inference-neuronx:0.13.0-neuronx-py312-sdk2.28.0-ubuntu24.04",
];

const REFUSED: readonly (readonly [image: string, fix: string, right?: string])[] = [
  ["https://registry.example.com/vllm:1", "remove https://", "registry.example.com/vllm:1"],
  ["docker://vllm/vllm-openai", "remove docker://", "vllm/vllm-openai"],
  ["https://registry.example.com/vLLM:1", "remove https://"],
  ["vllm/vLLM-openai:v0.23.0", "write vllm/vllm-openai:v0.23.0"],
  ["Registry.example.com/Team/vLLM:1.0", "write Registry.example.com/team/vllm:1.0"],
  ["a:", "write REGISTRY/IMAGE:TAG"],
  ["a:b:c", "write REGISTRY/IMAGE:TAG"],
  ["a//b", "write REGISTRY/IMAGE:TAG"],
  ["a/b/", "write REGISTRY/IMAGE:TAG"],
  ["a..b/c", "write REGISTRY/IMAGE:TAG"],
  ["registry.example.com:/a", "write REGISTRY/IMAGE:TAG"],
  ["a b", "write REGISTRY/IMAGE:TAG"],
  ["-a", "write REGISTRY/IMAGE:TAG"],
  ["a:-b", "write REGISTRY/IMAGE:TAG"],
  [`a:${"b".repeat(129)}`, "write REGISTRY/IMAGE:TAG"],
  ["a@sha256:abc", "write REGISTRY/IMAGE@sha256:DIGEST"],
  ["a@", "write REGISTRY/IMAGE@sha256:DIGEST"],
];

describe("the reference of an image", () => {
  for (const image of READ)
    it(`is read by the kubelet: ${image}`, () => {
      assert.equal(referenceProblem(image), undefined);
    });

  for (const [image, fix, right] of REFUSED)
    it(`is refused by the kubelet: ${image.slice(0, 50)}`, () => {
      const found = referenceProblem(image);
      assert.deepEqual([found?.fix, found?.right], [fix, right]);
    });
});
