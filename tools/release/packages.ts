import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT } from "../build/bundle.ts";
import { generateSdks } from "../sdk/generate.ts";
import { javaProblem, packJava } from "../sdk/java.ts";
import { ensureToolchain } from "../toolchain/ensure.ts";
import { run } from "../toolchain/processes/run.ts";
import { pack } from "./pack.ts";

/** The npm package of the library and the command line; npm builds all of dist for it. */
export async function packLibrary(folder: string): Promise<void> {
  await run("npm", ["pack", "--silent", "--pack-destination", folder], { cwd: ROOT });
}

/**
 * The SDKs of a version, each in the format in which its language publishes packages; without the one of Java if that
 * cannot be built.
 */
export async function packSdks(folder: string, version: string, log: (line: string) => void): Promise<void> {
  const { env } = await ensureToolchain({ groups: ["sdk"], log });
  const work = mkdtempSync(join(tmpdir(), "kserve-llm-sdks-"));
  try {
    symlinkSync(join(ROOT, "node_modules"), join(work, "node_modules"));
    const sdk = join(work, "sdk");
    await generateSdks({ ...process.env, ...env }, sdk);
    await run("npm", ["pack", "--silent", "--pack-destination", folder], { cwd: join(sdk, "nodejs/bin") });
    await packWheel(join(sdk, "python"), folder);
    await pack(join(sdk, "go"), join(folder, `kserve-llm-sdk-go-v${version}.tar.gz`));
    await pack(join(sdk, "dotnet"), join(folder, `kserve-llm-sdk-dotnet-v${version}.tar.gz`));
    const problem = javaProblem();
    if (problem === undefined) await packJava(join(sdk, "java"), folder);
    else log(`  without the SDK of Java: ${problem}`);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Its build writes into the folder of the sources, which is temporary and used for nothing else. */
async function packWheel(sources: string, folder: string): Promise<void> {
  const env = { ...process.env, SOURCE_DATE_EPOCH: "315532800" };
  const args = ["-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", folder, sources];
  await run("python3", args, { env });
}
