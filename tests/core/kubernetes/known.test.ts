import assert from "node:assert/strict";
import { KnownObjects } from "../../../core/kubernetes/known.ts";

const account = (namespace: string, name: string) => ({
  apiVersion: "v1",
  kind: "ServiceAccount",
  metadata: { namespace, name },
});

describe("known objects", () => {
  const known = new KnownObjects([
    account("a", "default"),
    account("b", "default"),
    { ...account("a", "x"), extra: 1 },
    { ...account("a", "x"), extra: 2 },
  ]);

  it("are found by version, kind, namespace and name", () => {
    assert.deepEqual(known.get("v1", "ServiceAccount", "b", "default"), account("b", "default"));
    assert.equal(known.get("v1", "ServiceAccount", "c", "default"), undefined);
    assert.equal(known.get("v2", "ServiceAccount", "a", "default"), undefined);
  });

  it("the later of two copies of an object is used", () => {
    assert.equal(known.get("v1", "ServiceAccount", "a", "x")?.extra, 2);
  });

  it("list() filters by namespace when one is given", () => {
    assert.equal(known.list("v1", "ServiceAccount", "a").length, 2);
    assert.equal(known.list("v1", "ServiceAccount").length, 3);
  });
});
