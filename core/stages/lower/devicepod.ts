import type { AcceleratorClass } from "../../api/shorthands/accelerator.ts";
import { NETWORK } from "../../knowledge/accelerators/recognise.ts";
import { asText, isObject, type Json, type JsonObject, objectOf, objectsOf, valueAt } from "../../kubernetes/json.ts";
import { MAIN } from "../../kubernetes/workloads/pods.ts";

/** What a class adds to a pod: its nodes, and one device for the engine; the number follows from the ranks. */
export function devicePod({ resource, nodeSelector, tolerations }: AcceleratorClass): JsonObject {
  return {
    ...(nodeSelector && Object.keys(nodeSelector).length > 0 && { nodeSelector }),
    ...(tolerations && { tolerations: tolerations as Json[] }),
    ...(resource !== "cpu" && { containers: [{ name: MAIN, resources: { limits: { [resource]: "1" } } }] }),
  };
}

/**
 * Whether a workload itself sets what it runs on, other than by a class that is counted by `resource`: by an
 * accelerator, other devices, claims or nodes. A number of the same devices does not count, nor does a network device,
 * nor a zone.
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

/**
 * Labels for the location of a node, how it is paid or how large its slice is, which do not identify an accelerator.
 */
const PLACES = [
  /^topology\.kubernetes\.io\//,
  /^(?:beta\.)?kubernetes\.io\/(?:os|arch)$/,
  /^cloud\.google\.com\/gke-(?:tpu-topology|accelerator-count|spot|provisioning)$/,
  /^(?:karpenter\.sh\/capacity-type|eks\.amazonaws\.com\/capacityType|kubernetes\.azure\.com\/scalesetpriority)$/,
];

/** Whether a pod requires nodes by more than their location. A preference in its affinity requires nothing. */
function selectsNodes({ nodeSelector, affinity }: JsonObject): boolean {
  const required = valueAt(affinity, ["nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution"]);
  const terms = isObject(required) ? objectsOf(required["nodeSelectorTerms"]) : [];
  const keys = terms.flatMap(({ matchExpressions }) => objectsOf(matchExpressions).map(({ key }) => asText(key)));
  return [...Object.keys(objectOf(nodeSelector)), ...keys].some((label) => !PLACES.some((place) => place.test(label)));
}
