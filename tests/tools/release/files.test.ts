import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeChecksums } from "../../../tools/release/checksums.ts";
import { notesOf, unreleasedNotes } from "../../../tools/release/notes.ts";
import { pack } from "../../../tools/release/pack.ts";
import { type Sbom, sbom } from "../../../tools/release/sbom.ts";
import { problemsOfRelease } from "../../../tools/release/state.ts";
import { NODE_VERSION } from "../../../tools/release/targets.ts";

const ROOT = join(import.meta.dirname, "../../..");
const CHANGELOG =
  "# Changelog\n\n## Unreleased\n\n### Added\n\n- One.\n\n## 1.2.3\n\nThe third.\n\n## 1.2.30\n\n## 1.2\n\nOld.\n";

describe("the notes of a release", () => {
  const cases: [version: string, expected: string | undefined][] = [
    ["1.2.3", "The third."],
    ["1.2", "Old."],
    ["1.2.30", undefined],
    ["2.0.0", undefined],
  ];
  for (const [version, expected] of cases) {
    it(`of ${version} are ${expected ?? "missing"}`, () => assert.equal(notesOf(CHANGELOG, version), expected));
  }
  it("of a dry run are those of the unreleased changes, with their headings", () => {
    assert.equal(unreleasedNotes(CHANGELOG), "### Added\n\n- One.");
  });
  it("describe for every version of CHANGELOG.md except the first what an update does to running pods", () => {
    const versions = [...readFileSync(join(ROOT, "CHANGELOG.md"), "utf8").matchAll(/^## (\S+)$/gm)].slice(0, -1);
    const changelog = readFileSync(join(ROOT, "CHANGELOG.md"), "utf8");
    for (const [, version = ""] of versions) {
      assert.match(notesOf(changelog, version) ?? "", /^### What an update does to running pods$/m, version);
    }
  });
});

describe("the files of a release", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "kserve-llm-release-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("have checksums in the order of their names, without the file of the checksums itself", () => {
    writeFileSync(join(folder, "b"), "two");
    writeFileSync(join(folder, "a"), "one");
    writeChecksums(folder);
    writeChecksums(folder);
    const digest = (text: string): string => createHash("sha256").update(text).digest("hex");
    const expected = `${digest("one")}  a\n${digest("two")}  b\n`;
    assert.equal(readFileSync(join(folder, "SHA256SUMS"), "utf8"), expected);
  });

  it("are archives with the same bytes when the same contents are packed later", async () => {
    writeFileSync(join(folder, "file"), "text");
    const packed = mkdtempSync(join(tmpdir(), "kserve-llm-packed-"));
    await pack(folder, join(packed, "one.tar.gz"));
    writeFileSync(join(folder, "file"), "text");
    await pack(folder, join(packed, "two.tar.gz"));
    const [one, two] = ["one", "two"].map((name) => readFileSync(join(packed, `${name}.tar.gz`)));
    rmSync(packed, { recursive: true });
    assert.ok(one && two && one.equals(two));
  });

  it("are refused without a tag, with changed files or without notes, and all reasons are reported at once", async () => {
    const git = (...args: string[]): void => {
      const as = ["-c", "user.name=Test", "-c", "user.email=test@example.com"];
      assert.equal(spawnSync("git", [...as, ...args], { cwd: folder }).status, 0, args.join(" "));
    };
    git("init", "--quiet");
    git("commit", "--quiet", "--allow-empty", "--message=First");
    writeFileSync(join(folder, "changed"), "");
    const found = await problemsOfRelease(folder, "1.2.3", undefined);
    assert.equal(found.length, 3, found.join("\n"));
    git("add", "changed");
    git("commit", "--quiet", "--message=Second");
    git("tag", "v1.2.3");
    assert.deepEqual(await problemsOfRelease(folder, "1.2.3", "Notes."), []);
  });
});

describe("the bill of materials", () => {
  let found: Sbom;
  before(async () => {
    found = await sbom();
  });

  it("is CycloneDX of this package, the same at every run", async () => {
    const { name, version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
    assert.equal(found.bomFormat, "CycloneDX");
    assert.deepEqual([found.metadata.component.name, found.metadata.component.version], [name, version]);
    assert.deepEqual(await sbom(), found);
  });

  it("has every package of a production install, and the Node of the archives", () => {
    const { packages } = JSON.parse(readFileSync(join(ROOT, "package-lock.json"), "utf8")) as {
      packages: Record<string, { version: string; dev?: boolean }>;
    };
    const expected = Object.entries(packages)
      .filter(([path, { dev }]) => path !== "" && dev !== true)
      .map(([path, { version }]) => `${path.replace(/^.*node_modules\//, "")}@${version}`);
    const components = new Set(found.components.map(({ name, version }) => `${name}@${version}`));
    assert.ok(expected.length > 100);
    assert.deepEqual(
      expected.filter((one) => !components.has(one)),
      [],
    );
    assert.ok(components.has(`node@${NODE_VERSION}`));
  });
});
