import assert from "node:assert/strict";
import { COMPATS, type Compat } from "../../core/contract/behaviour.ts";
import { DEFAULT_SETTINGS } from "../../core/contract/options/settings.ts";
import type { Plan } from "../../core/contract/plan.ts";
import { presets } from "../../core/knowledge/stacks/stacks.ts";
import { plan } from "../../core/plan.ts";
import { validateConfig } from "../../core/stages/admit/validate.ts";

const API = "serving.kserve.io/v1alpha2";
const RELEASES = Object.keys(COMPATS) as Compat[];

/** A plan of the service `chat` over one config, `base`, as a release of KServe makes it. */
function planned(compat: Compat, base: object, spec: object = {}, annotations: Record<string, string> = {}): Plan {
  const config = { apiVersion: API, kind: "LLMInferenceServiceConfig", metadata: { name: "base" }, spec: base };
  const model = { uri: "hf://org/model", name: "model" };
  const service = {
    apiVersion: API,
    kind: "LLMInferenceService",
    metadata: { name: "chat", annotations },
    spec: { model, baseRefs: [{ name: "base" }], ...spec },
  };
  const configs = [...presets({ namespace: "kserve" }), config];
  return plan({ service, configs, settings: DEFAULT_SETTINGS, compat });
}

const errorsOf = ({ issues }: Plan) => issues.filter(({ severity }) => severity === "error");
const TWO_HANDLERS = { exec: { command: ["true"] }, httpGet: { path: "/", port: 80 } };
const KEDA = { maxReplicas: 2, keda: { triggers: [{ type: "cpu", metadata: { value: "60" } }] } };

describe("a plan under compat", () => {
  for (const compat of RELEASES) {
    it(`${compat}: a template that reads a missing field is refused by the name of the field`, () => {
      const made = planned(compat, { labels: { team: "{{ .Spec.NoSuchField }}" } });
      assert.deepEqual([...new Set(errorsOf(made).map(({ code }) => code))], ["TemplateValue"]);
      assert.ok(errorsOf(made).every(({ message, path }) => `${path} ${message}`.includes("NoSuchField")));
    });

    it(`${compat}: a model URI that only Go refuses is refused at its field, because the API server stores the config`, () => {
      const made = planned(compat, { model: { uri: "hf://{{ .Spec.NoSuchField }}" } });
      assert.deepEqual(
        errorsOf(made).map(({ code, path, layer }) => `${code} ${path} ${layer}`),
        ["WrongType spec.model.uri config default/base"],
      );
      const uri = { apiVersion: API, kind: "LLMInferenceServiceConfig", metadata: { name: "base" } };
      const verdict = validateConfig({ ...uri, spec: { model: { uri: "hf://{{ .X }}" } } }, COMPATS[compat]);
      assert.deepEqual([verdict.accepted, verdict.fitsSchema], [false, true]);
    });

    it(`${compat}: a probe with two handlers is refused, because the API server refuses the pod`, () => {
      const template = { containers: [{ name: "main", livenessProbe: TWO_HANDLERS }] };
      const found = errorsOf(planned(compat, { template }));
      assert.deepEqual(
        found.map(({ path }) => path),
        ["spec.template.containers[name=main].livenessProbe"],
      );
    });
  }

  for (const compat of RELEASES) {
    const worker = { containers: [{ name: "main", livenessProbe: TWO_HANDLERS }], restartPolicy: "OnFailure" };
    const parallelism = { data: 2, dataLocal: 1 };

    it(`${compat}: a value that is only refused in pods does not stop a LeaderWorkerSet, because its CRD accepts it`, () => {
      const made = planned(compat, { template: { containers: [{ name: "main" }] } }, { worker, parallelism });
      assert.deepEqual(errorsOf(made), []);
      assert.ok(made.objects.some(({ kind }) => kind === "LeaderWorkerSet"));
    });

    it(`${compat}: invalid labels stop a LeaderWorkerSet, because it has the labels of its pods`, () => {
      const labels = { team: "not a label" };
      const made = planned(compat, { template: { containers: [{ name: "main" }] }, labels }, { worker, parallelism });
      assert.deepEqual([...new Set(errorsOf(made).map(({ path }) => path))], ["spec.labels[team]"]);
    });
  }

  it("kserve-0.21: a template of the tokenizer without containers is refused, together with other errors", () => {
    const lora = {
      adapters: [
        { name: "a", uri: "hf://org/a" },
        { name: "a", uri: "hf://org/b" },
      ],
    };
    const model = { uri: "hf://org/model", name: "model", lora };
    const router = { scheduler: { tokenizer: { template: {} } } };
    assert.deepEqual(
      errorsOf(planned("kserve-0.21", {}, { model, router })).map(({ path }) => path),
      ["spec.router.scheduler.tokenizer.template.containers", "spec.model.lora.adapters[1].name"],
    );
  });

  it("kserve-0.21: an empty mapping that Go always writes counts as set, like the metadata of a trigger", () => {
    const scaling = { maxReplicas: 2, keda: { triggers: [{ type: "cron", metadata: {} }] } };
    assert.deepEqual(errorsOf(planned("kserve-0.21", {}, { scaling })), []);
    const unset = { maxReplicas: 2, keda: { triggers: [{ type: "cron" }] } };
    assert.equal(errorsOf(planned("kserve-0.21", {}, { scaling: unset })).length, 1);
  });

  it("kserve-0.20: the fields of v0.21 are unknown, and dropped", () => {
    const made = planned("kserve-0.20", {}, { rolloutStrategy: { maxSurge: 1 } });
    assert.deepEqual(errorsOf(made), []);
    assert.equal(made.issues.find(({ code }) => code === "UnknownField")?.path, "spec.rolloutStrategy");
    assert.equal(made.spec?.rolloutStrategy, undefined);
  });

  it("kserve-0.21: the merged spec is judged by everything that the API server requires of a service", () => {
    const [first] = errorsOf(planned("kserve-0.21", { replicas: 3 }, { scaling: KEDA }));
    assert.equal(first?.layer, "merged");
    assert.match(first?.path ?? "", /^spec(\.scaling)?$/);
  });

  it("kserve-0.21: faults in the configs of a stopped service are warnings, and nothing is made", () => {
    const stop = { "serving.kserve.io/stop": "true" };
    const missing = planned("kserve-0.21", {}, { baseRefs: [{ name: "nope" }] }, stop);
    const refused = planned("kserve-0.21", { replicas: 3 }, { scaling: KEDA }, stop);
    for (const made of [missing, refused]) {
      assert.deepEqual([errorsOf(made), made.objects], [[], []]);
      assert.ok(made.issues.length > 0);
    }
    assert.equal(errorsOf(planned("kserve-0.21", {}, { baseRefs: [{ name: "nope" }] })).length, 1);
  });
});
