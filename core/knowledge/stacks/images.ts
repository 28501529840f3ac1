import type { Platform } from "./stack.ts";

/** What an image is built for: a platform of the stacks, or one without an engine in them. */
export type BuiltFor = Platform | "npu";

/**
 * The platform for which images of engines are built, by their name without the tag. One that is not listed may be
 * built for any platform. Source: the published images of vLLM (docs.vllm.ai, installation by hardware), llm-d, AMD,
 * Intel, AWS and SGLang.
 */
const IMAGES: readonly (readonly [name: RegExp, platform: BuiltFor])[] = [
  [/(^|\/)(llm-d\/llm-d-(cuda|aws|gke)|vllm\/vllm-openai|nvidia\/vllm|lmsysorg\/sglang)$/, "cuda"],
  [/(^|\/)(vllm\/vllm-openai-rocm|llm-d\/llm-d-rocm|rocm\/vllm(-dev)?)$/, "rocm"],
  [/(^|\/)llm-d\/llm-d-hpu$/, "hpu"],
  [/(^|\/)(vllm\/vllm-openai-xpu|llm-d\/llm-d-xpu|intel\/vllm)$/, "xpu"],
  [/(^|\/)vllm\/vllm-tpu$/, "tpu"],
  [/(^|\/)neuron\/(pytorch-inference-vllm-neuronx|vllm-inference-neuronx)$/, "neuron"],
  [/(^|\/)(llm-d\/llm-d-cpu|vllm\/vllm-openai-cpu|vllm-cpu-release-repo)$/, "cpu"],
  [/(^|\/)ascend\/vllm-ascend$/, "npu"],
];

/** Tags of images that are built for another platform than their name implies. */
const OTHER_TAG = /(rocm|xpu|gaudi|hpu|tpu|neuron|cpu|xeon|cann|910b)/;

/** What an image is built for; undefined if its name does not show it. */
export function platformOfImage(image: string): BuiltFor | undefined {
  const [reference = ""] = image.split("@");
  const colon = reference.lastIndexOf(":");
  const hasTag = colon > reference.lastIndexOf("/");
  const [name, tag] = hasTag ? [reference.slice(0, colon), reference.slice(colon + 1)] : [reference, ""];
  const found = IMAGES.find(([pattern]) => pattern.test(name))?.[1];
  return found === "cuda" && OTHER_TAG.test(tag) ? undefined : found;
}
