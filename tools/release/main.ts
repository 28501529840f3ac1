import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { parseArgs } from "node:util";
import { ROOT } from "../build/bundle.ts";
import { javaProblem } from "../sdk/java.ts";
import { ToolchainError } from "../toolchain/ensure.ts";
import { buildArchives } from "./archive.ts";
import { writeChecksums } from "./checksums.ts";
import { notesOf, unreleasedNotes } from "./notes.ts";
import { packLibrary, packSdks } from "./packages.ts";
import { writeSbom } from "./sbom.ts";
import { problemsOfRelease } from "./state.ts";
import { ownTarget, TARGETS } from "./targets.ts";

const USAGE = `usage: npm run release -- [--dry-run] [--own] [--out FOLDER] [--schema FILE]
  --dry-run  builds the files as they are, without a tag, a clean working tree or notes
  --own      builds only the archive for this machine
  --out      folder for the files (default: dist/release)
  --schema   schema that the plugins serve (default: provider/schema.json); tests pass one that refers to their version of the kubernetes plugin
Builds every file of a release. It publishes nothing: .github/workflows/release.yaml does that.
`;
const log = (line: string): void => void process.stderr.write(`${line}\n`);

async function main(): Promise<void> {
  const options = {
    "dry-run": { type: "boolean", default: false },
    own: { type: "boolean", default: false },
    out: { type: "string", default: join(ROOT, "dist/release") },
    schema: { type: "string", default: join(ROOT, "provider/schema.json") },
    help: { type: "boolean", short: "h", default: false },
  } as const;
  const { "dry-run": dryRun, own, out: folder, schema, help } = parseArgs({ options }).values;
  if (help) return void process.stdout.write(USAGE);
  const { version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { version: string };
  const changelog = readFileSync(join(ROOT, "CHANGELOG.md"), "utf8");
  const notes = notesOf(changelog, version);
  const problems = dryRun
    ? []
    : [...(await problemsOfRelease(ROOT, version, notes)), javaProblem() ?? ""].filter(Boolean);
  if (problems.length > 0) throw new ToolchainError(["this is not a release:", ...problems].join("\n"));

  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  log("npm package …");
  await packLibrary(folder);
  log("archives of the plugin …");
  await buildArchives({ folder, version, targets: own ? [ownTarget()] : TARGETS, schema, log });
  log("SDKs …");
  await packSdks(folder, version, log);
  cpSync(schema, join(folder, "schema.json"));
  await writeSbom(join(folder, "sbom.cdx.json"));
  writeFileSync(join(folder, "NOTES.md"), `${(dryRun ? unreleasedNotes(changelog) : notes) ?? notes ?? ""}\n`);
  writeChecksums(folder);
  process.stdout.write(readFileSync(join(folder, "SHA256SUMS"), "utf8"));
  log(`The files are in ${relative("", folder) || folder}. Nothing was published.`);
}

await main().catch((error: Error) => {
  if (!(error instanceof ToolchainError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
