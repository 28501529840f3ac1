import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { cacheRoot, intoPlace } from "../cache.ts";
import { type Engine, engineIn } from "../engine.ts";
import { run } from "../processes/run.ts";

/** The version of @pulumi/kubernetes that programs here use: a released CLI fetches the plugin of that version. */
const KUBERNETES_PLUGIN = "4.34.2";
const PROBE_MS = 5_000;
const INSTALL_MS = 180_000;

/** A separate home, so that the user's logins, stacks and plugins are not touched. */
export function pulumiHome(): string {
  return join(cacheRoot(), "pulumi-home");
}

/** The engine that an earlier run installed in the official way. */
export function engineInstalledBefore(): Engine | undefined {
  return engineIn(join(officialDir(), "bin"), "(official install) from cache", false);
}

/** The official install, through the Automation API; undefined if downloads cannot be reached. */
export async function installEngine(log: (line: string) => void): Promise<Engine | undefined> {
  if (!(await canDownload())) return undefined;
  log("Installing the Pulumi CLI with the official installer …");
  try {
    await intoPlace(officialDir(), async (dir) => {
      const install = `import { PulumiCommand } from "@pulumi/pulumi/automation/index.js"; await PulumiCommand.install({ root: process.argv[1] });`;
      const cwd = import.meta.dirname;
      await run(process.execPath, ["--input-type=module", "-e", install, dir], { cwd, timeoutMs: INSTALL_MS });
    });
    return engineIn(join(officialDir(), "bin"), "by the official install", false);
  } catch (error) {
    log(`The official install failed (${(error as Error).message.split("\n")[0]}).`);
    return undefined;
  }
}

/** Whether the kubernetes plugin is installed, or the CLI could download it now. */
export async function hasKubernetesPlugin(engine: Engine, path: string = process.env.PATH ?? ""): Promise<boolean> {
  const installed = join(pulumiHome(), "plugins", `resource-kubernetes-v${KUBERNETES_PLUGIN}`);
  if (existsSync(installed) && !existsSync(`${installed}.partial`)) return true;
  const ambient = path
    .split(delimiter)
    .some((dir) => !dir.startsWith(cacheRoot()) && existsSync(join(dir, "pulumi-resource-kubernetes")));
  if (ambient) return true;
  if (!(await canDownload())) return false;
  const env = { ...process.env, PULUMI_HOME: pulumiHome(), PULUMI_SKIP_UPDATE_CHECK: "true" };
  const args = ["plugin", "install", "resource", "kubernetes", KUBERNETES_PLUGIN];
  return await run(join(engine.bin, "pulumi"), args, { env, timeoutMs: INSTALL_MS }).then(
    () => true,
    () => false,
  );
}

/** Whether Pulumi's download site answers at all; fast if the network is closed. Checked once. */
function canDownload(): Promise<boolean> {
  reachable ??= fetch("https://get.pulumi.com/", { method: "HEAD", signal: AbortSignal.timeout(PROBE_MS) }).then(
    (answer) => answer.ok,
    () => false,
  );
  return reachable;
}
let reachable: Promise<boolean> | undefined;

function officialDir(): string {
  return join(cacheRoot(), "official");
}
