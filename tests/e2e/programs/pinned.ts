/**
 * A service with every part that a release of the stack names: engines of two roles, a sidecar, a scheduler and a
 * route.
 */
export function pinned(release: string) {
  return {
    release,
    metadata: { namespace: "stacks" },
    model: { uri: "hf://Qwen/Qwen3-8B", name: "qwen" },
    accelerator: "nvidia-h100-80gb",
    prefill: { accelerator: "nvidia-h100-80gb" },
    router: { route: {}, scheduler: {} },
  };
}
