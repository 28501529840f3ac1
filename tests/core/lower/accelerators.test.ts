import assert from "node:assert/strict";
import { ACCELERATORS, acceleratorNamed, NODE_LABELS } from "../../../core/lower/accelerators.ts";
import { DEVICES, recognise } from "../../../core/lower/recognise.ts";

describe("the catalogue of accelerators", () => {
  it("has each vendor's, and parts of GPUs", () => {
    const vendors = new Set(ACCELERATORS.map((name) => name.split("-")[0]));
    assert.deepEqual([...vendors].sort(), ["amd", "aws", "cpu", "google", "intel", "nvidia"]);
    for (const name of ["nvidia-t4", "nvidia-gb200-186gb", "nvidia-a100-40gb-mig-1g.5gb", "amd-mi355x-288gb"])
      assert.ok(ACCELERATORS.includes(name), name);
  });

  for (const name of ACCELERATORS.filter((one) => one !== "cpu")) {
    it(`${name}: has memory, a resource that is counted, and a label somewhere`, () => {
      const classes = NODE_LABELS.map((who) => acceleratorNamed(name, who));
      for (const one of classes) {
        assert.ok((one?.memoryGiB ?? 0) > 0);
        assert.match(one?.resource ?? "", DEVICES);
        assert.notDeepEqual(one?.nodeSelector, {});
      }
      assert.ok(classes.some((one) => one?.nodeSelector !== undefined));
    });
  }

  it("recognises every accelerator, or one with the same labels, from its own node selector", () => {
    for (const name of ACCELERATORS) {
      for (const who of NODE_LABELS) {
        const accelerator = acceleratorNamed(name, who);
        if (accelerator?.nodeSelector === undefined) continue;
        const { nodeSelector, resource, memoryGiB } = accelerator;
        const found = recognise({ nodeSelector }, resource)?.accelerator;
        assert.deepEqual(found?.nodeSelector, nodeSelector, name);
        if (!name.startsWith("intel-gaudi")) assert.equal(found?.memoryGiB, memoryGiB, name);
      }
    }
  });

  it("recognises nothing where only the resource is asked for", () => {
    assert.equal(recognise({}, "nvidia.com/gpu"), undefined);
    assert.equal(recognise({ nodeSelector: { zone: "a" } }, "nvidia.com/gpu"), undefined);
  });

  it("recognises a platform's own class first", () => {
    const own = {
      ours: { resource: "nvidia.com/gpu", memoryGiB: 1, nodeSelector: { "nvidia.com/gpu.product": "NVIDIA-L4" } },
    };
    assert.equal(
      recognise({ nodeSelector: { "nvidia.com/gpu.product": "NVIDIA-L4" } }, "nvidia.com/gpu", own)?.name,
      "ours",
    );
  });
});
