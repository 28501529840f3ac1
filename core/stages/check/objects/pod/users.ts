import { isRootImage } from "../../../../knowledge/engine/rootimages.ts";
import { asText, isObject, type JsonObject } from "../../../../kubernetes/json.ts";
import { entryOf } from "../../../../kubernetes/table.ts";
import { isSet, type Rule } from "../fields.ts";
import { invalid, itemsOf, mapping, type Refusal, shown } from "../rule.ts";

/**
 * The users of containers. The API server accepts these pods, but the kubelet does not start their containers. Source:
 * verifyRunAsNonRoot, pkg/kubelet/kuberuntime/security_context.go, Kubernetes 1.36.
 */
export const USERS: Rule = (pod, { path }) => {
  if (!isObject(pod)) return [];
  const containers = ["containers", "initContainers"].flatMap((list) => itemsOf(pod, list, path));
  return containers.flatMap(({ item, at }) => judgeUser(item, mapping(pod["securityContext"]), at));
};

function judgeUser(container: JsonObject, ofPod: JsonObject, at: string): Refusal[] {
  const own = mapping(container["securityContext"]);
  const effective = (field: string) => entryOf(own, field) ?? entryOf(ofPod, field);
  if (effective("runAsNonRoot") !== true) return [];
  const user = effective("runAsUser");
  const name = shown(asText(container["name"]));
  if (user === 0) {
    const path = isSet(own["runAsUser"]) ? `${at}.securityContext.runAsUser` : `${at}.securityContext.runAsNonRoot`;
    const message = `the kubelet will not start the container ${name}: runAsUser is 0, and runAsNonRoot is true`;
    return [invalid(path, message, "set runAsNonRoot: false on the container, or another runAsUser")];
  }
  const { image } = container;
  if (isSet(user) || typeof image !== "string" || !isRootImage(image)) return [];
  const message = `the kubelet will not start the container ${name} unless the cluster assigns a user: the image ${image} runs as root, and runAsNonRoot is true`;
  const fix = "set securityContext.runAsUser, or set securityContext.runAsNonRoot: false";
  return [{ ...invalid(`${at}.image`, message, fix), severity: "warning" }];
}

/**
 * Whether a refusal is the kubelet's instead of the API server's; one that belongs to no field of the service begins
 * with the object and the path.
 */
export function isOfKubelet(message: string): boolean {
  return /(?:^|: )the kubelet will not start/.test(message);
}
