import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { API_VERSION } from "../../../../core/api/service.ts";
import type { Issue } from "../../../../core/contract/issues/issue.ts";
import { DEFAULT_SETTINGS } from "../../../../core/contract/options/settings.ts";
import { presets, stackOf } from "../../../../core/knowledge/stacks/stacks.ts";
import { isObject, type JsonObject } from "../../../../core/kubernetes/json.ts";
import { plan } from "../../../../core/plan.ts";
import { type PartialInput, planOf } from "./plan.ts";

interface Case {
  name: string;
  spec: JsonObject;
  input?: PartialInput;
}
const MODEL = { model: { uri: "hf://facebook/opt-125m" } };

function read<T>(file: string): T[] {
  return parse(readFileSync(new URL(file, import.meta.url), "utf8"), { merge: true }) as T[];
}

/** Services with a fault that admission, a check, or the check of objects finds. */
const CASES: readonly Case[] = [
  ...read<Case>("checks.yaml"),
  ...read<{ title: string; spec: JsonObject }>("refused.yaml").map(({ title, spec }) => ({
    name: title,
    spec: { ...MODEL, accelerator: "nvidia-l4", ...spec },
  })),
  ...read<RuleCase>("../admit/rules.yaml").flatMap(({ rule, when, fails, spec, ...others }) =>
    fails === undefined || Object.keys(others).length > 0
      ? []
      : [{ name: `${rule}: ${when}`, spec: { ...MODEL, ...spec } }],
  ),
];

interface RuleCase {
  rule: string;
  when: string;
  fails?: string[];
  spec: JsonObject;
}

/** Faults of each stage, in fields on which little depends. */
const PLANTED: Readonly<Record<string, { spec: JsonObject; error: string; isOfCounts?: true }>> = {
  "a value that admission refuses": { spec: { replicas: -1 }, error: "InvalidValue spec.replicas", isOfCounts: true },
  "a value of another type": { spec: { replicas: "two" }, error: "WrongType spec.replicas", isOfCounts: true },
  "a field that the API does not have": { spec: { xyz: 1 }, error: "UnknownField spec.xyz" },
  "a template without an end": {
    spec: { annotations: { note: "{{ .Nope" } },
    error: "TemplateSyntax spec.annotations.note",
  },
  "a label that the API server refuses": {
    spec: { labels: { team: "has space" } },
    error: "InvalidValue spec.labels[team]",
  },
  "a name that the API server refuses": {
    spec: { operations: { priorityClassName: "A b" } },
    error: "InvalidValue spec.operations.priorityClassName",
  },
};

/** Pairs in which one fault hides the other, or changes its message. */
const EXCEPTIONS: readonly {
  why: string;
  holds: (errors: readonly Issue[], planted: string, spec: JsonObject) => boolean;
}[] = [
  {
    why: "what no field of the service leads to may follow from either fault",
    holds: (errors) => errors.some(({ path }) => path === ""),
  },
  {
    why: "replicas and scaling exclude each other, and the shares of a rollout are counted from replicas",
    holds: (errors, planted, spec) =>
      PLANTED[planted]?.isOfCounts === true &&
      (spec["scaling"] !== undefined || errors.some(({ path }) => /ollout|^spec\.(replicas|scaling$)/.test(path))),
  },
  {
    why: "a field of the pod replaces the one of the same name in operations",
    holds: (errors, planted) => errors.some(({ path }) => isOfPod(path, PLANTED[planted]?.error ?? "")),
  },
];

function isOfPod(path: string, error: string): boolean {
  return path.includes("template") && error.includes(" spec.operations.") && lastStep(path) === lastStep(error);
}

function lastStep(path: string): string {
  return path.slice(path.lastIndexOf(".") + 1);
}

function config(name: string, spec: JsonObject): JsonObject {
  const apiVersion = "serving.kserve.io/v1alpha2";
  return { apiVersion, kind: "LLMInferenceServiceConfig", metadata: { name, namespace: "team" }, spec };
}

function errorsOf(spec: JsonObject, input: PartialInput = {}): Issue[] {
  return planOf(spec, input).issues.filter(({ severity }) => severity === "error");
}

const ALONE = new Map<Case, readonly Issue[]>();

/** The errors of a case without a second fault, which is the same for each that is planted. */
function errorsAlone(one: Case): readonly Issue[] {
  const errors = ALONE.get(one) ?? errorsOf(one.spec, one.input);
  ALONE.set(one, errors);
  return errors;
}

const lines = (issues: readonly Issue[]): string[] => issues.map(({ code, path }) => `${code} ${path}`);

/** Both documents merged: the second wins. */
function together(one: JsonObject, other: JsonObject): JsonObject {
  const result: JsonObject = { ...one };
  for (const [key, value] of Object.entries(other)) {
    const before = one[key];
    result[key] = isObject(before) && isObject(value) ? together(before, value) : value;
  }
  return result;
}

describe("two faults of different stages", () => {
  for (const [planted, { spec: fault, error }] of Object.entries(PLANTED)) {
    it(`are both in one plan, and cause no third: ${planted}`, () => {
      assert.deepEqual(lines(errorsOf({ ...MODEL, ...fault })), [error]);
      // Every third case: the faults take turns.
      const turn = Object.keys(PLANTED).indexOf(planted);
      for (const one of CASES.filter((_, index) => index % 3 === turn % 3)) {
        const { name, spec, input } = one;
        const alone = errorsAlone(one);
        if (EXCEPTIONS.some(({ holds }) => holds(alone, planted, spec))) continue;
        const both = lines(errorsOf(together(spec, fault), input));
        assert.deepEqual([...new Set(both)].sort(), [...new Set([...lines(alone), error])].sort(), name);
      }
    });
  }

  for (const uri of ["pvc:///folder", "oci://"])
    it(`are not reported for a single fault: the URI ${uri}`, () => {
      const found = errorsOf({ model: { uri, name: "chat" }, labels: { team: "has space" } });
      const ofUri = found.filter(({ path }) => path !== "spec.labels[team]");
      assert.deepEqual([...new Set(ofUri.map(({ path }) => path))], ["spec.model.uri"], lines(found).join("\n"));
      assert.equal(found.length - ofUri.length, 1);
    });

  it("are both in one plan if a misspelt size hides what the API server refuses of a pod", () => {
    const ports = [{ containerPort: 8000, name: "HTTP" }];
    const main = { name: "main", args: ["--no-such=1"], ports };
    const found = errorsOf({ ...MODEL, tuning: { maxModelLn: 4096 }, template: { containers: [main] } });
    assert.deepEqual(lines(found).sort(), [
      "InvalidValue spec.template.containers[0].ports[0].name",
      "UnknownField spec.tuning.maxModelLn",
      "UnknownFlag spec.template.containers[0].args",
    ]);
  });

  it("are both in one plan if a script contradicts parallelism, and also sets another port", () => {
    const conflict = "Conflict spec.template.containers[0].args";
    const probes = ["startupProbe", "readinessProbe", "livenessProbe"].map(
      (probe) => `WrongPort spec.template.containers[0].${probe}`,
    );
    const found = (words: string): string[] => {
      const script = `exec vllm serve /mnt/models ${words}`;
      const main = { name: "main", command: ["sh", "-c"], args: [script] };
      return lines(errorsOf({ ...MODEL, parallelism: { tensor: 2 }, template: { containers: [main] } })).sort();
    };
    const both = [conflict, "WrongPort spec.template.containers[0].args", ...probes].sort();
    assert.deepEqual(found("--tensor-parallel-size=4 --port 8080"), both);
    assert.deepEqual(found("-tp 4 --port=8080"), both);
  });

  it("are both in one plan if one of them is in a config", () => {
    const main = { name: "main", args: ["--no-such=1"] };
    const spec = {
      ...MODEL,
      baseRefs: [{ name: "sizes" }, { name: "words" }, { name: "none" }],
      labels: { team: "has space" },
      template: { containers: [main] },
    };
    const configs = [config("sizes", { replicas: "two" }), config("words", { annotations: { note: "{{ .Nope" } })];
    assert.deepEqual(lines(errorsOf(spec, { configs })).sort(), [
      "ConfigNotFound spec.baseRefs[2].name",
      "InvalidValue spec.labels[team]",
      "TemplateSyntax spec.annotations.note",
      "UnknownFlag spec.template.containers[0].args",
      "WrongType spec.replicas",
    ]);
  });

  it("are all in one plan if a config's template for a variable cannot be expanded", () => {
    const env = [{ name: "A", value: "{{ .Spec.Nope }}" }];
    const ports = [{ containerPort: 8000, name: "HTTP" }];
    const template = { containers: [{ name: "main", args: ["--no-such=1"], env, ports }] };
    const configs = [config("base", { template, parallelism: { tensor: 5 } })];
    const found = errorsOf({ ...MODEL, baseRefs: [{ name: "base" }] }, { configs });
    assert.deepEqual([...new Set(found.map(({ layer }) => layer))], ["config team/base"]);
    assert.deepEqual(lines(found).sort(), [
      "InvalidValue spec.template.containers[0].ports[0].name",
      "ModelShape spec.parallelism.tensor",
      "TemplateValue spec.template.containers[0].env[0].value",
      "UnknownFlag spec.template.containers[0].args",
    ]);
  });

  it("are both in one plan if a document unsets what it sets", () => {
    const found = errorsOf({ ...MODEL, unset: ["model"], parallelism: { tensor: 5 } });
    assert.deepEqual(lines(found), ["Conflict spec.unset", "ModelShape spec.parallelism.tensor"]);
  });

  it("are both in one plan if one of them is in a preset", () => {
    const spec = {
      ...MODEL,
      labels: { team: "has space" },
      template: { containers: [{ name: "main", args: ["--no-such=1"] }] },
    };
    const { systemNamespace } = DEFAULT_SETTINGS;
    const configs = presets({ namespace: systemNamespace, stack: stackOf(undefined) }).map((preset) =>
      preset.metadata.name === "kserve-config-llm-template"
        ? { ...preset, spec: { ...preset.spec, annotations: { note: "{{ .Nope" } } }
        : preset,
    );
    const service = { apiVersion: API_VERSION, kind: "LLMInferenceService", metadata: { name: "chat" }, spec };
    const { issues } = plan({ service, configs, settings: DEFAULT_SETTINGS });
    const found = issues.filter(({ severity }) => severity === "error");
    assert.deepEqual(lines(found).sort(), [
      "InvalidValue spec.labels[team]",
      "TemplateSyntax spec.annotations.note",
      "UnknownFlag spec.template.containers[0].args",
    ]);
  });

  it("are both in one plan if one of them is in a config of a group", () => {
    const container = { name: "main", args: ["--no-such=1"] };
    const groups = { a: { template: { containers: [container] } }, b: { replicas: 2 } };
    const spec = { ...MODEL, baseRefs: [{ name: "words" }], groups };
    const configs = [config("words", { annotations: { note: "{{ .Nope" } })];
    assert.deepEqual(lines(errorsOf(spec, { configs })).sort(), [
      "TemplateSyntax spec.annotations.note",
      "UnknownFlag spec.groups.a.template.containers[0].args",
    ]);
  });

  it("are both in one plan if one of them is a release and the other a missing model", () => {
    const found = errorsOf({ accelerator: "nvidia-l4" }, { engineVersion: "newest" });
    assert.deepEqual(lines(found), ["InvalidValue engineVersion", "MissingField spec.model.uri"]);
  });

  it("are both in one plan if one of them is an option", () => {
    const found = errorsOf({ ...MODEL, labels: { team: "has space" } }, { engineVersion: "newest" });
    assert.deepEqual(lines(found), ["InvalidValue engineVersion", "InvalidValue spec.labels[team]"]);
  });

  it("are both reported for a service without a model, together with one error for the missing model", () => {
    const found = errorsOf({
      labels: { team: "has space" },
      xyz: 1,
      accelerator: "nvidia-l4",
      tuning: { maxModelLen: 9 },
    });
    assert.deepEqual(lines(found).sort(), [
      "InvalidValue spec.labels[team]",
      "MissingField spec.model.uri",
      "UnknownField spec.xyz",
    ]);
  });

  const FOLLOWED: Readonly<Record<string, unknown>> = {
    "UnreadableInput spec": [],
    "WrongType spec.model": { model: [] },
    "Conflict spec.unset": { ...MODEL, unset: ["model"] },
    "UnknownField spec.modle": { modle: MODEL.model },
  };
  for (const [error, spec] of Object.entries(FOLLOWED))
    it(`are not reported for a single fault that removes the model: ${error}`, () => {
      assert.deepEqual(lines(planOf(spec).issues.filter(({ severity }) => severity === "error")), [error]);
    });
});

describe("an accelerator that the catalogue does not have", () => {
  const QWEN = { model: { uri: "hf://Qwen/Qwen2.5-7B-Instruct" } };
  const SHAPE = "ModelShape spec.parallelism.tensor";
  const LENGTH = "ContextTooLong spec.tuning.maxModelLen";
  const UNKNOWN = "UnknownAccelerator spec.accelerator";
  const sizes = { parallelism: { tensor: 3 }, tuning: { maxModelLen: 65536 } };
  const NAMES = ["nvidia-h100", "h100", "amd-mi300", "google-tpu-v9", "gpu"];
  const PORTS = ["startupProbe", "readinessProbe", "livenessProbe", "args"].map(
    (field) => `WrongPort spec.template.containers[0].${field}`,
  );
  const args = { template: { containers: [{ name: "main", args: ["--port=8080"] }] } };
  const script = "exec vllm serve /mnt/models --tensor-parallel-size 4 --port 8080";
  const shell = { template: { containers: [{ name: "main", command: ["sh", "-c"], args: [script] }] } };

  for (const accelerator of NAMES) {
    it(`hides neither sizes nor ports nor missing fields: ${accelerator}`, () => {
      const found = (spec: JsonObject): string[] => lines(errorsOf({ ...QWEN, accelerator, ...spec })).sort();
      assert.deepEqual(found(sizes), [LENGTH, SHAPE, UNKNOWN]);
      assert.deepEqual(found({ scaling: { maxReplicas: 2 } }), ["MissingField spec.scaling.wva", UNKNOWN]);
      for (const spec of [args, shell]) assert.deepEqual(found(spec), [UNKNOWN, ...PORTS].sort());
    });

    it(`causes no second error: ${accelerator}`, () => {
      for (const name of ["Qwen/Qwen2.5-7B-Instruct", "meta-llama/Llama-3.1-405B-Instruct", "Qwen/Qwen3-32B-FP8"]) {
        const model = { uri: `hf://${name}` };
        assert.deepEqual(lines(errorsOf({ model, accelerator })), [UNKNOWN], name);
        assert.deepEqual(lines(errorsOf({ model, accelerator, tuning: { dtype: "bfloat16" } })), [UNKNOWN], name);
      }
    });
  }

  it("hides nothing if the node labels of the platform identify only some of the classes", () => {
    const found = errorsOf({ ...QWEN, accelerator: "amd-mi300", ...sizes }, { lowering: { nodeLabels: "gke" } });
    assert.deepEqual(lines(found).sort(), [LENGTH, SHAPE, UNKNOWN]);
  });

  it("hides nothing in the other role, and nothing if a config names it", () => {
    const spec = { ...QWEN, accelerator: "h100", prefill: { accelerator: "l40x", parallelism: { tensor: 3 } } };
    const inRoles = lines(errorsOf(spec)).sort();
    const inPrefill = "UnknownAccelerator spec.prefill.accelerator";
    assert.deepEqual(inRoles, ["ModelShape spec.prefill.parallelism.tensor", UNKNOWN, inPrefill]);
    const configs = [config("gpu", { accelerator: "nvidia-h100" })];
    const found = errorsOf({ ...QWEN, ...sizes, baseRefs: [{ name: "gpu" }] }, { configs });
    assert.deepEqual(lines(found).sort(), [LENGTH, SHAPE, UNKNOWN]);
  });

  it("is reported together with a model URI without a scheme, and with what is wrong for that model", () => {
    const model = { uri: "Qwen/Qwen2.5-7B-Instruct" };
    const scheme = "UnsupportedScheme spec.model.uri";
    assert.deepEqual(lines(errorsOf({ model })), [scheme]);
    assert.deepEqual(lines(errorsOf({ model, accelerator: "nvidia-h100-80gb", ...sizes })), [scheme, SHAPE, LENGTH]);
    assert.deepEqual(lines(errorsOf({ model, accelerator: "h100", ...sizes })).sort(), [
      LENGTH,
      SHAPE,
      UNKNOWN,
      scheme,
    ]);
  });
});

describe("a plan with more than 50 errors", () => {
  const wrong = (count: number): JsonObject =>
    Object.fromEntries(Array.from({ length: count }, (_, i) => [`x${i}`, 1]));
  const spec = { ...MODEL, labels: { team: "has space" } };
  const found = (count: number): Issue[] => planOf({ ...spec, ...wrong(count) }).issues;

  it("states that later stages have not judged the service", () => {
    const issues = found(51);
    assert.deepEqual(
      issues.filter(({ code }) => code === "NotJudged").map(({ severity, message }) => [severity, message]),
      [
        [
          "info",
          "the plan ends at these 51 errors, so later stages have not judged the service, which may have more errors",
        ],
      ],
    );
    assert.equal(issues.filter(({ severity }) => severity === "error").length, 51);
  });

  it("reports the errors of later stages too with one error fewer", () => {
    assert.ok(found(50).every(({ code }) => code !== "NotJudged"));
    assert.ok(lines(found(50)).includes("InvalidValue spec.labels[team]"));
  });
});
