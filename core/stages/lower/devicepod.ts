import type { AcceleratorClass } from "../../api/accelerator.ts";
import { type Json, type JsonObject, objectOf, objectsOf, valueAt } from "../../kubernetes/json.ts";
import { MAIN } from "../../kubernetes/pods.ts";

/** What a class means to a pod: its nodes, and one device of the engine, which as many follow as there are ranks. */
export function devicePod({ resource, nodeSelector, tolerations }: AcceleratorClass): JsonObject {
  return {
    ...(nodeSelector && Object.keys(nodeSelector).length > 0 && { nodeSelector }),
    ...(tolerations && { tolerations: tolerations as Json[] }),
    ...(resource !== "cpu" && { containers: [{ name: MAIN, resources: { limits: { [resource]: "1" } } }] }),
  };
}

/** Whether a workload says itself what it runs on: by an accelerator, by devices or by nodes. */
export function namesDevices(workload: JsonObject): boolean {
  const pod = objectOf(workload["template"]);
  const main = objectsOf(pod["containers"]).find(({ name }) => name === MAIN);
  const devices = ["limits", "requests"].flatMap((field) => Object.keys(objectOf(valueAt(main, ["resources", field]))));
  const isTold =
    (workload["accelerator"] ?? pod["nodeSelector"] ?? pod["affinity"] ?? pod["resourceClaims"]) !== undefined;
  return isTold || devices.some((name) => name.includes("/"));
}
