import { existsSync } from "node:fs";
import { join } from "node:path";
import { log, type Workspace } from "./workspace.ts";

interface Pending {
  type: string;
  resource: { urn: string; type: string; inputs?: { metadata?: { name?: string; namespace?: string } } };
}

/**
 * Puts a state right that an interrupted run left: its lock, and operations of which nobody knows how they ended. What was
 * about to be created is looked up, so that a plugin which refuses to create what exists does not stop the next run.
 */
export async function recover({ stack, target, rendered, pulumi }: Workspace): Promise<void> {
  const { version, deployment } = await stack.exportStack();
  if (target === "yaml" && !existsSync(join(rendered, "1-manifest"))) {
    // The plugin never looks at what it rendered, so a folder that was deleted stays so unless the state is emptied.
    if (hasResources(deployment))
      await stack.importStack({ version, deployment: { ...deployment, resources: [], pending_operations: [] } });
    return;
  }
  const pending = ((deployment as { pending_operations?: Pending[] } | undefined)?.pending_operations ??
    []) as Pending[];
  if (pending.length === 0) return;
  log(`An earlier run was interrupted with ${pending.length} operations under way: looking how they ended …`);
  const begun = target === "cluster" ? pending.filter(({ type }) => type === "creating").flatMap(asCreated) : [];
  const resources = [...((deployment as { resources?: unknown[] }).resources ?? []), ...begun];
  await stack.importStack({ version, deployment: { ...deployment, resources, pending_operations: [] } });
  pulumi(["refresh", "--yes", "--skip-preview", "--non-interactive"]);
}

function hasResources(deployment: unknown): boolean {
  return ((deployment as { resources?: unknown[] } | undefined)?.resources ?? []).length > 0;
}

/** What was about to be created, as if it were: under the id that the kubernetes plugin gives. A refresh drops it if it is not. */
function asCreated({ resource }: Pending): (Pending["resource"] & { id: string })[] {
  const { name, namespace } = resource.inputs?.metadata ?? {};
  if (!resource.type.startsWith("kubernetes:") || name === undefined) return [];
  return [{ ...resource, id: namespace === undefined ? name : `${namespace}/${name}` }];
}
