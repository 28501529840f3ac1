import assert from "node:assert/strict";
import { KUEUE_QUEUE } from "../../../../core/contract/names.ts";
import type { KubernetesObject } from "../../../../core/kubernetes/objects.ts";
import { diffObjects } from "../../../../core/views/diff/diff.ts";
import type { Effect } from "../../../../core/views/diff/effects.ts";
import { deepFreeze } from "../../stages/merge/freeze.ts";
import { deployment, groups, object } from "./objects.ts";

function diff(before: KubernetesObject[], after: KubernetesObject[]) {
  return diffObjects(deepFreeze(before), deepFreeze(after));
}

const MAIN = "spec.template.spec.containers[name=main]";

describe("diffObjects", () => {
  it("is empty for equal objects, in whatever order their fields are", () => {
    const { spec, ...rest } = deployment({ replicas: 1 });
    assert.deepEqual(diff([deployment({ replicas: 1 })], [{ spec, ...rest } as KubernetesObject]), []);
  });

  it("names a field that differs by its path, with both values and the effect", () => {
    assert.deepEqual(diff([deployment({ args: ["--port=1"] })], [deployment({ args: ["--port=2", "--seed=3"] })]), [
      {
        object: { apiVersion: "apps/v1", kind: "Deployment", namespace: "team", name: "chat" },
        change: "update",
        effect: "restart",
        fields: [
          { path: `${MAIN}.args[--port]`, before: "1", after: "2", effect: "restart" },
          { path: `${MAIN}.args[--seed]`, after: "3", effect: "restart" },
        ],
      },
    ]);
  });

  it("matches list items by their key, not by their index", () => {
    const [a, b, c] = ["a", "b", "c"].map((name) => ({ name, value: "1" }));
    const [change] = diff([deployment({ env: [b!, c!] })], [deployment({ env: [a!, b!, c!] })]);
    assert.deepEqual(
      change?.fields.map(({ path }) => path),
      [`${MAIN}.env[name=a].name`, `${MAIN}.env[name=a].value`],
    );
  });

  it("finds that flags in another order restart the pods", () => {
    const [change] = diff([deployment({ args: ["--a=1", "--b=2"] })], [deployment({ args: ["--b=2", "--a=1"] })]);
    assert.equal(change?.effect, "restart");
    assert.deepEqual(
      change?.fields.map(({ path }) => path),
      ["spec.template.spec.containers[0].args"],
    );
  });

  it("finds that flags in another order restart the pods, also together with a change that does not", () => {
    const [before, after] = [
      ["--a=1", "--b=2"],
      ["--b=2", "--a=1"],
    ].map((args, i) => deployment({ args }, {}, { i: `${i}` }));
    assert.equal(diff([before!], [after!])[0]?.effect, "restart");
  });

  it("lists new and removed objects, and the pods of new and removed workloads", () => {
    const changes = diff([deployment({}), object("Service")], [groups({ size: 2 }), object("ServiceAccount")]);
    assert.deepEqual(
      changes.map(({ object: { kind }, change, effect }) => [kind, change, effect]),
      [
        ["LeaderWorkerSet", "create", "resize"],
        ["ServiceAccount", "create", "none"],
        ["Deployment", "delete", "resize"],
        ["Service", "delete", "none"],
      ],
    );
  });

  it("treats another API version as the same object, and another API group as another object", () => {
    const pool = (apiVersion: string) => object("InferencePool", {}, apiVersion);
    const versions = diff([pool("a.io/v1alpha2")], [pool("a.io/v1")]);
    assert.deepEqual(
      versions.map(({ change, fields }) => [change, fields[0]?.path]),
      [["update", "apiVersion"]],
    );
    assert.equal(diff([pool("a.io/v1")], [pool("b.io/v1")]).length, 2);
  });
});

describe("effects", () => {
  const rows: [what: string, before: KubernetesObject, after: KubernetesObject, effect: Effect][] = [
    ["more replicas", deployment({ replicas: 1 }), deployment({ replicas: 2 }), "resize"],
    ["another selector", deployment({}), deployment({}, { selector: { matchLabels: { app: "x" } } }), "replace"],
    ["a label of the object", deployment({}), deployment({}, {}, { a: "b" }), "none"],
    [
      "another queue",
      deployment({}, {}, { [KUEUE_QUEUE]: "a" }),
      deployment({}, {}, { [KUEUE_QUEUE]: "b" }),
      "replace",
    ],
    ["another strategy", deployment({}), deployment({}, { strategy: { type: "Recreate" } }), "none"],
    ["a flag of a group", groups({ size: 2 }), groups({ size: 2, args: ["--seed=1"] }), "restart"],
    ["more groups", groups({ size: 2 }), groups({ size: 2, replicas: 3 }), "resize"],
    ["larger groups", groups({ size: 2 }), groups({ size: 4 }), "replace"],
    ["sub-groups", groups({ size: 2 }), groups({ size: 2 }, { subGroupPolicy: { subGroupSize: 1 } }), "replace"],
    [
      "an autoscaler's bounds",
      object("HorizontalPodAutoscaler", { spec: { maxReplicas: 2 } }),
      object("HorizontalPodAutoscaler", { spec: { maxReplicas: 3 } }),
      "resize",
    ],
    [
      "a Service's port",
      object("Service", { spec: { ports: [{ port: 1 }] } }),
      object("Service", { spec: { ports: [{ port: 2 }] } }),
      "none",
    ],
    [
      "what a RoleBinding grants",
      object("RoleBinding", { roleRef: { name: "a" } }),
      object("RoleBinding", { roleRef: { name: "b" } }),
      "replace",
    ],
    [
      "a larger volume",
      object("PersistentVolumeClaim", { spec: { resources: { requests: { storage: "1Gi" } } } }),
      object("PersistentVolumeClaim", { spec: { resources: { requests: { storage: "2Gi" } } } }),
      "none",
    ],
  ];
  for (const [what, before, after, effect] of rows) {
    it(`${what}: ${effect}`, () => assert.equal(diff([before], [after])[0]?.effect, effect));
  }
});
