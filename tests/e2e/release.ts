import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureToolchain } from "../../tools/toolchain/ensure.ts";
import { run } from "../../tools/toolchain/processes/run.ts";
import { ROOT } from "./engine.ts";
import { adaptSchema } from "./languages.ts";

export interface Release {
  /** Contains only the files of the release. */
  folder: string;
  version: string;
}

let release: Promise<Release> | undefined;

/** The release of this clone for this machine, as `npm run release -- --dry-run` builds it; once for all tests of a process. */
export function openRelease(): Promise<Release> {
  release ??= build(mkdtempSync(join(tmpdir(), "kserve-llm-release-")));
  return release;
}

async function build(work: string): Promise<Release> {
  process.on("exit", () => rmSync(work, { recursive: true, force: true }));
  const toolchain = await ensureToolchain({ groups: ["engine", "languages", "sdk"], log: () => undefined });
  const schema = join(work, "schema.json");
  cpSync(join(ROOT, "provider/schema.json"), schema);
  adaptSchema(schema, toolchain);
  const folder = join(work, "release");
  // Files of an earlier build must not be packed.
  rmSync(join(ROOT, "dist/cli"), { recursive: true, force: true });
  const args = ["tools/release/main.ts", "--dry-run", "--own", "--schema", schema, "--out", folder];
  await run(process.execPath, args, { cwd: ROOT });
  const { version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { version: string };
  return { folder, version };
}
