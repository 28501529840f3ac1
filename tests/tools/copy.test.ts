import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { copyInto } from "../../tools/test/copy.ts";

describe("a file that runs of the tests keep for each other", () => {
  let folder = "";
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "copy-"));
  });
  after(() => rmSync(folder, { recursive: true }));

  it("is copied into a folder that does not exist yet, and leaves no other file there", () => {
    const [source, target] = [join(folder, "source"), join(folder, "new/target")];
    writeFileSync(source, "one");
    copyInto(target, source);
    assert.equal(readFileSync(target, "utf8"), "one");
    assert.deepEqual(readdirSync(join(folder, "new")), ["target"]);
  });

  it("is replaced by a newer one, except where a file that is there stays", () => {
    const [source, target] = [join(folder, "newer"), join(folder, "older")];
    writeFileSync(target, "one");
    writeFileSync(source, "two");
    copyInto(target, source, { unlessThere: true });
    assert.equal(readFileSync(target, "utf8"), "one");
    copyInto(target, source);
    assert.equal(readFileSync(target, "utf8"), "two");
  });

  it("is left out if no run has written it", () => {
    copyInto(join(folder, "target"), join(folder, "missing"));
    assert.deepEqual(readdirSync(folder).includes("target"), false);
  });
});
