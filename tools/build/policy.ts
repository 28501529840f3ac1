import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bundle, ROOT } from "./bundle.ts";
import { NOTICES, writeNotices } from "./notices.ts";

/**
 * The policy pack's folder: one program with everything that it needs, and the two files by which Pulumi recognises a
 * pack.
 */
export async function buildPolicyPack(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const metafile = await bundle(join(ROOT, "policy/main.ts"), join(folder, "main.cjs"));
  writeNotices(join(folder, NOTICES), [metafile]);
  cpSync(join(ROOT, "policy/PulumiPolicy.yaml"), join(folder, "PulumiPolicy.yaml"));
  const { version, license } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
  const manifest = { name: "kserve-llm-policy", version, license, private: true, type: "commonjs", main: "main.cjs" };
  writeFileSync(join(folder, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
}
