import { existsSync, symlinkSync } from "node:fs";
import { join, resolve } from "node:path";
import { run } from "../../tools/toolchain/processes/run.ts";
import { ROOT } from "../e2e/engine.ts";

/**
 * Works on a checkout of a commit: a folder that is one already, or a worktree of git that is made for the work. It runs with
 * the dependencies of this clone, so that only the code of the project differs.
 */
export async function withCheckout<T>(
  folder: string,
  commit: string,
  work: (checkout: string) => Promise<T>,
): Promise<T> {
  if (existsSync(join(commit, "core/plan.ts"))) return await work(resolve(commit));
  const checkout = join(folder, "checkout");
  await run("git", ["-C", ROOT, "worktree", "add", "--detach", checkout, commit]);
  try {
    symlinkSync(join(ROOT, "node_modules"), join(checkout, "node_modules"));
    return await work(checkout);
  } finally {
    await run("git", ["-C", ROOT, "worktree", "remove", "--force", checkout]);
  }
}
