import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Metafile } from "esbuild";
import { ROOT } from "./bundle.ts";
import { isAllowed } from "./licences.ts";

export const NOTICES = "THIRD_PARTY_NOTICES.txt";

const PACKAGE = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//;
const TEXT = /^(licen[cs]e|copying|notice)/i;

/** Writes the licences of the bundled packages next to the bundles, as those licences require. */
export function writeNotices(file: string, metafiles: readonly Metafile[]): void {
  const folders = packagesIn(metafiles);
  writeFileSync(file, folders.map(noticeOf).join(`\n${"-".repeat(80)}\n\n`));
}

/** The folders of the bundled packages, in order. */
export function packagesIn(metafiles: readonly Metafile[]): string[] {
  const inputs = metafiles.flatMap(({ inputs }) => Object.keys(inputs));
  return [...new Set(inputs.flatMap((input) => PACKAGE.exec(input)?.[1] ?? []))].sort();
}

/** Name, version and licence of a package, and the texts that it comes with. */
function noticeOf(folder: string): string {
  const path = join(ROOT, folder);
  const { name, version, license } = JSON.parse(readFileSync(join(path, "package.json"), "utf8"));
  if (!isAllowed(license))
    throw new Error(`${name} has the licence ${license}, which tools/build/licences.ts does not allow`);
  const texts = readdirSync(path).filter((one) => TEXT.test(one));
  const bodies = texts.map((one) => readFileSync(join(path, one), "utf8").trim());
  return `${[`${name} ${version} (${license})`, ...bodies].join("\n\n")}\n`;
}
