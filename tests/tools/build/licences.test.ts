import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Metafile } from "esbuild";
import { bundle, ROOT } from "../../../tools/build/bundle.ts";
import { isAllowed } from "../../../tools/build/licences.ts";
import { packagesIn } from "../../../tools/build/notices.ts";

describe("licences", () => {
  const cases: [expression: unknown, allowed: boolean][] = [
    ["MIT", true],
    ["(BSD-3-Clause AND Apache-2.0)", true],
    ["(BSD-3-Clause OR GPL-2.0)", true],
    ["(GPL-2.0 OR GPL-3.0)", false],
    ["(MIT AND GPL-2.0)", false],
    ["GPL-3.0-only", false],
    ["SEE LICENSE IN LICENSE.txt", false],
    ["UNLICENSED", false],
    [undefined, false],
    [{ type: "MIT" }, false],
  ];
  for (const [expression, allowed] of cases) {
    it(`${JSON.stringify(expression) ?? "none"} ${allowed ? "is" : "is not"} allowed in a released file`, () =>
      assert.equal(isAllowed(expression), allowed));
  }
});

describe("the packages in the bundles", () => {
  const ENTRIES = ["provider/executable.ts", "cli/main.ts", "policy/main.ts"];
  let metafiles: Metafile[];
  before(async () => {
    const folder = mkdtempSync(join(tmpdir(), "kserve-llm-licences-"));
    try {
      metafiles = await Promise.all(
        ENTRIES.map((entry, index) => bundle(join(ROOT, entry), join(folder, `${index}.cjs`), { whole: true })),
      );
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it("has allowed licences only", () => {
    const packages = packagesIn(metafiles);
    assert.ok(packages.length > 30, packages.join());
    const refused = packages.filter((path) => {
      const { license } = JSON.parse(readFileSync(join(ROOT, path, "package.json"), "utf8"));
      return !isAllowed(license);
    });
    assert.deepEqual(refused, []);
  });
});
