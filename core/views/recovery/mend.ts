import { type ExportedState, isPatch, isSame, objectOf, type PendingOperation, type StateResource } from "./state.ts";
import type { Verdict } from "./verdict.ts";

export interface Finding extends Verdict {
  operation: PendingOperation;
  /** What it is about, for people: `Deployment team/chat-kserve`. */
  subject: string;
}

/** The engine's reason to update a resource whose inputs did not change. */
const INTERRUPTED = "the run that changed this resource was interrupted";

/** The state once the findings are acted on. What is not settled stays as it is. */
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
 * The resource as the kubernetes plugin leaves it after a create, with its inputs in place of the live object: the update that
 * follows reads that. Secrets stay encrypted, for nothing of the cluster comes into the state.
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
 * Puts a resource behind all that it depends on. One that was being replaced is taken away where its object went first, and is
 * marked to go where the new object came first.
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
 * Leaves out dependencies on resources that left the state: the engine refuses a state with such. Children of one go up to the
 * nearest resource above it that stays.
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
