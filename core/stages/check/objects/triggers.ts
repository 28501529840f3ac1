import { asText, isObject, type JsonObject, objectsOf, valueAt } from "../../../kubernetes/json.ts";
import type { KubernetesObject } from "../../../kubernetes/objects.ts";
import { quantityNumber } from "../../../kubernetes/quantity.ts";
import { entryOf } from "../../../kubernetes/table.ts";
import type { CheckFinding } from "../check.ts";
import { foundInPods } from "./objects.ts";
import type { Written } from "./places.ts";
import type { Refusal } from "./rule.ts";

/** Triggers for which KEDA reads the pods' own use of a resource of the same name. */
const RESOURCES: ReadonlySet<string> = new Set(["cpu", "memory"]);

/**
 * Triggers of `cpu` and `memory` for pods whose containers request none of it: KEDA's webhook refuses the
 * ScaledObject, and where the webhook is not installed, the autoscaler has nothing to measure a share of. A LimitRange
 * of the namespace may set the request, so it is a warning. The webhook does not read LeaderWorkerSets. Source:
 * verifyCPUMemoryScalers, apis/keda/v1alpha1/scaledobject_webhook.go, KEDA 2.
 */
export function judgeTriggers(objects: readonly KubernetesObject[], written: Written): CheckFinding[] {
  const scaled = objects.filter(({ kind }) => kind === "ScaledObject");
  return scaled
    .flatMap((scaler) => {
      const target = valueAt(scaler["spec"], ["scaleTargetRef", "name"]);
      const pods = objects.filter(({ kind, metadata }) => kind === "Deployment" && metadata.name === target);
      const asked = objectsOf(valueAt(scaler["spec"], ["triggers"])).filter(({ type }) => RESOURCES.has(asText(type)));
      return pods.flatMap((object) =>
        asked.flatMap((trigger) => foundInPods(object, written, (pod, path) => unrequested(pod, path, trigger))),
      );
    })
    .map((refusal): CheckFinding => ({ ...refusal, layer: "merged" }));
}

function unrequested(pod: JsonObject, path: string, { type, metadata }: JsonObject): Refusal[] {
  const resource = asText(type);
  const only = valueAt(metadata, ["containerName"]);
  return objectsOf(pod["containers"]).flatMap((container, index): Refusal[] => {
    const isMeant = typeof only !== "string" || only === "" || only === container["name"];
    if (!isMeant || ["requests", "limits"].some((kind) => hasAny(valueAt(container, ["resources", kind]), resource)))
      return [];
    return [
      {
        code: "MissingField",
        severity: "warning",
        path: `${path}.containers[${index}].resources.requests.${resource}`,
        message: `the service scales by a ${resource} trigger, but the container ${asText(container["name"])} requests no ${resource}: KEDA refuses the ScaledObject unless a LimitRange of the namespace sets one`,
        fix: `set resources.requests.${resource} of the container, or scale by another trigger`,
      },
    ];
  });
}

function hasAny(amounts: unknown, resource: string): boolean {
  const amount = isObject(amounts) ? entryOf(amounts, resource) : undefined;
  return (typeof amount === "string" || typeof amount === "number") && quantityNumber(amount) > 0;
}
