import { spawnSync } from "node:child_process";
import { cpSync, existsSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";

/**
 * Builds the docs as a site into site/.vitepress/dist, and fails on a broken link: `npm run site`. The generator is a
 * separate package, installed on first use. It finds its modules only from pages below its own folder, so the pages are
 * copied there.
 */
const SITE = join(import.meta.dirname, "../../site");

function run(command: string, args: readonly string[]): void {
  const { status, error } = spawnSync(command, args, { cwd: SITE, stdio: "inherit" });
  if (error !== undefined) throw error;
  if (status !== 0) process.exit(status ?? 1);
}

function isInstalled(): boolean {
  const installed = join(SITE, "node_modules/.package-lock.json");
  return existsSync(installed) && statSync(installed).mtimeMs >= statSync(join(SITE, "package-lock.json")).mtimeMs;
}

if (!isInstalled()) run("npm", ["ci"]);
rmSync(join(SITE, "pages"), { recursive: true, force: true });
cpSync(join(SITE, "../docs"), join(SITE, "pages"), { recursive: true });
run(join(SITE, "node_modules/.bin/vitepress"), ["build", "."]);
