import assert from "node:assert/strict";
import { isEngineImage, positionIn, releaseNumber, releaseOfImage } from "../../../../core/knowledge/engine/release.ts";

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
  ["registry.example.com/team/engine:v0.9.0", undefined, "an image of unknown content"],
];

describe("the vLLM release of an image", () => {
  for (const [image, release, reason] of IMAGES) {
    it(`${image}: ${release ?? "unknown"} (${reason})`, () => assert.equal(releaseOfImage(image), release));
  }

  it("tells images that start vLLM from others", () => {
    assert.ok(isEngineImage("ghcr.io/llm-d/llm-d-cuda:v0.6.0"));
    assert.ok(!isEngineImage("ghcr.io/llm-d/llm-d-router-endpoint-picker:v0.9.0"));
  });
});

describe("releases", () => {
  it("compare as versions do", () => {
    const sorted = ["0.8.0", "0.8.5", "0.8.5.post1", "0.9.0", "0.10.0", "0.10.1", "0.10.1.1", "0.33.0", "1.0.0"];
    const numbers = sorted.map((one) => releaseNumber(one) as number);
    assert.deepEqual(
      numbers,
      [...numbers].sort((a, b) => a - b),
    );
  });

  it("are in a span from its first release to before its last", () => {
    const at = (release: string) => positionIn({ from: "0.9", until: "0.11" }, releaseNumber(release) as number);
    assert.deepEqual(["0.8.5", "0.9.0", "0.10.2", "0.11.0"].map(at), ["before", "inside", "inside", "after"]);
  });
});
