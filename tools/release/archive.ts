import { chmodSync, copyFileSync, cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT } from "../build/bundle.ts";
import { NOTICES, writeNotices } from "../build/notices.ts";
import { buildPlugin } from "../build/plugin.ts";
import { type Application, buildApplication, writeExecutable } from "./executable.ts";
import { nodeFor } from "./node.ts";
import { pack } from "./pack.ts";
import { archiveName, TARGETS, type Target } from "./targets.ts";

const PLUGIN = "pulumi-resource-kserve-llm";
/**
 * Node's licence requires its text next to the binary; the packages for Windows lack it, and the text is the same for
 * all.
 */
const NODE_LICENCE = "NODE_LICENSE";

export interface Archives {
  /** The target folder. */
  folder: string;
  version: string;
  targets?: readonly Target[];
  /** The schema that the plugins serve; the committed one by default. */
  schema?: string;
  /** Gets a line for each archive before it is built. */
  log?: (line: string) => void;
}

/** Builds an archive for each target and returns their names. Engines install them without Node and npm. */
export async function buildArchives({
  folder,
  version,
  targets = TARGETS,
  schema = join(ROOT, "provider/schema.json"),
  log = () => undefined,
}: Archives): Promise<string[]> {
  const work = mkdtempSync(join(tmpdir(), "kserve-llm-archives-"));
  try {
    const application = await buildApplication(work, schema);
    const names: string[] = [];
    for (const target of targets) {
      log(`  ${target.os}-${target.arch}`);
      const contents = join(work, `${target.os}-${target.arch}`);
      mkdirSync(contents);
      await (target.form === "single" ? fillSingle : fillFolder)(contents, target, application, schema);
      copyFileSync(join(ROOT, "LICENSE"), join(contents, "LICENSE"));
      copyFileSync(await nodeLicence(), join(contents, NODE_LICENCE));
      const name = archiveName(version, target);
      await pack(contents, join(folder, name));
      rmSync(contents, { recursive: true });
      names.push(name);
    }
    return names;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

async function fillSingle(folder: string, target: Target, application: Application): Promise<void> {
  const { binary } = await nodeFor(target);
  await writeExecutable(join(folder, `${PLUGIN}${target.os === "windows" ? ".exe" : ""}`), binary, application);
  writeNotices(join(folder, NOTICES), [application.metafile]);
}

async function fillFolder(folder: string, target: Target, _: Application, schema: string): Promise<void> {
  await buildPlugin(folder);
  // If these files existed, an engine would install npm packages and start another Node.
  for (const name of ["PulumiPlugin.yaml", "package.json", `${PLUGIN}.cmd`]) rmSync(join(folder, name));
  cpSync(schema, join(folder, "schema.json"));
  const { binary } = await nodeFor(target);
  copyFileSync(binary, join(folder, "node"));
  chmodSync(join(folder, "node"), 0o755);
}

async function nodeLicence(): Promise<string> {
  for (const target of TARGETS) {
    const { licence } = await nodeFor(target);
    if (licence !== undefined) return licence;
  }
  throw new Error("no npm package of Node has its licence");
}
