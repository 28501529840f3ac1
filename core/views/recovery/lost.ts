import { isObject, type Json, type JsonObject } from "../../kubernetes/json.ts";
import type { KubernetesObject } from "../../kubernetes/objects.ts";
import { type ExportedState, isKubernetes, isPatch, type PendingOperation, type StateResource } from "./state.ts";
import { STACK_MARK } from "./verdict.ts";

/** Placeholder for a value that is not known yet. */
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/**
 * Creates that the state does not know, although they may have been carried out: the connection broke after the API
 * server had created the object, or the state was lost or is an older copy. They are among what a preview would create,
 * as `pulumi preview --json` prints it.
 */
export function possiblyLost(preview: unknown, state: ExportedState): PendingOperation[] {
  const { deployment } = state;
  const begun = new Set((deployment.pending_operations ?? []).map(({ resource }) => resource.urn));
  const known = foreseen(preview, state).deployment.resources ?? [];
  const urns = new Set(known.map(({ urn }) => urn));
  const providers = new Set(known.map(({ urn, id }) => `${urn}::${id}`));
  return createsOf(preview)
    .filter((resource) => isKubernetes(resource) && !isPatch(resource) && !begun.has(resource.urn))
    .filter(({ parent = "", provider = "" }) => urns.has(parent) && (providers.has(provider) || isDefault(provider)))
    .map((resource) => ({ type: "creating", resource: withoutId(resource) }));
}

/** Whether an object has, or would have, the mark of a stack: only by this mark can a lost object be recognised. */
export function isMarked({ resource: { inputs } }: PendingOperation): boolean {
  return (inputs as Partial<KubernetesObject> | undefined)?.metadata?.annotations?.[STACK_MARK] !== undefined;
}

/** The state plus the resources of a preview that exist only in a state: the stack, components and providers. */
export function foreseen(preview: unknown, state: ExportedState): ExportedState {
  const { deployment } = state;
  const roots = createsOf(preview).filter((one) => one["custom"] === false || isProvider(one));
  const added = roots.map(
    ({ id = UNKNOWN, ...root }): StateResource =>
      (isProvider(root as StateResource) ? { ...root, id } : root) as StateResource,
  );
  return { ...state, deployment: { ...deployment, resources: [...(deployment.resources ?? []), ...added] } };
}

/**
 * What `pulumi up --target` must create before lost objects can be added to a state: the stack and their providers,
 * whose ids and secrets only the engine can make. The engine creates a default provider by itself. Empty if the state
 * has them.
 */
export function missingRoots(preview: unknown, lost: readonly PendingOperation[], state: ExportedState): string[] {
  const created = new Map(createsOf(preview).map((resource) => [resource.urn, resource]));
  const urns = new Set((state.deployment.resources ?? []).map(({ urn }) => urn));
  const providers = lost.map(({ resource }) => providerUrn(resource)).filter((urn) => !urns.has(urn));
  const stacks = [...created.values()].filter(({ type }) => type === STACK).map(({ urn }) => urn);
  if (lost.length === 0 || (providers.length === 0 && stacks.length === 0)) return [];
  const explicit = providers.flatMap((urn) => [...ancestorsOf(created.get(urn), created), urn]);
  const stack = stepsOf(preview).flatMap(({ urn }) =>
    typeof urn === "string" && urn.includes(`::${STACK}::`) ? [urn] : [],
  );
  return [...new Set([...stack, ...explicit])].filter((urn) => created.has(urn) || stack.includes(urn));
}

/** The operations on resources of a state, with its providers, whose ids the preview did not know. */
export function bound(lost: readonly PendingOperation[], { deployment }: ExportedState): PendingOperation[] {
  const ids = new Map((deployment.resources ?? []).map(({ urn, id }) => [urn, id]));
  return lost.map((operation) => {
    const urn = providerUrn(operation.resource);
    const id = ids.get(urn);
    return id === undefined
      ? operation
      : { ...operation, resource: { ...operation.resource, provider: `${urn}::${id}` } };
  });
}

/** The state with the components to which the lost objects belong. The next `pulumi up` fills in their outputs. */
export function withComponents(
  preview: unknown,
  lost: readonly PendingOperation[],
  state: ExportedState,
): ExportedState {
  const { deployment } = state;
  const resources = deployment.resources ?? [];
  const urns = new Set(resources.map(({ urn }) => urn));
  const created = new Map(createsOf(preview).map((resource) => [resource.urn, resource]));
  const needed = new Set(
    lost.flatMap(({ resource }) => ancestorsOf(resource, created)).filter((urn) => !urns.has(urn)),
  );
  const components = [...needed].flatMap((urn): StateResource[] => {
    const { type, parent } = created.get(urn) ?? {};
    return type === undefined ? [] : [{ urn, custom: false, type, ...(parent !== undefined && { parent }) }];
  });
  return { ...state, deployment: { ...deployment, resources: [...resources, ...components] } };
}

/** The inputs with which a preview would create a resource, without values that are not known yet. */
export function plannedInputs(preview: unknown, urn: string): JsonObject | undefined {
  const inputs = createsOf(preview).find((one) => one.urn === urn)?.inputs;
  return inputs && (known(inputs) as JsonObject);
}

const STACK = "pulumi:pulumi:Stack";

/** The resources above one that a preview would create too, from the top down. */
function ancestorsOf(resource: StateResource | undefined, created: ReadonlyMap<string, StateResource>): string[] {
  const parent = created.get(resource?.parent ?? "");
  return parent === undefined ? [] : [...ancestorsOf(parent, created), parent.urn];
}

function isProvider({ type }: StateResource): boolean {
  return type.startsWith("pulumi:providers:");
}

function providerUrn({ provider = "" }: StateResource): string {
  return provider.slice(0, Math.max(0, provider.lastIndexOf("::")));
}

/** A provider that the engine makes itself, which a preview does not list: `…::default_4_18_1::ID`. */
function isDefault(provider: string): boolean {
  return /::pulumi:providers:kubernetes::default[^:]{0,100}::[^:]{1,100}$/.test(provider) && provider.endsWith(UNKNOWN);
}

function stepsOf(preview: unknown): JsonObject[] {
  return isObject(preview) && Array.isArray(preview["steps"]) ? preview["steps"].filter(isObject) : [];
}

function createsOf(preview: unknown): StateResource[] {
  return stepsOf(preview)
    .filter(({ op }) => op === "create")
    .map(({ newState }): unknown => newState)
    .filter(isResource);
}

function isResource(value: unknown): value is StateResource {
  return isObject(value) && typeof value["urn"] === "string" && typeof value["type"] === "string";
}

/**
 * Values that only a preview has are useless: the plugin's outputs of a dry run, an id, and values that are not known
 * yet.
 */
function withoutId({ id: _id, outputs: _outputs, inputs = {}, ...resource }: StateResource): StateResource {
  return { ...(resource as StateResource), inputs: known(inputs) as JsonObject };
}

function known(value: Json): Json {
  if (Array.isArray(value)) return value.filter((item) => item !== UNKNOWN).map(known);
  if (!isObject(value)) return value;
  const entries = Object.entries(value).filter((entry): entry is [string, Json] => entry[1] !== UNKNOWN);
  return Object.fromEntries(entries.map(([key, item]) => [key, known(item)]));
}
