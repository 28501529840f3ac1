import { copyFileSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { GO_MODULE } from "../../provider/schema/home.ts";
import { run } from "../toolchain/processes/run.ts";
import { completeJava } from "./java.ts";

const ROOT = join(import.meta.dirname, "../..");
const SCHEMA = join(ROOT, "provider/schema.json");
export const SDK = join(ROOT, "sdk");

export const LANGUAGES = ["nodejs", "python", "go", "java", "dotnet"] as const;
type SdkLanguage = (typeof LANGUAGES)[number];

/**
 * The module requirements of the Go SDK; generators leave them to the publisher. The oldest versions that are known to
 * work.
 */
const GO_MOD = `module ${GO_MODULE}

go 1.24

require (
	github.com/blang/semver v3.5.1+incompatible
	github.com/pulumi/pulumi-kubernetes/sdk/v4 v4.18.1
	github.com/pulumi/pulumi/sdk/v3 v3.259.0
)
`;

/** What an SDK needs in addition to its generated files, so that it can be installed from its folder. */
const COMPLETE: Readonly<Record<SdkLanguage, (folder: string, env: NodeJS.ProcessEnv) => Promise<void> | void>> = {
  nodejs: compile,
  python: () => undefined,
  go: (folder) => writeFileSync(join(folder, "go.mod"), GO_MOD),
  java: (folder) => completeJava(folder, schemaVersion()),
  dotnet: () => undefined,
};

/**
 * Generates the SDKs from provider/schema.json into a folder, `sdk/` by default, and compiles the one of TypeScript, so that
 * each can be installed from there. The environment is that of the toolchain group `sdk`. The compiler finds the packages
 * that the SDK needs in a `node_modules` above the folder.
 */
export async function generateSdks(
  env: NodeJS.ProcessEnv,
  folder: string = SDK,
  languages: readonly SdkLanguage[] = LANGUAGES,
): Promise<void> {
  for (const language of languages) rmSync(join(folder, language), { recursive: true, force: true });
  await run("sdkgen", [SCHEMA, join(ROOT, "docs/logo.png"), folder, ...languages], { env });
  for (const language of languages) await COMPLETE[language](join(folder, language), env);
}

async function compile(folder: string, env: NodeJS.ProcessEnv): Promise<void> {
  const tsc = join(ROOT, "node_modules/typescript/bin/tsc");
  await run(process.execPath, [tsc, "-p", folder], { env });
  copyFileSync(join(folder, "package.json"), join(folder, "bin/package.json"));
}

function schemaVersion(): string {
  return (JSON.parse(readFileSync(SCHEMA, "utf8")) as { version: string }).version;
}
