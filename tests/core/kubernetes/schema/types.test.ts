import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { TYPES } from "../../../../core/kubernetes/schema/generated/types.ts";
import type { StructuralSchema } from "../../../../core/kubernetes/schema/schema.ts";

describe("generated types", () => {
  it("refer only to one another", () => {
    const refs = [...JSON.stringify(TYPES).matchAll(/"\$ref":"([^"]+)"/g)].map(([, name]) => name ?? "");
    assert.deepEqual(
      refs.filter((name) => TYPES[name] === undefined),
      [],
    );
  });

  it("identify list items as Kubernetes does", () => {
    const { properties = {} } = TYPES["Container"] ?? {};
    const keys = (field: string): StructuralSchema["x-kubernetes-list-map-keys"] =>
      properties[field]?.["x-kubernetes-list-map-keys"];
    assert.deepEqual(keys("ports"), ["containerPort", "protocol"]);
    assert.deepEqual(keys("env"), ["name"]);
    assert.equal(properties["volumeMounts"]?.["x-kubernetes-patch-merge-key"], "mountPath");
    assert.equal(properties["args"]?.["x-kubernetes-list-type"], "atomic");
  });

  it("are those of the published definitions", function () {
    const env = { ...process.env, GOFLAGS: "-mod=mod" };
    const generator = new URL("../../../../tools/generate/types.ts", import.meta.url).pathname;
    const { status, stdout, stderr } = spawnSync(process.execPath, [generator, "--check"], { encoding: "utf8", env });
    // Without Go, or without access to the modules, there is nothing to compare with.
    if (status === 1 && stdout === "" && /go mod download|ENOENT/.test(stderr)) this.skip();
    assert.equal(status, 0, stdout + stderr);
  });
});
