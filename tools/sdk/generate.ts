import { copyFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { GO_MODULE } from "../../provider/schema/home.ts";
import { run } from "../toolchain/run.ts";

const ROOT = join(import.meta.dirname, "../..");
export const SDK = join(ROOT, "sdk");

/** The languages that generators are to be had for as a library; Java and C# have theirs in Pulumi's own CLI. */
export const LANGUAGES = ["nodejs", "python", "go"] as const;

/** What the Go SDK is a module of; generators leave that to whoever publishes it. The oldest versions that are known to do. */
const GO_MOD = `module ${GO_MODULE}

go 1.24

require (
	github.com/blang/semver v3.5.1+incompatible
	github.com/pulumi/pulumi-kubernetes/sdk/v4 v4.18.1
	github.com/pulumi/pulumi/sdk/v3 v3.259.0
)
`;

/**
 * Generates the SDKs from provider/schema.json into a folder, `sdk/` by default, and compiles the one of TypeScript, so that
 * each can be installed from there. The environment is that of the toolchain group `sdk`. The compiler finds the packages
 * that the SDK needs in a `node_modules` above the folder.
 */
export async function generateSdks(env: NodeJS.ProcessEnv, folder: string = SDK): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  await run("sdkgen", [join(ROOT, "provider/schema.json"), folder, ...LANGUAGES], { env });
  writeFileSync(join(folder, "go/go.mod"), GO_MOD);
  const tsc = join(ROOT, "node_modules/typescript/bin/tsc");
  await run(process.execPath, [tsc, "-p", join(folder, "nodejs")], { env });
  copyFileSync(join(folder, "nodejs/package.json"), join(folder, "nodejs/bin/package.json"));
}
