import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT } from "../build/bundle.ts";
import { generateSdks, SDK } from "../sdk/generate.ts";
import { ensureToolchain } from "../toolchain/ensure.ts";
import { run } from "../toolchain/run.ts";
import { pack } from "./pack.ts";

/** The npm package of the library and the command line; npm builds all of dist for it. */
export async function packLibrary(folder: string): Promise<void> {
  await run("npm", ["pack", "--silent", "--pack-destination", folder], { cwd: ROOT });
}

/** The SDKs of a version, each in the format in which its language publishes packages. */
export async function packSdks(folder: string, version: string, log: (line: string) => void): Promise<void> {
  const { env } = await ensureToolchain({ groups: ["sdk"], log });
  await generateSdks({ ...process.env, ...env });
  await run("npm", ["pack", "--silent", "--pack-destination", folder], { cwd: join(SDK, "nodejs/bin") });
  await packWheel(folder);
  await pack(join(SDK, "go"), join(folder, `kserve-llm-sdk-go-v${version}.tar.gz`));
}

/** Its build writes into the folder of the sources, so it works on a copy. */
async function packWheel(folder: string): Promise<void> {
  const work = mkdtempSync(join(tmpdir(), "kserve-llm-wheel-"));
  try {
    await run("cp", ["-R", join(SDK, "python"), work]);
    const env = { ...process.env, SOURCE_DATE_EPOCH: "315532800" };
    const args = ["-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", folder, join(work, "python")];
    await run("python3", args, { cwd: work, env });
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
