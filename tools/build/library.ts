import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { run } from "../toolchain/processes/run.ts";
import { LOAD, ROOT, textOf, withoutUnused, YAML } from "./bundle.ts";
import { NOTICES, writeNotices } from "./notices.ts";

/** Compiles the components for programs that use them as a library of npm: their types and their code. */
export async function buildLibrary(dist: string = join(ROOT, "dist")): Promise<void> {
  for (const part of ["cluster", "components", "core"]) rmSync(join(dist, part), { recursive: true, force: true });
  const tsc = join(ROOT, "node_modules/typescript/bin/tsc");
  // `npm test` checks the types; here that would take half of the time.
  const types = ["--emitDeclarationOnly", "--noCheck", "--outDir", dist];
  await run(process.execPath, [tsc, "-p", join(ROOT, "tsconfig.build.json"), ...types]);
  await buildLibraryCode(dist);
}

/**
 * The code of the library: one CommonJS file, because loading hundreds of small files took a program longer than planning
 * its services. The file also contains the packages that the plan uses, which have many files too. Packages that a program
 * shares with it, or that are only loaded on use, stay separate. A small file, index.js, loads it.
 */
export async function buildLibraryCode(dist: string): Promise<void> {
  const { metafile } = await build({
    entryPoints: [join(ROOT, "components/index.ts")],
    outfile: join(dist, "components/library.cjs"),
    bundle: true,
    external: ["@pulumi/*", "@kubernetes/*", "node-forge"],
    // Code that is not loaded by Node itself cannot import.
    supported: { "dynamic-import": false },
    plugins: [withoutUnused(YAML)],
    metafile: true,
    platform: "node",
    target: "node22",
    format: "cjs",
    // Names are only changed where they clash, and no code depends on them; keeping each would be a call as the file is
    // loaded.
    keepNames: false,
    tsconfigRaw: {},
    logLevel: "warning",
  });
  writeNotices(join(dist, "components", NOTICES), [metafile]);
  writeFileSync(join(dist, "components/index.js"), await textOf(LOAD));
  // The package as a whole is ESM; the compiled files are not.
  writeFileSync(join(dist, "package.json"), `${JSON.stringify({ type: "commonjs" })}\n`);
}
