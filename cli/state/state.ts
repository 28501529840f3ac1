import { asText, isObject, type Json, type JsonObject } from "../../core/kubernetes/json.ts";
import { asObject, type KubernetesObject } from "../../core/kubernetes/objects.ts";
import { readJson, UnreadableInput } from "../input/input.ts";

/** Children of the component, by their URN, which contains the types of the parents. */
const CHILD = /kserve-llm:index:LLMInferenceService\$kubernetes:/;
/** How the engine marks a secret in what it exports. */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
/** Placeholder for a value that the state keeps secret: it cannot be compared. */
export const SECRET = "[secret]";
/** Annotations with which the components configure waiting and ownership: they are not part of the plan. */
const REGISTERING = ["pulumi.com/", "kserve-llm/"] as const;

/** The objects that a stack made for its services, as they were last sent to the cluster. */
export function readState(file: string): KubernetesObject[] {
  const exported = readJson(file);
  const deployment = isObject(exported) && isObject(exported["deployment"]) ? exported["deployment"] : undefined;
  const resources = deployment?.["resources"];
  if (deployment === undefined)
    throw new UnreadableInput(`${file}: the file is not an export of \`pulumi stack export\``);
  const children = (Array.isArray(resources) ? resources : []).filter(
    (resource): resource is JsonObject => isObject(resource) && CHILD.test(asText(resource["urn"])),
  );
  const objects = children.filter(({ delete: isGoing }) => isGoing !== true).flatMap(({ inputs }) => objectIn(inputs));
  if (objects.length === 0)
    throw new UnreadableInput(`${file}: the state contains no objects of an LLMInferenceService`);
  return objects;
}

/** The record of the service itself does not run. */
function objectIn(inputs: Json | undefined): KubernetesObject[] {
  const plain = withoutSecrets(inputs ?? null);
  if (!isObject(plain) || !isObject(plain["metadata"]) || plain["kind"] === "LLMInferenceService") return [];
  if ([plain["apiVersion"], plain["kind"], plain["metadata"]["name"]].some((name) => typeof name !== "string"))
    return [];
  const { annotations, ...metadata } = plain["metadata"];
  const isOwn = ([name]: [string, unknown]): boolean => !REGISTERING.some((prefix) => name.startsWith(prefix));
  const own = Object.entries(isObject(annotations) ? annotations : {}).filter(isOwn);
  const kept = own.length > 0 ? { annotations: Object.fromEntries(own) } : {};
  return [asObject({ ...plain, metadata: { ...metadata, ...kept } })];
}

function withoutSecrets(value: Json): Json {
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (!isObject(value)) return value;
  if (value[SIGNATURE] !== undefined) return SECRET;
  const entries = Object.entries(value).filter(([key, item]) => item !== undefined && !key.startsWith("__"));
  return Object.fromEntries(entries.map(([key, item]) => [key, withoutSecrets(item as Json)]));
}
