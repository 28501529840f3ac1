import { isRootImage, needsUserName, USER_VARIABLES } from "../../../../knowledge/engine/rootimages.ts";
import { asText, isObject, type JsonObject, objectsOf } from "../../../../kubernetes/json.ts";
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
  const context = mapping(pod["securityContext"]);
  return containers.flatMap(({ item, at }) => [
    ...judgeUser(item, context, at),
    ...judgeUserName(item, context, { at, ofPod: path }),
  ]);
};

/** The file with the names of users. */
const NAMES = "/etc/passwd";

/** A user without a name in vLLM's image; a build of one's own may have added it. */
function judgeUserName(
  container: JsonObject,
  ofPod: JsonObject,
  { at, ofPod: pod }: { at: string; ofPod: string },
): Refusal[] {
  const own = mapping(container["securityContext"])["runAsUser"];
  const user = own ?? ofPod["runAsUser"];
  const { image, envFrom } = container;
  if (typeof user !== "number" || typeof image !== "string" || isSet(envFrom) || !needsUserName(image, user)) return [];
  const isReplaced = objectsOf(container["env"]).some(({ name }) => USER_VARIABLES.includes(asText(name)));
  const isMounted = objectsOf(container["volumeMounts"]).some(({ mountPath }) => asText(mountPath).startsWith(NAMES));
  if (isReplaced || isMounted) return [];
  const path = `${isSet(own) ? at : pod}.securityContext.runAsUser`;
  const message = `the image ${image} has no name for the user ${user}, and PyTorch ends with an error if it finds none`;
  const fix = `set the environment variable USER of the container ${shown(asText(container["name"]))} to any name, for example vllm`;
  return [{ ...invalid(path, message, fix), severity: "warning" }];
}

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
