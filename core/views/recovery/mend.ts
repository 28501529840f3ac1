import { type ExportedState, isPatch, isSame, objectOf, type PendingOperation, type StateResource } from "./state.ts";
import type { Verdict } from "./verdict.ts";

export interface Finding extends Verdict {
  operation: PendingOperation;
  /** The resource, for people: `Deployment team/chat-kserve`. */
  subject: string;
}

/** The engine's reason to update a resource whose inputs did not change. */
const INTERRUPTED = "the run that changed this resource was interrupted";

/** The state after the findings are applied. An operation that is not settled stays in it. */
export function mend(state: ExportedState, findings: readonly Finding[]): ExportedState {
  const stays = findings.filter(isStaying);
  const resources = findings.reduce<readonly StateResource[]>(apply, state.deployment.resources ?? []);
  return {
    ...state,
    deployment: {
      ...state.deployment,
      resources: withoutDangling(resources, state.deployment.resources ?? []),
      pending_operations: stays.map(({ operation }) => operation),
    },
  };
}

/** Whether the operation stays in the state, because it is not settled. */
export function isStaying({ action }: Finding): boolean {
  return action === "refuse" || action === "keep" || action === "unread";
}

function apply(resources: readonly StateResource[], finding: Finding): readonly StateResource[] {
  const { resource } = finding.operation;
  switch (finding.action) {
    case "adopt":
      return insert(resources, created(resource, finding));
    case "again":
      return resources.map((one) => (isSame(one, resource) ? { ...one, initErrors: [INTERRUPTED] } : one));
    case "forget":
      return resources.filter((one) => !isSame(one, resource));
    default:
      return resources;
  }
}

/**
 * The resource as the kubernetes plugin leaves it after a create, with its inputs in place of the live object, which
 * the following update reads. Secrets stay encrypted, because no value of the cluster enters the state.
 */
function created(resource: StateResource, found: Finding): StateResource {
  const { inputs = {} } = resource;
  const { namespace = found.namespace, name } = objectOf(resource)?.metadata ?? {};
  return {
    ...resource,
    id: namespace === undefined ? name : `${namespace}/${name}`,
    outputs: { ...inputs, __inputs: inputs, __initialApiVersion: inputs["apiVersion"], __fieldManager: found.manager },
    initErrors: [INTERRUPTED],
  };
}

/**
 * Moves a resource after everything that it depends on. A resource that was being replaced is removed if its object was
 * deleted first, and is marked for deletion if the new object was created first.
 */
function insert(resources: readonly StateResource[], added: StateResource): StateResource[] {
  const before = resources.findIndex((one) => one.urn === added.urn && one.delete !== true);
  const former = resources[before];
  const rest = resources.flatMap((one, index) => {
    if (index !== before) return [one];
    return former?.pendingReplacement || former?.id === added.id || isPatch(added) ? [] : [{ ...one, delete: true }];
  });
  const needed = rest.findLastIndex(({ urn }) => needs(added).includes(urn)) + 1;
  const at = former === undefined ? rest.length : Math.max(needed, before);
  return [...rest.slice(0, at), added, ...rest.slice(at)];
}

function needs({ parent, dependencies = [], provider }: StateResource): string[] {
  return [
    ...dependencies,
    ...(parent === undefined ? [] : [parent]),
    ...(provider?.split(/::[^:]*$/).slice(0, 1) ?? []),
  ];
}

/**
 * Removes dependencies on resources that left the state, because the engine refuses a state with such. Children of one
 * move to the nearest remaining resource above it.
 */
function withoutDangling(resources: readonly StateResource[], before: readonly StateResource[]): StateResource[] {
  const known = new Set(resources.map(({ urn }) => urn));
  const parents = new Map(before.map(({ urn, parent }) => [urn, parent]));
  const staying = (parent: string | undefined): string | undefined =>
    parent === undefined || known.has(parent) || !parents.has(parent) ? parent : staying(parents.get(parent));
  return resources.map((resource) => {
    const { dependencies, propertyDependencies, deletedWith } = resource as StateResource & {
      propertyDependencies?: Record<string, string[] | null>;
      deletedWith?: string;
    };
    const kept = (urns: string[]): string[] => urns.filter((urn) => known.has(urn));
    const parent = staying(resource.parent);
    return {
      ...resource,
      ...(parent !== resource.parent && { parent }),
      ...(dependencies && { dependencies: kept(dependencies) }),
      ...(propertyDependencies && {
        propertyDependencies: Object.fromEntries(
          Object.entries(propertyDependencies).map(([key, urns]) => [key, urns && kept(urns)]),
        ),
      }),
      ...(deletedWith !== undefined && !known.has(deletedWith) && { deletedWith: undefined }),
    };
  });
}
