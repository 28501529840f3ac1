import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import type { LLMInferenceService, LLMInferenceServiceSpec } from "../../../../core/api/service.ts";
import { KSERVE_0_20, OWN } from "../../../../core/contract/behaviour.ts";
import { validateConfig, validateMerged, validateService } from "../../../../core/stages/admit/validate.ts";

interface DocumentCase {
  title: string;
  config?: boolean;
  behaviour?: "own" | "kserve";
  apiVersion?: string;
  kind?: string;
  metadata?: object;
  spec: object;
  refused?: string[];
  warned?: string[];
  fix?: string;
  says?: string;
}

const CASES = parse(readFileSync(new URL("documents.yaml", import.meta.url), "utf8")) as DocumentCase[];

function documentOf(one: DocumentCase): object {
  const { apiVersion = "serving.kserve.io/v1alpha2", metadata = { name: "chat", namespace: "team" }, spec } = one;
  const kind = one.kind ?? (one.config ? "LLMInferenceServiceConfig" : "LLMInferenceService");
  return { apiVersion, kind, metadata, spec };
}

describe("verdict on a document", () => {
  for (const one of CASES) {
    it(one.title, () => {
      const behaviour = one.behaviour === "kserve" ? KSERVE_0_20 : OWN;
      const document = deepFrozen(documentOf(one));
      const verdict = one.config ? validateConfig(document, behaviour) : validateService(document, behaviour);
      const { accepted, errors, warnings } = verdict;
      assert.deepEqual(
        errors.map(({ code, path }) => `${code} ${path}`),
        one.refused ?? [],
      );
      assert.deepEqual(
        warnings.map(({ code, path }) => `${code} ${path}`),
        one.warned ?? [],
      );
      assert.equal(accepted, errors.length === 0);
      for (const issue of errors) assert.equal(issue.layer, one.config ? "config team/chat" : "service");
      if (one.says !== undefined) assert.ok(errors[0]?.message.includes(one.says), errors[0]?.message);
      if (one.fix !== undefined) assert.equal(errors[0]?.fix, one.fix);
    });
  }

  it("distinguishes refusals by the schema from refusals by the rules", () => {
    const spec = { model: { uri: "hf://o/m" }, router: { scheduler: { config: {} } } };
    const verdict = validateService(documentOf({ title: "", spec }), KSERVE_0_20);
    const { accepted, decoded, fitsSchema } = verdict;
    assert.deepEqual({ accepted, decoded, fitsSchema }, { accepted: false, decoded: true, fitsSchema: true });
  });

  it("distinguishes a document that cannot be decoded from one that is refused", () => {
    const spec = { model: { uri: 5 } };
    assert.equal(validateService(documentOf({ title: "", spec }), KSERVE_0_20).decoded, false);
  });
});

describe("verdict on a merged spec", () => {
  const service = documentOf({ title: "", spec: {} }) as LLMInferenceService;
  const judge = (spec: object, behaviour = OWN): string[] =>
    validateMerged({ service, spec: spec as LLMInferenceServiceSpec, behaviour }).issues.map(
      ({ code, path }) => `${code} ${path}`,
    );

  it("requires fields that no layer set", () => {
    assert.deepEqual(judge({ template: { containers: [{ name: "main", volumeMounts: [{ mountPath: "/x" }] }] } }), [
      "MissingField spec.model",
      "MissingField spec.template.containers[0].volumeMounts[0].name",
      "MissingField spec.model.uri",
    ]);
  });

  it("runs only the rules of KServe's validator under compat", () => {
    assert.deepEqual(judge({ model: { uri: "" }, template: { containers: [{}] } }, KSERVE_0_20), []);
    assert.deepEqual(judge({ replicas: 1, scaling: { maxReplicas: 2, wva: { hpa: {} } } }, KSERVE_0_20), [
      "Conflict spec.scaling",
    ]);
  });

  it("accepts the text of a ConfigMap as the scheduler's configuration", () => {
    const router = { scheduler: { config: { inline: "apiVersion: x" } } };
    assert.deepEqual(judge({ model: { uri: "hf://o/m" }, router }), []);
  });
});

function deepFrozen<T>(value: T): T {
  if (typeof value === "object" && value !== null) {
    Object.freeze(value);
    Object.values(value).forEach(deepFrozen);
  }
  return value;
}
