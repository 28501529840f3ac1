import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { ROOT } from "../build/bundle.ts";
import { run } from "../toolchain/processes/run.ts";
import { NODE_VERSION } from "./targets.ts";

/** The parts of a CycloneDX bill of materials that are used here. */
export interface Sbom {
  bomFormat: string;
  metadata: { component: { name: string; version: string } };
  components: { type: string; name: string; version: string }[];
}

/**
 * What the released files are made of: `npm sbom` of the dependencies, and the Node of the archives. npm is given a copy of the lock
 * file without the developers' packages: with `--omit=dev` it also leaves out packages that developers' packages share.
 */
export async function sbom(): Promise<Sbom> {
  const work = mkdtempSync(join(tmpdir(), "kserve-llm-sbom-"));
  try {
    // npm names the root after its folder.
    const { name, folder } = copyWithoutTools(work);
    const text = await run("npm", ["sbom", "--sbom-format=cyclonedx", "--package-lock-only"], { cwd: folder });
    const { serialNumber: _, metadata, components, ...rest } = JSON.parse(text);
    const { timestamp: __, ...described } = metadata;
    if (described.component.name !== name) throw new Error(`npm sbom describes ${described.component.name}`);
    const node = { type: "platform", name: "node", version: NODE_VERSION, purl: `pkg:generic/node@${NODE_VERSION}` };
    return { ...rest, metadata: described, components: [...components, node] };
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function copyWithoutTools(work: string): { name: string; folder: string } {
  const { devDependencies: _, scripts: __, ...manifest } = read("package.json");
  const { packages, ...lock } = read("package-lock.json");
  const { devDependencies: ___, ...root } = packages[""];
  const kept = Object.entries<{ dev?: boolean }>(packages).filter(([path, { dev }]) => path !== "" && dev !== true);
  const folder = join(work, manifest.name);
  mkdirSync(folder);
  writeFileSync(join(folder, "package.json"), JSON.stringify(manifest));
  const content = { ...lock, packages: { "": root, ...Object.fromEntries(kept) } };
  writeFileSync(join(folder, "package-lock.json"), JSON.stringify(content));
  return { name: manifest.name, folder };
}

function read(file: string) {
  return JSON.parse(readFileSync(join(ROOT, file), "utf8"));
}

/** Writes the bill of materials into a file. */
export async function writeSbom(file: string): Promise<void> {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(await sbom(), null, 2)}\n`);
}

// npm run sbom: writes dist/sbom.cdx.json.
if (import.meta.main) {
  const file = join(ROOT, "dist/sbom.cdx.json");
  await writeSbom(file);
  process.stdout.write(`Wrote ${file}.\n`);
}
