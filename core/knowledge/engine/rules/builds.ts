import { positionIn, type Span } from "../release.ts";

/** Images that vLLM itself publishes for NVIDIA's GPUs, and copies of them in other registries. */
const OFFICIAL = /^(?:docker\.io\/)?vllm\/vllm-openai[:@]/;
const COPIES = /\/vllm\/vllm-openai[:@]/;

/** GPUs, by the bounds of their compute capability times ten, for which images of some releases have no kernels. */
interface Missing extends Span {
  lacks(capability: number): boolean;
  /** Whether the tag names a build of the span that is different. */
  tag: RegExp;
  fix: string;
}

const CUDA13 = {
  lacks: (capability: number): boolean => capability < 75,
  fix: "use another accelerator, or an image of vLLM that is built for it with CUDA 12",
};
/**
 * Source: the builds of vLLM's docker/Dockerfile. CUDA 12.4 until 0.9.0 has no Blackwell (vllm-project/vllm#16901);
 * CUDA 13, from 0.20.0 on in tags without a suffix and before in those with `-cu130`, has nothing older than Turing
 * (vllm-project/vllm#39878).
 */
const BUILDS: readonly Missing[] = [
  {
    until: "0.9.0",
    tag: /^/,
    lacks: (capability) => capability >= 100,
    fix: "run vLLM 0.9.0 or later",
  },
  { from: "0.20.0", tag: /:v?\d+(?:\.\d+)+(?:-(?:x86_64|aarch64|ubuntu\d+))*(?:@|$)/, ...CUDA13 },
  { tag: /-cu13\d\b/, ...CUDA13 },
];

/** What to do about an image without kernels for a GPU; `perhaps` for a copy, which may have been rebuilt. */
export function withoutKernels(
  image: string,
  capability: number,
  release: number,
): { by: "certainly" | "perhaps"; fix: string } | undefined {
  if (!OFFICIAL.test(image) && !COPIES.test(image)) return undefined;
  const found = BUILDS.find(
    (one) => positionIn(one, release) === "inside" && one.tag.test(image) && one.lacks(capability),
  );
  return found && { by: OFFICIAL.test(image) ? "certainly" : "perhaps", fix: found.fix };
}

/**
 * Releases whose image has no Ray: the package no longer requires it. Source: the requirements of the package `vllm`,
 * 0.17.1 and 0.18.0; gpustack/gpustack#5430, ai-dynamo/dynamo#8515.
 */
const WITHOUT_RAY: Span = { from: "0.18.0" };

/** Whether the image of a release has no Ray, which the executor and the backend of data-parallel ranks import. */
export function isWithoutRay(image: string, release: number): "certainly" | "perhaps" | undefined {
  if (positionIn(WITHOUT_RAY, release) !== "inside") return undefined;
  if (OFFICIAL.test(image)) return "certainly";
  return COPIES.test(image) ? "perhaps" : undefined;
}
