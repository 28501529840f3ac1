/** The service as a stack's configuration describes it. The program and the promote check both read it here. */
export function chat(get: (key: string) => string | undefined) {
  return {
    // What is promoted: the tested release, with a digest of its content.
    release: get("release"),
    digest: get("digest"),
    metadata: { namespace: get("namespace") ?? "default" },
    model: { uri: "hf://Qwen/Qwen2.5-7B-Instruct", name: "Qwen/Qwen2.5-7B-Instruct" },
    // What differs from stack to stack on purpose.
    replicas: Number(get("replicas") ?? 1),
    accelerator: get("accelerator") ?? "nvidia-h100-80gb",
  };
}

/** The fields in which each stack differs. */
export const EXPECTED = ["namespace", "replicas", "accelerator"];
