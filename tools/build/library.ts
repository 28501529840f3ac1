import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "../toolchain/run.ts";

const ROOT = join(import.meta.dirname, "../..");

/** Compiles the components to CommonJS with their types, for programs that use them as a library of npm. */
export async function buildLibrary(): Promise<void> {
  for (const part of ["cluster", "components", "core"])
    rmSync(join(ROOT, "dist", part), { recursive: true, force: true });
  const tsc = join(ROOT, "node_modules/typescript/bin/tsc");
  await run(process.execPath, [tsc, "-p", join(ROOT, "tsconfig.build.json")]);
  // The package as a whole is ESM; what is compiled is not.
  writeFileSync(join(ROOT, "dist/package.json"), `${JSON.stringify({ type: "commonjs" })}\n`);
}
