import assert from "node:assert/strict";
import { ACCELERATORS, acceleratorNamed, CPUS } from "../../../../core/knowledge/accelerators/accelerators.ts";
import { NODE_LABELS } from "../../../../core/knowledge/accelerators/catalogue.ts";
import { DEVICES, recognise } from "../../../../core/knowledge/accelerators/recognise.ts";
import { planOf } from "../../stages/check/plan.ts";

describe("the catalogue of accelerators", () => {
  it("has accelerators of every vendor, and MIG slices", () => {
    const vendors = new Set(ACCELERATORS.map((name) => name.split("-")[0]));
    assert.deepEqual([...vendors].sort(), ["amd", "aws", "cpu", "google", "huawei", "intel", "nvidia"]);
    for (const name of ["nvidia-t4", "nvidia-gb200-186gb", "nvidia-a100-40gb-mig-1g.5gb", "amd-mi355x-288gb"])
      assert.ok(ACCELERATORS.includes(name), name);
  });

  for (const name of ACCELERATORS.filter((one) => !CPUS.includes(one))) {
    it(`${name} has memory, a resource that counts as an accelerator, and a node label`, () => {
      const classes = NODE_LABELS.map((who) => acceleratorNamed(name, who));
      for (const one of classes) {
        assert.ok((one?.memoryGiB ?? 0) > 0);
        assert.ok(DEVICES.test(one?.resource ?? ""));
        assert.notDeepEqual(one?.nodeSelector, {});
      }
      assert.ok(classes.some((one) => one?.nodeSelector !== undefined));
    });
  }

  for (const [name, cores] of [
    ["nvidia-h100-80gb", undefined],
    ["aws-inferentia2", 2],
    ["aws-trainium1", 2],
    ["aws-trainium2", 4],
    ["google-tpu-v7", 2],
  ] as const) {
    it(`${name} runs ${cores ?? 1} ranks on each device`, () => {
      assert.equal(acceleratorNamed(name)?.coresPerDevice, cores);
    });
  }

  for (const [resource, isDevice] of [
    ["nvidia.com/gpu", true],
    ["nvidia.com/gpu.shared", true],
    ["nvidia.com/mig-1g.10gb", true],
    ["nvidia.com/gpumem", false],
    ["nvidia.com/gpucores", false],
    ["amd.com/gpu", true],
    ["amd.com/cpx_nps4", true],
    ["gpu.intel.com/xe", true],
    ["gpu.intel.com/i915_monitoring", false],
    ["gpu.intel.com/millicores", false],
    ["aws.amazon.com/neuroncore", true],
    ["huawei.com/Ascend910", true],
    ["huawei.com/Ascend910B3", true],
    ["huawei.com/Ascend910-2c", true],
    ["huawei.com/ascend-1980", true],
    ["huawei.com/Ascend910B3-memory", false],
    ["huawei.com/Ascend910B4-1-memory", false],
    ["rdma/ib", false],
  ] as const) {
    it(`${isDevice ? "counts" : "does not count"} ${resource} as an accelerator`, () => {
      assert.equal(DEVICES.test(resource), isDevice);
    });
  }

  it("selects accelerators that only one cloud has by the labels of that cloud", () => {
    for (const who of NODE_LABELS) {
      const selectors = ["google-tpu-v7", "aws-trainium2"].map((name) => acceleratorNamed(name, who)?.nodeSelector);
      assert.deepEqual(selectors, [
        { "cloud.google.com/gke-tpu-accelerator": "tpu7x" },
        { "karpenter.k8s.aws/instance-family": "trn2" },
      ]);
    }
  });

  it("has the memory that the driver reports, which is less than the one in its name", () => {
    const memory = (name: string) => acceleratorNamed(name)?.memoryGiB;
    assert.deepEqual(["nvidia-l4", "nvidia-h100-80gb", "nvidia-h200-141gb"].map(memory), [22.05, 79.2, 139.8]);
  });

  for (const [name, meant] of [
    ["h100-sxm", "nvidia-h100-80gb"],
    ["nvidia-h1000", "nvidia-h100-80gb"],
    ["nvidia-h100-80g", "nvidia-h100-80gb"],
    ["NVIDIA-L4", "nvidia-l4"],
    ["mi300x", "amd-mi300x-192gb"],
    ["gaudi3", "intel-gaudi3-128gb"],
    ["h100-80gb", "nvidia-h100-80gb"],
    ["v5e", "google-tpu-v5e"],
    ["cpus", "cpu"],
  ] as const) {
    it(`suggests ${meant} for ${name}`, () => {
      const { issues } = planOf({ model: { uri: "hf://facebook/opt-125m" }, accelerator: name });
      assert.deepEqual(
        issues.map(({ code }) => code),
        ["UnknownAccelerator"],
      );
      assert.ok(issues[0]?.fix?.startsWith(`did you mean ${meant}?`), issues[0]?.fix?.slice(0, 60));
    });
  }

  it("suggests no CPUs for gpu and tpu, whose names differ in one letter", () => {
    const fixOf = (accelerator: string): string =>
      planOf({ model: { uri: "hf://facebook/opt-125m" }, accelerator }).issues[0]?.fix ?? "";
    assert.match(fixOf("gpu"), /^use one of: nvidia-t4, /);
    assert.match(fixOf("tpu"), /^use one of: google-tpu-v4, /);
  });

  it("recognises every accelerator, or one with the same labels, from its own node selector", () => {
    for (const name of ACCELERATORS) {
      for (const who of NODE_LABELS) {
        const accelerator = acceleratorNamed(name, who);
        if (accelerator?.nodeSelector === undefined) continue;
        const { nodeSelector, resource, memoryGiB } = accelerator;
        const found = recognise({ nodeSelector }, resource)?.accelerator;
        assert.deepEqual(found?.nodeSelector, nodeSelector, name);
        // Node feature discovery reports Gaudi and Arc, but not the model.
        if (!/^intel-(gaudi|arc)/.test(name)) assert.equal(found?.memoryGiB, memoryGiB, name);
      }
    }
  });

  it("recognises no accelerator when only the resource is requested", () => {
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
