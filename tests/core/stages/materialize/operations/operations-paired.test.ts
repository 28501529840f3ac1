import assert from "node:assert/strict";
import type { PlanInput } from "../../../../../core/contract/plan.ts";
import { isObject, type JsonObject, objectsOf, valueAt } from "../../../../../core/kubernetes/json.ts";
import type { KubernetesObject } from "../../../../../core/kubernetes/objects.ts";
import { isWorkload, podSpecsOf, templatesOf } from "../../../../../core/kubernetes/workloads/workloads.ts";
import { readConfigs } from "../../../../../core/stages/materialize/router/epp/eppconfig.ts";
import { impactOf } from "../../../../../core/views/diff/impact.ts";
import { GROUPED, issuesOf, MODEL, NEWEST, planned, withEnv } from "./operated.ts";

const REVISION = "kserve-llm/revision";
const SCREENER = "disaggregatedset-rollout-screener";
const PAIRED = { pairedRollout: true };
const SERVICE = { ...MODEL, router: { route: {}, scheduler: {} }, prefill: {}, operations: PAIRED };

const engines = (objects: readonly KubernetesObject[]) =>
  objects.filter((object) => isWorkload(object) && !object.metadata.name.includes("scheduler"));
const revisions = (spec: object, input: Partial<PlanInput> = NEWEST): (string | undefined)[] =>
  engines(planned(spec, input)).flatMap((object) => templatesOf(object).map(({ labels }) => labels[REVISION]));
const screenersOf = (objects: readonly KubernetesObject[]): JsonObject[] =>
  objects
    .filter(({ kind, metadata }) => kind === "Deployment" && metadata.name.endsWith("-scheduler"))
    .flatMap((object) => podSpecsOf(object).flatMap(({ containers }) => containers ?? []))
    .flatMap(({ args }) => readConfigs(args ?? []))
    .flatMap(({ plugins }) => objectsOf(plugins))
    .filter(({ type }) => type === SCREENER);

describe("operations.pairedRollout", () => {
  it("labels the pods of prefill and decode with one revision", () => {
    const [decode, prefill, ...more] = revisions(SERVICE);
    assert.match(decode ?? "", /^[0-9a-f]{10}$/);
    assert.deepEqual([prefill, more], [decode, []]);
  });

  it("labels leaders and workers of groups with it", () => {
    const found = revisions({ ...SERVICE, ...GROUPED, prefill: GROUPED });
    assert.equal(found.length, 4);
    assert.deepEqual(new Set(found), new Set([found[0]]));
    assert.notEqual(found[0], undefined);
  });

  it("gives both a new revision when the pods of either change, and keeps it when only replicas do", () => {
    const [before] = revisions(SERVICE);
    const changes = [
      { ...SERVICE, ...withEnv("VLLM_CACHE_ROOT") },
      { ...SERVICE, prefill: withEnv("VLLM_CACHE_ROOT") },
    ];
    for (const changed of changes) {
      const [decode, prefill] = revisions(changed);
      assert.equal(decode, prefill);
      assert.notEqual(decode, before);
    }
    assert.deepEqual(revisions({ ...SERVICE, replicas: 3, prefill: { replicas: 2 } }), [before, before]);
  });

  it("restarts the pods of both roles for a change of prefill, as the diff shows", () => {
    const restarted = (operations: object) => {
      const of = (prefill: object) => engines(planned({ ...SERVICE, operations, prefill }, NEWEST));
      return impactOf(of({}), of(withEnv("VLLM_CACHE_ROOT"))).workloads.map(({ effect }) => effect);
    };
    assert.deepEqual([restarted({}).length, restarted(PAIRED).length], [1, 2]);
  });

  it("makes the scheduler send a request to pods of one revision", () => {
    const [screener, ...more] = screenersOf(planned(SERVICE, NEWEST));
    assert.deepEqual(more, []);
    assert.deepEqual(screener?.["parameters"], {
      scope: {
        labelSelector:
          "app.kubernetes.io/part-of=llminferenceservice,app.kubernetes.io/name=chat,kserve.io/component=workload",
      },
      revisionGating: {
        mode: "max-role",
        revisionLabelKey: REVISION,
        roleLabelKey: "llm-d.ai/role",
        requireRoles: { values: ["prefill", "decode"] },
      },
    });
  });

  it("shares requests by the pods of both roles with mode sum", () => {
    const [screener] = screenersOf(planned({ ...SERVICE, operations: { pairedRollout: { mode: "sum" } } }, NEWEST));
    assert.equal(valueAt(screener, ["parameters", "revisionGating", "mode"]), "sum");
  });

  it("leaves a declared plugin as it is", () => {
    const [own] = screenersOf(planned(SERVICE, NEWEST));
    assert.ok(isObject(own?.["parameters"]));
    const gating = { mode: "sum", revisionLabelKey: REVISION, requireRoles: { values: ["prefill", "decode"] } };
    const parameters = { scope: own["parameters"]["scope"], revisionGating: gating };
    const [scheduler] = planned(SERVICE, NEWEST).filter(({ metadata }) => metadata.name.endsWith("-scheduler"));
    const [config] = podSpecsOf(scheduler as KubernetesObject).flatMap(({ containers }) =>
      readConfigs(containers?.[0]?.args ?? []),
    );
    const plugins = objectsOf(config?.["plugins"]).map((plugin) =>
      plugin["type"] === SCREENER ? { ...plugin, parameters } : plugin,
    );
    const router = { route: {}, scheduler: { config: { inline: { ...config, plugins } } } };
    assert.deepEqual(screenersOf(planned({ ...SERVICE, router }, NEWEST)), [{ type: SCREENER, parameters }]);
  });

  it("is off by default", () => {
    const plain = planned({ ...SERVICE, operations: {} }, NEWEST);
    assert.deepEqual(screenersOf(plain), []);
    assert.deepEqual(revisions({ ...SERVICE, operations: {} }), [undefined, undefined]);
  });

  const CASES: Record<string, { spec: object; input?: Partial<PlanInput>; wanted: string }> = {
    "a scheduler of a release without the plugin": {
      spec: SERVICE,
      input: {},
      wanted: "warning Conflict spec.operations.pairedRollout",
    },
    "a service without prefill": {
      spec: { ...MODEL, router: { route: {}, scheduler: {} }, operations: PAIRED },
      wanted: "warning UnusedField spec.operations.pairedRollout",
    },
    "a role that has no pod": {
      spec: { ...SERVICE, prefill: { replicas: 0 } },
      wanted: "warning Conflict spec.operations.pairedRollout",
    },
  };
  for (const [title, { spec, input, wanted }] of Object.entries(CASES)) {
    it(`reports a warning for ${title}`, () =>
      assert.ok(issuesOf(spec, input).includes(wanted), issuesOf(spec, input).join("\n")));
  }
});
