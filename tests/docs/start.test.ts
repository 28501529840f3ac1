import assert from "node:assert/strict";
import { globSync } from "node:fs";
import { ROOT, readText } from "../repository.ts";

const SCRIPTS = globSync("examples/start/*.sh", { cwd: ROOT }).sort();

// tests/e2e/newcomer.suite.ts runs them.
describe("the scripts of a first project", () => {
  const { version } = JSON.parse(readText("package.json")) as { version: string };

  for (const file of SCRIPTS) {
    it(`${file} takes the files of the version of package.json, and only those`, () => {
      const text = readText(file);
      assert.match(text, new RegExp(`^version=${version.replaceAll(".", "\\.")}$`, "m"));
      const [, inPom = version] = /<artifactId>kserve-llm<\/artifactId>\s*<version>([^<]*)</.exec(text) ?? [];
      assert.equal(inPom, version);
      assert.match(text, /"\$RELEASE\/[\w-]+\$version/);
      assert.doesNotMatch(text, /\.\.\//, "nothing of a clone");
    });
  }

  it("docs/getting-started.md links to each of them", () => {
    const linked = [...readText("docs/getting-started.md").matchAll(/\]\(\.\.\/(examples\/start\/[\w-]+\.sh)\)/g)];
    assert.deepEqual(linked.map(([, file = ""]) => file).sort(), SCRIPTS);
  });
});
