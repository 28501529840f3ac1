import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

const ROOT = join(import.meta.dirname, "../..");
const markdownIn = (folder: string): string[] =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md") && !name.includes("node_modules"))
    .map((name) => join(folder, name));
const DOCUMENTS = [
  "README.md",
  "CONTRIBUTING.md",
  "CHANGELOG.md",
  "SECURITY.md",
  ...markdownIn("docs"),
  ...markdownIn("examples"),
];
const { scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { scripts: Record<string, string> };

/** The anchor of a heading. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
    .replaceAll(" ", "-");

describe("documents", () => {
  for (const document of DOCUMENTS) {
    it(`${document} names files, headings and commands that exist`, () => {
      const text = readFileSync(join(ROOT, document), "utf8");
      const found = [
        ...[...text.matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, link = ""]) => brokenLink(document, link)),
        ...[...text.matchAll(/`((?:examples|tests|core|cli|tools|docs|provider|components)\/[\w./-]+)`/g)].flatMap(
          ([, path = ""]) => (existsSync(join(ROOT, path)) || path.includes("dist/") ? [] : [`no file ${path}`]),
        ),
        ...[...text.matchAll(/npm run ([a-z:]+)/g)].flatMap(([, name = ""]) =>
          name in scripts ? [] : [`no script ${name}`],
        ),
      ];
      assert.deepEqual(found, []);
    });
    it(`${document} has no conflict markers of a merge`, () => {
      const lines = readFileSync(join(ROOT, document), "utf8").split("\n");
      assert.deepEqual(
        lines.filter((line) => /^(?:<{7}|>{7}|\|{7}) /.test(line)),
        [],
      );
    });
  }
});

function brokenLink(document: string, link: string): string[] {
  if (/^[a-z]+:/.test(link)) return [];
  const [path = "", anchor] = link.split("#");
  const file = path === "" ? document : join(dirname(document), path);
  if (!existsSync(join(ROOT, file))) return [`no file ${link}`];
  if (anchor === undefined) return [];
  const headings = readFileSync(join(ROOT, file), "utf8").matchAll(/^#+ (.+)$/gm);
  return [...headings].some(([, heading = ""]) => anchorOf(heading) === anchor) ? [] : [`no heading ${link}`];
}
