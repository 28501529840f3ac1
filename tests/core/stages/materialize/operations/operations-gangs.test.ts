import assert from "node:assert/strict";
import type { KubernetesObject } from "../../../../../core/kubernetes/objects.ts";
import { preflight } from "../../../../../core/views/preflight/preflight.ts";
import { planOf } from "../../check/plan.ts";
import { ENGINE, issuesIn, make } from "../given.ts";
import { GROUPS, MODEL, planned, refused, specsOf } from "./operated.ts";

const PATH = "spec.operations.gangScheduling";
const LED = { template: ENGINE, worker: ENGINE, parallelism: { pipeline: 2 } };

describe("operations.gangScheduling", () => {
  const gangs = (gangScheduling: unknown) => ({ ...GROUPS, operations: { gangScheduling } });
  const setOf = (objects: readonly KubernetesObject[]) => objects.find(({ kind }) => kind === "LeaderWorkerSet");
  const schedulersOf = (objects: readonly KubernetesObject[]) =>
    specsOf(objects, "LeaderWorkerSet").flatMap(({ leaderWorkerTemplate: { leaderTemplate, workerTemplate } = {} }) =>
      [leaderTemplate, workerTemplate].filter((one) => one !== undefined).map(({ spec }) => spec["schedulerName"]),
    );

  it("by Volcano sets its scheduler for every pod of the groups, and the queue if one is named", () => {
    const plain = planned(gangs({ volcano: true }));
    assert.deepEqual(schedulersOf(plain), ["volcano", "volcano"]);
    assert.equal(setOf(plain)?.metadata.annotations, undefined);
    const queued = planned(gangs({ volcano: { queue: "serving" } }));
    assert.deepEqual(schedulersOf(queued), ["volcano", "volcano"]);
    assert.deepEqual(setOf(queued)?.metadata.annotations, { "scheduling.volcano.sh/queue-name": "serving" });
  });

  it("leaves the scheduler of the service to Kubernetes' own", () => {
    const routed = { ...gangs({ volcano: true }), router: { route: {}, scheduler: {} } };
    const [scheduler] = specsOf(planned(routed), "Deployment");
    assert.ok(scheduler?.template !== undefined && !("schedulerName" in scheduler.template.spec));
  });

  it("by Kueue labels the groups with its queue, and with its priority if one is named", () => {
    const labelsOf = (kueue: object) => setOf(planned(gangs({ kueue })))?.metadata.labels;
    const { "kueue.x-k8s.io/queue-name": queue, ...own } = labelsOf({ queue: "serving" }) ?? {};
    assert.equal(queue, "serving");
    assert.deepEqual(own, setOf(planned(GROUPS))?.metadata.labels);
    const both = labelsOf({ queue: "serving", priorityClass: "production" });
    assert.equal(both?.["kueue.x-k8s.io/priority-class"], "production");
  });

  it("requires exactly one of volcano and kueue", () => {
    const both = { volcano: true, kueue: { queue: "serving" } };
    assert.deepEqual(refused(gangs(both)), [`error Conflict ${PATH}`]);
    assert.deepEqual(refused(gangs(true)), [`error MissingField ${PATH}`]);
    assert.deepEqual(refused(gangs({ volcano: false })), [`error MissingField ${PATH}`]);
    assert.deepEqual(refused(gangs({ kueue: {} })), [`error MissingField ${PATH}.kueue.queue`]);
    assert.deepEqual(refused(gangs({ volcano: false, kueue: { queue: "serving" } })), []);
    assert.deepEqual(refused(gangs({ kueue: { queue: "Not A Name" } })), [`error InvalidValue ${PATH}.kueue.queue`]);
    assert.deepEqual(planned(gangs(false)), planned(GROUPS));
  });

  it("of a config is overridden by the service's scheduler", () => {
    const config = (gangScheduling: unknown) => ({
      apiVersion: "serving.kserve.io/v1alpha2",
      kind: "LLMInferenceServiceConfig",
      metadata: { name: "team", namespace: "team" },
      spec: { operations: { gangScheduling } },
    });
    const merged = (below: unknown, above: unknown) =>
      planOf({ ...gangs(above), baseRefs: [{ name: "team" }] }, { configs: [config(below)] }).operations
        ?.gangScheduling;
    assert.deepEqual(merged({ kueue: { queue: "serving" } }, true), { kueue: { queue: "serving" } });
    assert.deepEqual(merged({ kueue: { queue: "serving" } }, { kueue: { priorityClass: "high" } }), {
      kueue: { queue: "serving", priorityClass: "high" },
    });
    assert.deepEqual(merged({ kueue: { queue: "serving" } }, { volcano: true }), { volcano: {} });
    assert.deepEqual(merged({ volcano: true }, false), false);
  });

  it("reports that it has no effect on pods without groups", () => {
    const operations = { gangScheduling: { volcano: true } };
    assert.deepEqual(refused({ ...MODEL, operations }), [`warning UnusedField ${PATH}`]);
  });

  it("cannot share a group with another scheduler", () => {
    const named = (schedulerName: string) =>
      issuesIn(
        make({
          spec: { ...LED, worker: { ...ENGINE, schedulerName } },
          operations: { gangScheduling: { volcano: true } },
        }),
      );
    assert.deepEqual(named("volcano"), []);
    assert.deepEqual(named("default-scheduler"), [`error Conflict ${PATH}.volcano`]);
  });

  it("must agree with the queue that the service's own label names", () => {
    const labelled = (queue: string) =>
      issuesIn(
        make({
          spec: LED,
          metadata: { labels: { "kueue.x-k8s.io/queue-name": queue } },
          operations: { gangScheduling: { kueue: { queue: "serving" } } },
        }),
      );
    assert.deepEqual(labelled("serving"), []);
    assert.deepEqual(labelled("training"), [`error Conflict ${PATH}.kueue.queue`]);
  });

  it("by Volcano conflicts with exclusiveTopology, because the groups would wait forever", () => {
    const exclusive = (gangScheduling: unknown) =>
      refused({ ...GROUPS, operations: { gangScheduling, exclusiveTopology: "rack" } });
    assert.deepEqual(exclusive({ volcano: true }), [`error Conflict ${PATH}.volcano`]);
    assert.deepEqual(exclusive({ kueue: { queue: "serving" } }), []);
    const annotations = { "leaderworkerset.sigs.k8s.io/exclusive-topology": "rack" };
    const operations = { gangScheduling: { volcano: true } };
    const carried = make({ spec: LED, metadata: { annotations }, operations });
    assert.deepEqual(issuesIn(carried), [`error Conflict ${PATH}.volcano`]);
  });

  it("requires Volcano or Kueue in the cluster (preflight)", () => {
    const missing = (gangScheduling: unknown, apis: Record<string, string[]>) => {
      const objects = planned(gangs(gangScheduling)).filter(({ kind }) => kind === "LeaderWorkerSet");
      const served = { "leaderworkerset.x-k8s.io/v1": ["LeaderWorkerSet"], ...apis };
      return preflight(objects, { source: "cluster", apis: served, unread: [] });
    };
    const [volcano, ...more] = missing({ volcano: true }, {});
    assert.deepEqual(more, []);
    assert.equal(volcano?.code, "MissingApi");
    assert.match(
      volcano?.message ?? "",
      /LeaderWorkerSet chat-kserve-mn needs PodGroup of scheduling\.volcano\.sh\/v1beta1/,
    );
    assert.match(volcano?.fix ?? "", /install Volcano.*schedulerProvider/);
    assert.deepEqual(missing({ volcano: true }, { "scheduling.volcano.sh/v1beta1": ["PodGroup", "Queue"] }), []);
    const [older] = missing({ volcano: true }, { "scheduling.volcano.sh/v1alpha2": ["PodGroup"] });
    assert.match(older?.message ?? "", /only scheduling\.volcano\.sh\/v1alpha2/);

    const kueue = { kueue: { queue: "serving" } };
    assert.match(missing(kueue, {})[0]?.fix ?? "", /install Kueue/);
    assert.deepEqual(missing(kueue, { "kueue.x-k8s.io/v1beta2": ["LocalQueue"] }), [], "of any version");
    assert.deepEqual(missing(kueue, { "kueue.x-k8s.io/v1beta1": ["LocalQueue"] }), [], "of any version");
  });
});
