import assert from "node:assert/strict";
import type { LLMInferenceService, LLMInferenceServiceSpec } from "../../../../core/api/service.ts";
import { KSERVE_0_20, OWN } from "../../../../core/contract/behaviour.ts";
import { DEFAULT_SETTINGS, type Settings } from "../../../../core/contract/options/settings.ts";
import { KnownObjects } from "../../../../core/kubernetes/known.ts";
import type { KubernetesObject } from "../../../../core/kubernetes/objects.ts";
import { completeSpec } from "../../../../core/stages/complete/complete.ts";
import { deepFreeze } from "../merge/freeze.ts";

interface Given {
  spec: object;
  annotations?: Record<string, string>;
  known?: KubernetesObject[];
  behaviour?: typeof OWN;
  settings?: Partial<Settings>;
}

function complete({ spec, annotations, known, settings, behaviour = OWN }: Given) {
  const model = { uri: "hf://a/b", name: "chat" };
  const merged = { model, ...spec } as LLMInferenceServiceSpec;
  const service: LLMInferenceService = {
    apiVersion: "serving.kserve.io/v1alpha2",
    kind: "LLMInferenceService",
    metadata: { name: "chat", namespace: "team", ...(annotations && { annotations }) },
    spec: { model },
  };
  return completeSpec({
    ...deepFreeze({
      service,
      spec: merged,
      settings: { ...DEFAULT_SETTINGS, ...settings },
      behaviour,
    }),
    known: new KnownObjects(deepFreeze(known ?? [])),
  });
}

const POOL = { group: "inference.networking.k8s.io", kind: "InferencePool", name: "chat-inference-pool", weight: 1 };
const OTHER = { kind: "InferencePool", name: "another", weight: 1 };
const httpRoute = (spec: object = { rules: [{ backendRefs: [POOL, OTHER] }] }) => ({ http: { spec } });
const backendsOf = (spec: LLMInferenceServiceSpec) =>
  (spec.router?.route?.http?.spec as { rules: { backendRefs: object[] }[] } | undefined)?.rules[0]?.backendRefs;

describe("completeSpec", () => {
  it("does not change a spec that has nothing to complete", () => {
    const spec = { replicas: 2, template: { containers: [{ name: "main" }] } };
    assert.deepEqual(complete({ spec }), { spec: { model: { uri: "hf://a/b", name: "chat" }, ...spec }, issues: [] });
  });

  it("drops fields that templates leave empty, as KServe's types do", () => {
    const template = { containers: [{ name: "main", image: "", args: [""] }], schedulerName: "" };
    assert.deepEqual(complete({ spec: { template } }).spec.template, template);
    const typed = complete({ spec: { template }, behaviour: KSERVE_0_20 });
    assert.deepEqual(typed.spec.template, { containers: [{ name: "main", args: [""] }] });
  });

  describe("the route", () => {
    it("has the named gateways as parents", () => {
      const gateway = {
        refs: [
          { name: "a", namespace: "infra", sectionName: "https" },
          { name: "b", namespace: "" },
        ],
      };
      const { spec } = complete({ spec: { router: { gateway, route: httpRoute({ parentRefs: [{ name: "x" }] }) } } });
      const common = { group: "gateway.networking.k8s.io", kind: "Gateway" };
      assert.deepEqual(spec.router?.route?.http?.spec?.["parentRefs"], [
        { ...common, name: "a", namespace: "infra", sectionName: "https" },
        { ...common, name: "b" },
      ]);
    });
    it("keeps its parents if no gateway is named", () => {
      const { spec } = complete({
        spec: { router: { gateway: {}, route: httpRoute({ parentRefs: [{ name: "x" }] }) } },
      });
      assert.deepEqual(spec.router?.route?.http?.spec?.["parentRefs"], [{ name: "x" }]);
    });
    it("leads to the Service without a scheduler, unless the user sets backends", () => {
      const { spec } = complete({ spec: { router: { route: httpRoute() } } });
      const service = { ...POOL, group: "", kind: "Service", name: "chat-kserve-workload-svc" };
      assert.deepEqual(backendsOf(spec), [service, OTHER]);
    });
    it("leads to the referenced pool, in its original API group", () => {
      const scheduler = { pool: { ref: { name: "mine" } } };
      const { spec } = complete({ spec: { router: { route: httpRoute(), scheduler } } });
      assert.deepEqual(backendsOf(spec), [{ ...POOL, name: "mine" }, OTHER]);
    });
    it("leads to the service's own pool if it has a scheduler", () => {
      const { spec } = complete({ spec: { router: { route: httpRoute(), scheduler: {} } } });
      assert.deepEqual(backendsOf(spec), [POOL, OTHER]);
    });
  });

  describe("the pool", () => {
    const poolOf = (pool: object) => complete({ spec: { router: { scheduler: { pool: { spec: pool } } } } }).spec;
    const specOf = (pool: object) => poolOf(pool).router?.scheduler?.pool?.spec as Record<string, unknown>;

    it("selects the pods of the service and calls the picker on the scheduler's port", () => {
      assert.deepEqual(specOf({}), {
        selector: {
          matchLabels: {
            "app.kubernetes.io/name": "chat",
            "app.kubernetes.io/part-of": "llminferenceservice",
            "kserve.io/component": "workload",
          },
        },
        endpointPickerRef: { port: { number: 9002 } },
      });
    });
    it("keeps a selector and a port", () => {
      const pool = { selector: { matchLabels: { a: "b" } }, endpointPickerRef: { name: "x", port: { number: 1 } } };
      assert.deepEqual(specOf(pool), pool);
    });
    it("gives no port to an endpoint picker that is not a Service", () => {
      assert.deepEqual(specOf({ endpointPickerRef: { kind: "Other" } })["endpointPickerRef"], { kind: "Other" });
    });
    it("is not completed when the service refers to an existing pool", () => {
      const scheduler = { pool: { ref: { name: "mine" } } };
      assert.deepEqual(complete({ spec: { router: { scheduler } } }).spec.router?.scheduler, scheduler);
    });
  });

  describe("the scheduler", () => {
    it("runs with a separate ServiceAccount unless its template names one", () => {
      const accountOf = (template: object) =>
        complete({ spec: { router: { scheduler: { template } } } }).spec.router?.scheduler?.template
          ?.serviceAccountName;
      assert.equal(accountOf({}), "chat-epp-sa");
      assert.equal(accountOf({ serviceAccountName: "mine" }), "mine");
    });

    const configMap = (namespace: string, name: string, data: Record<string, string>): KubernetesObject => ({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { namespace, name },
      data,
    });
    const withRef = (ref: object, known: KubernetesObject[]) =>
      complete({ spec: { router: { scheduler: { config: { ref } } } }, known });
    const configOf = (result: ReturnType<typeof complete>) => result.spec.router?.scheduler?.config;

    it("has the ConfigMap's text in the place of the reference", () => {
      const known = [configMap("team", "epp-cm", { epp: "plugins: []", other: "a: 1" })];
      assert.deepEqual(configOf(withRef({ name: "epp-cm" }, known)), { inline: "plugins: []" });
      assert.deepEqual(configOf(withRef({ name: "epp-cm", key: "other" }, known)), { inline: "a: 1" });
    });
    it("keeps a configuration in JSON as a document", () => {
      const known = [configMap("team", "epp-cm", { epp: '{"plugins": []}' })];
      assert.deepEqual(configOf(withRef({ name: "epp-cm" }, known)), { inline: { plugins: [] } });
    });
    it("looks into the system namespace only for names that begin with config-scheduler-", () => {
      const known = [configMap("kserve", "config-scheduler-x", { epp: "a" }), configMap("kserve", "x", { epp: "a" })];
      assert.deepEqual(configOf(withRef({ name: "config-scheduler-x" }, known)), { inline: "a" });
      const { issues } = withRef({ name: "x" }, known);
      assert.deepEqual(
        issues.map(({ code, path }) => [code, path]),
        [["NotFound", "spec.router.scheduler.config.ref"]],
      );
      assert.match(issues[0]?.message ?? "", /"x".*is not among the known objects of team$/);
    });
    it("names the missing key of the ConfigMap, and the existing keys", () => {
      const { issues } = withRef({ name: "m", key: "nope" }, [configMap("team", "m", { a: "1", b: "2" })]);
      assert.match(`${issues[0]?.message} ${issues[0]?.fix}`, /team\/m has no key "nope".*a, b/);
      assert.equal(issues[0]?.path, "spec.router.scheduler.config.ref.key");
    });
    it("warns when the text has the plugin that predicts latencies", () => {
      const known = [configMap("team", "m", { epp: "plugins:\n- type: predicted-latency-producer\n" })];
      assert.deepEqual(
        withRef({ name: "m" }, known).issues.map(({ severity }) => severity),
        ["warning"],
      );
    });
  });

  describe("managed devices", () => {
    const pod = { containers: [{ name: "main", resources: { limits: { cpu: "1" } } }, { name: "side" }] };
    const CLASS = { "serving.kserve.io/exp-dra-device-class": "gpu.nvidia.com" };
    const claim = { name: "managed-device", resourceClaimTemplateName: "chat-managed-dra" };
    const claims = [{ name: "managed-device" }];

    it("are claimed by every pod and by its first container", () => {
      const { spec } = complete({ spec: { template: pod, prefill: { worker: pod } }, annotations: CLASS });
      const expected = {
        resourceClaims: [claim],
        containers: [{ name: "main", resources: { limits: { cpu: "1" }, claims } }, { name: "side" }],
      };
      assert.deepEqual(spec.template, expected);
      assert.deepEqual(spec.prefill, { worker: expected });
    });
    it("are claimed only by the container that the annotation names", () => {
      const containersOf = (name: string) => {
        const annotations = { ...CLASS, "serving.kserve.io/exp-dra-container-name": name };
        return complete({ spec: { template: pod }, annotations }).spec.template?.containers;
      };
      assert.deepEqual(containersOf(" side "), [pod.containers[0], { name: "side", resources: { claims } }]);
      assert.deepEqual(containersOf("nobody"), pod.containers);
    });
    it("are refused for a container that no pod has, and reported if some pods lack it", () => {
      const annotations = { ...CLASS, "serving.kserve.io/exp-dra-container-name": "sid" };
      const [issue, ...others] = complete({ spec: { template: pod }, annotations }).issues;
      assert.deepEqual(others, []);
      assert.deepEqual(
        [issue?.severity, issue?.code, issue?.path, issue?.fix],
        ["error", "NotFound", "metadata.annotations[serving.kserve.io/exp-dra-container-name]", "did you mean side?"],
      );
      const spec = { template: { containers: [{ name: "sid" }] }, prefill: { template: pod } };
      const [partly] = complete({ spec, annotations }).issues;
      assert.deepEqual([partly?.severity, partly?.code], ["warning", "UnusedField"]);
      assert.match(partly?.message ?? "", /^spec\.prefill\.template has no container "sid"/);
      assert.deepEqual(complete({ spec: { template: pod }, annotations, behaviour: KSERVE_0_20 }).issues, []);
    });
    it("are claimed once", () => {
      const claimed = { resourceClaims: [claim], containers: [{ name: "main", resources: { claims } }] };
      assert.deepEqual(complete({ spec: { template: claimed }, annotations: CLASS }).spec.template, claimed);
    });
  });

  describe("adapters", () => {
    const rows: [what: string, uri: string, codes: string[]][] = [
      ["from the hub", "hf://a/b", []],
      ["from a volume", "pvc://a/b", []],
      ["from a bucket of Google", "gs://a/b", []],
      ["from ModelScope", "modelscope://a/b", []],
      ["from an image in its registry", "oci+fetch://a/b", []],
      ["from an image", "oci://a/b", ["UnsupportedScheme"]],
      ["of an unknown scheme", "ftp://a/b", ["UnsupportedScheme"]],
      ["without a scheme", "a/b", ["InvalidValue"]],
    ];
    const issuesOf = (uri: string, extra: object = {}) =>
      complete({ spec: { model: { uri: "hf://a/b", lora: { adapters: [{ name: "x", uri }] } }, ...extra } }).issues;
    for (const [what, uri, codes] of rows) {
      it(`${what}: ${codes.length > 0 ? `refused with ${codes}` : "fine"}`, () => {
        assert.deepEqual(
          issuesOf(uri).map(({ code }) => code),
          codes,
        );
      });
    }
    it("need the storage initializer", () => {
      const [issue] = issuesOf("pvc://a/b", { storageInitializer: { enabled: false } });
      assert.deepEqual([issue?.code, issue?.path], ["Conflict", "spec.model.lora.adapters[0].uri"]);
    });
  });
});
