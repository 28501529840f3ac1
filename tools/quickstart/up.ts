import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { QuickstartError } from "./error.ts";
import { currentCluster } from "./kubernetes.ts";
import { recover } from "./recover.ts";
import { summarize } from "./summary.ts";
import { log, type Places, type Target, type Workspace, withWorkspace } from "./workspace.ts";

/** Deploys the example, and prints what was created. */
export async function bringUp({ cluster, ...places }: { cluster: boolean } & Places): Promise<void> {
  const target: Target = cluster ? "cluster" : "yaml";
  if (cluster) await assertReachable();
  await withWorkspace(target, places, async (workspace) => {
    await unlock(workspace);
    await recover(workspace);
    const started = performance.now();
    const { summary } = await workspace.stack.up({
      onOutput: show,
      onError: show,
      color: "never",
      suppressProgress: true,
    });
    const { deployment } = await workspace.stack.exportStack();
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    const changes = summary.resourceChanges ?? {};
    process.stdout.write(summarize({ deployment, target, rendered: workspace.rendered, changes, seconds }));
  });
}

export function show(text: string): void {
  process.stdout.write(text);
}

/**
 * The lock of an engine that was killed: no other process works here, because this one holds the lock of the folder.
 */
export async function unlock({ stack }: Workspace): Promise<void> {
  const locks = join(stack.workspace.workDir, "backend/.pulumi/locks");
  const held =
    existsSync(locks) &&
    readdirSync(locks, { recursive: true, encoding: "utf8" }).some((name) => name.endsWith(".json"));
  if (!held) return;
  log("An earlier run was interrupted: its lock is removed.");
  await stack.cancel();
}

async function assertReachable(): Promise<void> {
  const cluster = await currentCluster();
  try {
    await cluster.get("/version");
  } catch (error) {
    throw new QuickstartError(
      `The cluster of the current kubeconfig (${cluster.server}) cannot be reached: ${(error as Error).message}`,
    );
  }
}
