import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Metafile } from "esbuild";
import { ROOT } from "./bundle.ts";

export const NOTICES = "THIRD_PARTY_NOTICES.txt";

const PACKAGE = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//;
const TEXT = /^(licen[cs]e|copying|notice)/i;

/** Writes the licences of the packages that bundles hold beside them, as they ask for. */
export function writeNotices(file: string, metafiles: readonly Metafile[]): void {
  const inputs = metafiles.flatMap(({ inputs }) => Object.keys(inputs));
  const folders = new Set(inputs.flatMap((input) => PACKAGE.exec(input)?.[1] ?? []));
  writeFileSync(
    file,
    [...folders]
      .sort()
      .map(noticeOf)
      .join(`\n${"-".repeat(80)}\n\n`),
  );
}

/** Name, version and licence of a package, and the texts that it comes with. */
function noticeOf(folder: string): string {
  const path = join(ROOT, folder);
  const { name, version, license } = JSON.parse(readFileSync(join(path, "package.json"), "utf8"));
  const texts = readdirSync(path).filter((one) => TEXT.test(one));
  const bodies = texts.map((one) => readFileSync(join(path, one), "utf8").trim());
  return `${[`${name} ${version} (${license})`, ...bodies].join("\n\n")}\n`;
}
