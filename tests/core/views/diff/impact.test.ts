import assert from "node:assert/strict";
import type { KubernetesObject } from "../../../../core/kubernetes/objects.ts";
import { impactOf } from "../../../../core/views/diff/impact.ts";
import { priceList } from "../../../../core/views/diff/prices.ts";
import { deepFreeze } from "../../stages/merge/freeze.ts";
import { deployment, groups, object } from "./objects.ts";

function impact(before: KubernetesObject[], after: KubernetesObject[], prices = {}) {
  return impactOf(deepFreeze(before), deepFreeze(after), priceList(prices));
}

const args = ["--seed=1"];
const strategy = (type: string, maxSurge?: number | string) => ({
  strategy: { type, ...(maxSurge !== undefined && { rollingUpdate: { maxSurge } }) },
});

describe("the impact of a rollout", () => {
  type Row = [
    string,
    KubernetesObject[],
    KubernetesObject[],
    { restarted: number; peak: number; lost: number; delta: number },
  ];
  const rows: Row[] = [
    [
      "nothing changes",
      [deployment({ replicas: 3, gpus: 2 })],
      [deployment({ replicas: 3, gpus: 2 })],
      { restarted: 0, peak: 6, lost: 0, delta: 0 },
    ],
    [
      "pods restart with a quarter more meanwhile, rounded up",
      [deployment({ replicas: 5, gpus: 2 })],
      [deployment({ replicas: 5, gpus: 2, args })],
      { restarted: 5, peak: 14, lost: 0, delta: 0 },
    ],
    [
      "a surge of its own",
      [deployment({ replicas: 2, gpus: 1 })],
      [deployment({ replicas: 2, gpus: 1, args }, strategy("RollingUpdate", "100%"))],
      { restarted: 2, peak: 4, lost: 0, delta: 0 },
    ],
    [
      "pods that stop before new ones start need no more",
      [deployment({ replicas: 2, gpus: 1 })],
      [deployment({ replicas: 2, gpus: 1, args }, strategy("Recreate"))],
      { restarted: 2, peak: 2, lost: 0, delta: 0 },
    ],
    [
      "larger pods take over one by one: all new and the surge still old, or the other way round",
      [deployment({ replicas: 4, gpus: 1 })],
      [deployment({ replicas: 4, gpus: 2 })],
      { restarted: 4, peak: 9, lost: 0, delta: 4 },
    ],
    [
      "more replicas restart nothing",
      [deployment({ replicas: 1, gpus: 4 })],
      [deployment({ replicas: 3, gpus: 4 })],
      { restarted: 0, peak: 12, lost: 0, delta: 8 },
    ],
    [
      "a group rolls as one, without surge",
      [groups({ replicas: 2, size: 3, gpus: 8 })],
      [groups({ replicas: 2, size: 3, gpus: 8, args })],
      { restarted: 6, peak: 48, lost: 0, delta: 0 },
    ],
    [
      "larger groups are a replacement, and its GPUs are gone meanwhile",
      [groups({ size: 2, gpus: 8 })],
      [groups({ size: 4, gpus: 8 })],
      { restarted: 2, peak: 32, lost: 16, delta: 16 },
    ],
    [
      "another kind of workload is made before the old one goes",
      [deployment({ replicas: 2, gpus: 1 })],
      [groups({ size: 2, gpus: 1 })],
      { restarted: 0, peak: 4, lost: 0, delta: 0 },
    ],
  ];
  for (const [what, before, after, expected] of rows) {
    it(what, () => {
      const { podsRestarted, gpus } = impact(before, after);
      assert.deepEqual({ restarted: podsRestarted, peak: gpus.peak, lost: gpus.lost, delta: gpus.delta }, expected);
    });
  }

  it("counts an autoscaled workload at its minimum, and separately at its maximum", () => {
    const hpa = (maxReplicas: number) =>
      object("HorizontalPodAutoscaler", {
        spec: { scaleTargetRef: { kind: "Deployment", name: "chat" }, minReplicas: 2, maxReplicas },
      });
    const { gpus, gpusAtMost, workloads } = impact(
      [deployment({ gpus: 4 }), hpa(3)],
      [deployment({ gpus: 4 }), hpa(6)],
    );
    assert.deepEqual([gpus.before, gpus.after], [8, 8]);
    assert.deepEqual(gpusAtMost, { before: 12, after: 24 });
    assert.deepEqual(workloads, []);
  });

  it("prices pods by the accelerator of their nodes, under any label", () => {
    const on = (gpus: number, nodeSelector: Record<string, string>) => deployment({ replicas: 2, gpus, nodeSelector });
    const prices = { "nvidia-h100-80gb": 4, "nvidia-l4": 0.7 };
    const { cost } = impact(
      [on(1, { "nvidia.com/gpu.product": "NVIDIA-L4" })],
      [on(1, { "cloud.google.com/gke-accelerator": "nvidia-h100-80gb" })],
      prices,
    );
    assert.deepEqual(cost, { before: 1.4, after: 8, delta: 6.6, unpriced: [] });
  });

  it("uses the resource's price if no accelerator matches, and names resources without a price", () => {
    const before = [deployment({ replicas: 2, gpus: 1 })];
    assert.equal(impact(before, before, { "nvidia.com/gpu": 3 }).cost?.after, 6);
    assert.equal(impact(before, before, {}).cost, undefined);
    const amd = deployment({ replicas: 1, gpus: 1 });
    const other = {
      ...amd,
      metadata: { ...amd.metadata, name: "b" },
      spec: { template: { spec: { containers: [{ name: "main", resources: { limits: { "amd.com/gpu": 1 } } }] } } },
    };
    assert.deepEqual(impact([], [amd, other as KubernetesObject], { "nvidia.com/gpu": 3 }).cost?.unpriced, [
      "amd.com/gpu",
    ]);
  });

  it("prices a class that a service defines", () => {
    const nodeSelector = { pool: "x" };
    const list = priceList({}, {}, [{ resource: "nvidia.com/gpu", nodeSelector, pricePerHour: 2 }]);
    assert.equal(impactOf([], [deployment({ replicas: 1, gpus: 4, nodeSelector })], list).cost?.after, 8);
  });

  it("prices a class without labels for pods that select no other, if there is only one price", () => {
    const any = { resource: "nvidia.com/gpu", pricePerHour: 2 };
    const l4 = { "nvidia.com/gpu.product": "NVIDIA-L4" };
    const pods = [deployment({ replicas: 1, gpus: 4 })];
    assert.equal(impactOf([], pods, priceList({}, { accelerators: { any } })).cost?.after, 8);
    const other = priceList({}, {}, [any]);
    assert.equal(impactOf([], [deployment({ replicas: 1, gpus: 4, nodeSelector: l4 })], other).cost, undefined);
    const two = priceList({}, {}, [any, { ...any, pricePerHour: 3 }]);
    assert.equal(impactOf([], pods, two).cost, undefined);
  });
});
