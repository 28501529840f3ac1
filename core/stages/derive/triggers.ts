import type { WorkloadSpec } from "../../api/workload.ts";
import type { EngineKind } from "../../knowledge/engine/engines.ts";
import { queryOfSglang } from "../../knowledge/engine/sglang/metrics.ts";
import type { Stack } from "../../knowledge/stacks/stack.ts";

/**
 * The triggers of the stack query metrics of vLLM; those of a service with another engine query the metrics of that
 * engine. Triggers of a user stay.
 */
export function withEngineMetrics<Workload extends Pick<WorkloadSpec, "scaling">>(
  workload: Workload,
  engine: EngineKind,
  { autoscaler }: Pick<Stack, "autoscaler">,
): Workload {
  const { scaling } = workload;
  const triggers = scaling?.keda?.triggers;
  if (engine === "vllm" || triggers === undefined) return workload;
  const own = new Set(autoscaler.triggers?.map(({ name }) => name));
  const asked = triggers.map((trigger) => {
    const query = trigger.metadata?.["query"];
    if (!own.has(trigger.name ?? "") || typeof query !== "string") return trigger;
    return { ...trigger, metadata: { ...trigger.metadata, query: queryOfSglang(query) } };
  });
  return { ...workload, scaling: { ...scaling, keda: { ...scaling?.keda, triggers: asked } } };
}
