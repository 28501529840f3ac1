/** Whose accelerators an image of vLLM is built for, and whose a resource counts. */
export type Vendor = "NVIDIA" | "AMD" | "Intel Gaudi" | "Intel GPU" | "Google TPU" | "AWS Neuron" | "CPU";

/**
 * Images by their name without the tag. One that is not listed may be built for anything.
 * Source: the published images of vLLM (docs.vllm.ai, installation by hardware), llm-d, AMD, Intel and AWS.
 */
const IMAGES: readonly (readonly [name: RegExp, vendor: Vendor])[] = [
  [/(^|\/)llm-d\/llm-d-(cuda|aws|gke)$/, "NVIDIA"],
  [/(^|\/)vllm\/vllm-openai$/, "NVIDIA"],
  [/(^|\/)nvidia\/vllm$/, "NVIDIA"],
  [/(^|\/)(vllm\/vllm-openai-rocm|llm-d\/llm-d-rocm|rocm\/vllm(-dev)?)$/, "AMD"],
  [/(^|\/)llm-d\/llm-d-hpu$/, "Intel Gaudi"],
  [/(^|\/)(vllm\/vllm-openai-xpu|llm-d\/llm-d-xpu|intel\/vllm)$/, "Intel GPU"],
  [/(^|\/)vllm\/vllm-tpu$/, "Google TPU"],
  [/(^|\/)neuron\/(pytorch-inference-vllm-neuronx|vllm-inference-neuronx)$/, "AWS Neuron"],
  [/(^|\/)(llm-d\/llm-d-cpu|vllm\/vllm-openai-cpu|vllm-cpu-release-repo)$/, "CPU"],
];

/** Tags that make an image one for other accelerators than its name tells. */
const OTHER_TAG = /(rocm|xpu|gaudi|hpu|tpu|neuron|cpu)/;

const RESOURCES: readonly (readonly [resource: RegExp, vendor: Vendor])[] = [
  [/^nvidia\.com\/(gpu|mig-)/, "NVIDIA"],
  [/^amd\.com\/gpu/, "AMD"],
  [/^habana\.ai\/gaudi/, "Intel Gaudi"],
  [/^gpu\.intel\.com\//, "Intel GPU"],
  [/^google\.com\/tpu/, "Google TPU"],
  [/^aws\.amazon\.com\/neuron/, "AWS Neuron"],
];

/** Whose accelerators an image is for; undefined where its name does not tell. */
export function vendorOfImage(image: string): Vendor | undefined {
  const [reference = ""] = image.split("@");
  const colon = reference.lastIndexOf(":");
  const hasTag = colon > reference.lastIndexOf("/");
  const [name, tag] = hasTag ? [reference.slice(0, colon), reference.slice(colon + 1)] : [reference, ""];
  if (OTHER_TAG.test(tag)) return undefined;
  return IMAGES.find(([pattern]) => pattern.test(name))?.[1];
}

export function vendorOfResource(resource: string): Vendor | undefined {
  return RESOURCES.find(([pattern]) => pattern.test(resource))?.[1];
}

/** An image of vLLM for each vendor, where one is published under a name that does not change. */
export const IMAGE_FOR: Readonly<Partial<Record<Vendor, string>>> = {
  NVIDIA: "vllm/vllm-openai:v0.23.0",
  AMD: "vllm/vllm-openai-rocm:v0.24.0",
  "Google TPU": "vllm/vllm-tpu:v0.22.0",
};
