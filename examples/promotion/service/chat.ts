/** The service, by what a stack's configuration says. The program and the promote check read the same. */
export function chat(get: (key: string) => string | undefined) {
  return {
    // What is promoted: the release that was tested, and by its digest that very content.
    release: get("release"),
    digest: get("digest"),
    metadata: { namespace: get("namespace") ?? "default" },
    model: { uri: "hf://Qwen/Qwen2.5-7B-Instruct", name: "Qwen/Qwen2.5-7B-Instruct" },
    // What differs from stack to stack on purpose.
    replicas: Number(get("replicas") ?? 1),
    accelerator: get("accelerator") ?? "nvidia-h100-80gb",
  };
}

/** The fields that each stack has of its own. */
export const EXPECTED = ["namespace", "replicas", "accelerator"];
