import type { AcceleratorClass } from "../../api/shorthands/accelerator.ts";
import { NETWORK } from "../../knowledge/accelerators/recognise.ts";
import { asText, isObject, type Json, type JsonObject, objectOf, objectsOf, valueAt } from "../../kubernetes/json.ts";
import { MAIN } from "../../kubernetes/workloads/pods.ts";

/** What a class means to a pod: its nodes, and one device of the engine, which as many follow as there are ranks. */
export function devicePod({ resource, nodeSelector, tolerations }: AcceleratorClass): JsonObject {
  return {
    ...(nodeSelector && Object.keys(nodeSelector).length > 0 && { nodeSelector }),
    ...(tolerations && { tolerations: tolerations as Json[] }),
    ...(resource !== "cpu" && { containers: [{ name: MAIN, resources: { limits: { [resource]: "1" } } }] }),
  };
}

/**
 * Whether a workload says itself what it runs on, beside a class that is counted by `resource`: by an accelerator, by other devices,
 * by claims or by nodes. A number of the same devices does not, nor does a network device, nor a zone.
 */
export function namesDevices(workload: JsonObject, resource: string | undefined): boolean {
  const pod = objectOf(workload["template"]);
  if ((workload["accelerator"] ?? pod["resourceClaims"] ?? null) !== null || selectsNodes(pod)) return true;
  const main = objectsOf(pod["containers"]).find(({ name }) => name === MAIN);
  const asked = ["limits", "requests"].flatMap((field) =>
    Object.entries(objectOf(valueAt(main, ["resources", field]))),
  );
  const devices = asked.filter(([name, count]) => name.includes("/") && count !== null).map(([name]) => name);
  return !devices.includes(resource ?? "") && devices.some((name) => !NETWORK.test(name));
}

/** Labels that tell where a node is, how it is paid or how large its slice is, but not of which accelerator. */
const PLACES = [
  /^topology\.kubernetes\.io\//,
  /^(?:beta\.)?kubernetes\.io\/(?:os|arch)$/,
  /^cloud\.google\.com\/gke-(?:tpu-topology|accelerator-count|spot|provisioning)$/,
  /^(?:karpenter\.sh\/capacity-type|eks\.amazonaws\.com\/capacityType|kubernetes\.azure\.com\/scalesetpriority)$/,
];

/** Whether a pod requires nodes by more than their place. What its affinity only prefers requires nothing. */
function selectsNodes({ nodeSelector, affinity }: JsonObject): boolean {
  const required = valueAt(affinity, ["nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution"]);
  const terms = isObject(required) ? objectsOf(required["nodeSelectorTerms"]) : [];
  const keys = terms.flatMap(({ matchExpressions }) => objectsOf(matchExpressions).map(({ key }) => asText(key)));
  return [...Object.keys(objectOf(nodeSelector)), ...keys].some((label) => !PLACES.some((place) => place.test(label)));
}
