import { existsSync } from "node:fs";
import { join } from "node:path";
import { connect } from "../../cluster/client.ts";
import { findings } from "../../cluster/recovery.ts";
import { mend } from "../../core/views/recovery/mend.ts";
import { isExportedState, pendingOperations } from "../../core/views/recovery/state.ts";
import { QuickstartError } from "./error.ts";
import { log, type Workspace } from "./workspace.ts";

/** Repairs a state that an interrupted run left, as `kserve-llm recover` does for the stacks of users. */
export async function recover({ stack, target, rendered }: Workspace): Promise<void> {
  const state: unknown = await stack.exportStack();
  if (!isExportedState(state)) return;
  if (target === "yaml" && !existsSync(join(rendered, "1-manifest"))) {
    // The plugin never reads what it rendered, so a deleted folder stays deleted unless the state is emptied.
    const deployment = { ...state.deployment, resources: [], pending_operations: [] };
    if ((state.deployment.resources ?? []).length > 0) await stack.importStack({ version: state.version, deployment });
    return;
  }
  const { length } = pendingOperations(state);
  if (length === 0) return;
  log(`An earlier run was interrupted with ${length} operations in progress: checking how they ended …`);
  const found = await findings(state, { connect: () => connect() });
  const refused = found.filter(({ action }) => action === "refuse").map(({ subject, why }) => `${subject}: ${why}`);
  if (refused.length > 0)
    throw new QuickstartError(`Objects of other owners have the same names:\n${refused.join("\n")}`);
  const { version, deployment } = mend(state, found);
  await stack.importStack({ version, deployment });
}
