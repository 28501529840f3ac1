import { isObject, type Json, type JsonObject } from "../../kubernetes/json.ts";
import type { KubernetesObject } from "../../kubernetes/objects.ts";
import { type ExportedState, isKubernetes, isPatch, type PendingOperation, type StateResource } from "./state.ts";
import { STACK_MARK } from "./verdict.ts";

/**
 * Creates whose answer may have been lost: the connection broke after the API server had made the object, so the run failed and
 * the state has neither the object nor an operation. They are among what a preview would create, as `pulumi preview --json`
 * prints it. Only objects that would have the stack's mark count, for by that alone they are known again.
 */
export function possiblyLost(preview: unknown, { deployment }: ExportedState): PendingOperation[] {
  const steps = isObject(preview) && Array.isArray(preview["steps"]) ? preview["steps"].filter(isObject) : [];
  const begun = new Set((deployment.pending_operations ?? []).map(({ resource }) => resource.urn));
  const resources = deployment.resources ?? [];
  const urns = new Set(resources.map(({ urn }) => urn));
  const providers = new Set(resources.map(({ urn, id }) => `${urn}::${id}`));
  return steps
    .filter(({ op }) => op === "create")
    .map(({ newState }): unknown => newState)
    .filter(isResource)
    .filter((resource) => isKubernetes(resource) && !isPatch(resource) && isMarked(resource))
    .filter(({ urn, parent = "", provider = "" }) => !begun.has(urn) && urns.has(parent) && providers.has(provider))
    .map((resource) => ({ type: "creating", resource: withoutId(resource) }));
}

function isResource(value: unknown): value is StateResource {
  return isObject(value) && typeof value["urn"] === "string" && typeof value["type"] === "string";
}

function isMarked({ inputs }: StateResource): boolean {
  return (inputs as Partial<KubernetesObject> | undefined)?.metadata?.annotations?.[STACK_MARK] !== undefined;
}

/** What a preview makes up is of no use: the plugin's outputs of a dry run, an id, and values that are not known yet. */
function withoutId({ id: _id, outputs: _outputs, inputs = {}, ...resource }: StateResource): StateResource {
  return { ...(resource as StateResource), inputs: known(inputs) as JsonObject };
}

/** Stands for a value that is not known yet. */
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

function known(value: Json): Json {
  if (Array.isArray(value)) return value.filter((item) => item !== UNKNOWN).map(known);
  if (!isObject(value)) return value;
  const entries = Object.entries(value).filter((entry): entry is [string, Json] => entry[1] !== UNKNOWN);
  return Object.fromEntries(entries.map(([key, item]) => [key, known(item)]));
}
