import assert from "node:assert/strict";
import type { KubernetesObject } from "../../../../core/kubernetes/objects.ts";
import { editPods } from "../../../../core/kubernetes/workloads/pods.ts";
import { podSpecsOf, workloadsOf } from "../../../../core/kubernetes/workloads/workloads.ts";

function object(kind: string, spec: unknown): KubernetesObject {
  return { apiVersion: "v1", kind, metadata: { name: "chat" }, spec };
}

const pod = (name: string) => ({ metadata: { labels: { pod: name } }, spec: { hostname: name } });
const GROUP = { leaderTemplate: pod("leader"), workerTemplate: pod("worker"), size: 4 };

describe("workloads: the rollout that an object leaves to defaults", () => {
  const rollouts: [what: string, object: KubernetesObject, surge: number, mayStopFirst: boolean, recreates: boolean][] =
    [
      ["a Deployment of 4 surges by a quarter", object("Deployment", { replicas: 4 }), 1, true, false],
      ["a Deployment of 5 rounds the surge up", object("Deployment", { replicas: 5 }), 2, true, false],
      ["a Deployment of 1 may not stop its pod first", object("Deployment", { replicas: 1 }), 1, false, false],
      ["a Deployment without replicas has 1", object("Deployment", {}), 1, false, false],
      [
        "a Deployment that recreates stops all",
        object("Deployment", { replicas: 4, strategy: { type: "Recreate" } }),
        0,
        true,
        true,
      ],
      [
        "a Deployment with one of the two set keeps the default of the other",
        object("Deployment", { replicas: 4, strategy: { rollingUpdate: { maxSurge: 2 } } }),
        2,
        true,
        false,
      ],
      ["a LeaderWorkerSet stops a group first", object("LeaderWorkerSet", { replicas: 4 }), 0, true, false],
      [
        "a LeaderWorkerSet with a surge in percent",
        object("LeaderWorkerSet", {
          replicas: 4,
          rolloutStrategy: { rollingUpdateConfiguration: { maxSurge: "50%" } },
        }),
        2,
        true,
        false,
      ],
      ["a Deployment without a spec", object("Deployment", undefined), 1, false, false],
      ["a Deployment whose fields are null", object("Deployment", { replicas: null, strategy: null }), 1, false, false],
    ];
  for (const [what, one, surge, mayStopFirst, recreates] of rollouts) {
    it(what, () => {
      const [workload] = workloadsOf([one]);
      assert.deepEqual(
        [workload?.surge, workload?.mayStopFirst, workload?.recreates],
        [surge, mayStopFirst, recreates],
      );
    });
  }
});

describe("workloads: pod templates", () => {
  const shown = (one: KubernetesObject) =>
    workloadsOf([one])[0]?.pods.map(({ part, perUnit, labels, spec }) => [part, perUnit, labels["pod"], spec.hostname]);

  it("the leader and the other pods of a group have separate templates", () => {
    assert.deepEqual(shown(object("LeaderWorkerSet", { leaderWorkerTemplate: GROUP })), [
      ["leader", 1, "leader", "leader"],
      ["worker", 3, "worker", "worker"],
    ]);
  });

  it("without a template for the leader all pods of a group are workers", () => {
    const { leaderTemplate: _leader, ...group } = GROUP;
    assert.deepEqual(shown(object("LeaderWorkerSet", { leaderWorkerTemplate: group })), [
      [undefined, 4, "worker", "worker"],
    ]);
  });

  it("a Deployment has one pod per unit", () => {
    assert.deepEqual(shown(object("Deployment", { template: pod("single") })), [[undefined, 1, "single", "single"]]);
  });

  it("a Job has pods and is not a workload", () => {
    const job = object("Job", { template: pod("job") });
    assert.deepEqual(workloadsOf([job]), []);
    assert.deepEqual(podSpecsOf(job), [{ hostname: "job" }]);
  });

  it("objects without templates have no pods", () => {
    for (const spec of [undefined, null, "text", [], { template: null }, { template: "text" }])
      assert.deepEqual(podSpecsOf(object("Deployment", spec)), []);
  });
});

describe("workloads: edits of pods", () => {
  const named = (spec: object) => ({ ...spec, subdomain: "edited" });
  const edited = (one: KubernetesObject) => podSpecsOf(one).map(({ subdomain }) => subdomain);
  const group = object("LeaderWorkerSet", { leaderWorkerTemplate: GROUP, replicas: 2 });

  it("change all pods, and nothing else of the object", () => {
    const after = editPods(group, named);
    assert.deepEqual(edited(after), ["edited", "edited"]);
    assert.deepEqual(
      editPods(after, ({ subdomain: _edited, ...spec }) => spec),
      group,
    );
    assert.deepEqual(edited(group), [undefined, undefined]);
  });

  it("change only the leader if they are for engines", () => {
    assert.deepEqual(edited(editPods(group, named, "engines")), ["edited", undefined]);
  });

  it("leave objects alone that are not workloads", () => {
    const job = object("Job", { template: pod("job") });
    assert.equal(editPods(job, named), job);
  });
});
