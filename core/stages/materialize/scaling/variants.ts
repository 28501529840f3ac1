import { LABEL, workloadNameOf } from "../../../contract/names.ts";
import type { KubernetesObject } from "../../../kubernetes/objects.ts";
import type { MaterializeContext } from "../context.ts";
import type { Variant } from "./scaled.ts";

const DISCOVERY = { managed: "llm-d.ai/managed", model: "llm-d.ai/model-id", cost: "llm-d.ai/variant-cost" } as const;

/** Whether separate objects describe a variant to the variant autoscaler. */
export function hasVariantObjects({ behaviour, stack }: Pick<MaterializeContext, "behaviour" | "stack">): boolean {
  const { variants } = behaviour;
  return (variants === "asStack" ? stack.autoscaler.discovery : variants) === "objects";
}

/**
 * The labels of the object that describes a variant to the variant autoscaler: it needs the accelerator, from a label
 * of the pods or by its name.
 */
export function variantLabels(
  { labels, podLabels, role }: Variant,
  { accelerators }: Pick<MaterializeContext, "accelerators"> = {},
): Record<string, string> {
  return { ...labels, [LABEL.accelerator]: podLabels[LABEL.accelerator] || accelerators?.[role] || "unknown" };
}

/** The name of a variant's model for the variant autoscaler. */
export function modelId({ spec }: MaterializeContext): string {
  return spec.model.name ?? spec.model.uri;
}

/**
 * Name of the variant, which is a label of its metric: the name of its own object, or of the actuator that describes
 * it.
 */
export function variantName(actuator: "hpa" | "keda", variant: Variant, context: MaterializeContext): string {
  const child = hasVariantObjects(context) ? "variantAutoscaling" : actuator;
  return workloadNameOf(context.service.metadata.name, child, variant);
}

/**
 * The metadata of an actuator. Without a separate object, the actuator describes the variant. Source: wvaLabels and
 * wvaAnnotations in scaling.go, KServe v0.21.
 */
export function actuatorMetadata(
  actuator: "hpa" | "keda",
  variant: Variant,
  context: MaterializeContext,
): KubernetesObject["metadata"] {
  const { name: parent, namespace } = context.service.metadata;
  const name = workloadNameOf(parent, actuator, variant);
  if (hasVariantObjects(context)) return { name, namespace, labels: variant.labels };
  const { variantCost } = variant.wva;
  const annotations = {
    [DISCOVERY.managed]: "true",
    [DISCOVERY.model]: modelId(context),
    ...(variantCost && { [DISCOVERY.cost]: variantCost }),
  };
  return { name, namespace, labels: variantLabels(variant, context), annotations };
}
