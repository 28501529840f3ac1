/**
 * Images that set no user, so they run as root. Source: vllm-project/vllm#31959 and #40275, kserve/kserve#5666;
 * docker/Dockerfile of SGLang.
 */
const ROOT_IMAGES: readonly string[] = ["vllm/vllm-openai", "lmsysorg/sglang"];

/** Whether an image is known to run as root; a mirror may have changed it. */
export function isRootImage(image: string): boolean {
  const [name = ""] = image.replace(/^(?:index\.)?docker\.io\//, "").split("@");
  const colon = name.indexOf(":", name.lastIndexOf("/"));
  const [repository, tag] = colon < 0 ? [name, ""] : [name.slice(0, colon), name.slice(colon + 1)];
  return ROOT_IMAGES.includes(repository) && !tag.includes("nonroot");
}
