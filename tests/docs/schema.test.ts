import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { parse, parseAllDocuments } from "yaml";
import type { ISSUE_CODES } from "../../core/contract/issues/issue.ts";
import { DEFAULT_SETTINGS } from "../../core/contract/options/settings.ts";
import { presets } from "../../core/knowledge/stacks/stacks.ts";
import { plan } from "../../core/plan.ts";
import { DOCUMENT_SCHEMA, documentSchema, documentSchemaFile } from "../../tools/generate/documents.ts";

const ROOT = join(import.meta.dirname, "../..");
const HEADER = /^# yaml-language-server: \$schema=(\S+)\n/;
/** The codes that a schema can find; every other code concerns more than one field, or the cluster. */
const OF_SCHEMAS: readonly (keyof typeof ISSUE_CODES)[] = ["UnknownField", "WrongType", "InvalidValue", "MissingField"];

const validate = new Ajv2020({ strict: true, strictTypes: false, strictRequired: false, allErrors: true }).compile(
  documentSchema(),
);
/** The problems of a document, by the schema. */
function wrongIn(document: unknown): string[] {
  return validate(document)
    ? []
    : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath}: ${message}`);
}

const documentsOf = (text: string): unknown[] =>
  parseAllDocuments(text, { merge: true }).flatMap((document) => ("toJS" in document ? [document.toJS()] : []));
const examples = globSync("examples/**/*.yaml", { cwd: ROOT, exclude: ["**/node_modules/**", "**/rendered/**"] })
  .map((file) => ({ file, text: readFileSync(join(ROOT, file), "utf8") }))
  .filter(({ text }) => /^kind: LLMInferenceService(Config)?$/m.test(text));
const goldens = globSync("tests/core/stages/materialize/goldens/*.yaml", { cwd: ROOT }).map((file) => ({
  file,
  text: readFileSync(join(ROOT, file), "utf8").split("---\n", 1)[0] ?? "",
}));
const serviceOf = (spec: unknown) => ({
  apiVersion: "serving.kserve.io/v1alpha2",
  kind: "LLMInferenceService",
  metadata: { name: "chat", namespace: "team" },
  spec,
});

describe("schemas/kserve-llm.json", () => {
  it("is the generated file", () => {
    assert.equal(readFileSync(DOCUMENT_SCHEMA, "utf8"), documentSchemaFile(), "run npm run generate");
  });

  it("accepts every example, and every example names it in its first line", () => {
    assert.ok(examples.length >= 8);
    for (const { file, text } of examples) {
      const named = HEADER.exec(text)?.[1] ?? "nothing";
      assert.equal(join(dirname(file), named), relative(ROOT, DOCUMENT_SCHEMA), `${file} names ${named}`);
      for (const document of documentsOf(text)) assert.deepEqual(wrongIn(document), [], file);
    }
  });

  it("accepts the service of every golden", () => {
    assert.ok(goldens.length >= 10);
    for (const { file, text } of goldens) {
      for (const document of documentsOf(text)) assert.deepEqual(wrongIn(document), [], file);
    }
  });

  it("accepts the presets, whose texts contain templates", () => {
    for (const preset of presets({ namespace: "kserve" })) assert.deepEqual(wrongIn(preset), [], preset.metadata.name);
  });

  it("accepts whatever a plan of the table of checks does not refuse for a single field", () => {
    const cases = parse(readFileSync(join(ROOT, "tests/core/stages/check/checks.yaml"), "utf8"), { merge: true }) as {
      name: string;
      spec?: unknown;
    }[];
    assert.ok(cases.length > 50);
    for (const { name, spec } of cases) {
      const service = serviceOf(spec);
      const { issues } = plan({ service, configs: presets({ namespace: "kserve" }), settings: DEFAULT_SETTINGS });
      if (!issues.some(({ code }) => OF_SCHEMAS.includes(code))) assert.deepEqual(wrongIn(service), [], name);
    }
  });

  it("accepts objects of other kinds, and empty files", () => {
    assert.deepEqual(wrongIn({ apiVersion: "v1", kind: "Secret", metadata: { name: "a" }, data: {} }), []);
    assert.deepEqual(wrongIn(null), []);
  });

  const model = { uri: "hf://org/model" };
  const WRONG: readonly [what: string, spec: unknown, place: RegExp][] = [
    ["a misspelt field", { modle: model }, /^\/spec: .*additional properties/],
    ["a misspelt field of a shorthand", { model, tuning: { maxModelLength: 1 } }, /^\/spec\/tuning: .*additional/],
    ["a misspelt field of a container", { template: { containers: [{ name: "main", imagge: "a" }] } }, /containers\/0/],
    ["a text where a number is expected", { model, replicas: "two" }, /^\/spec\/replicas/],
    ["a number where a text is expected", { model: { uri: 1 } }, /^\/spec\/model\/uri/],
    ["a value that is not one of an enumeration", { model, priority: true, operations: 1 }, /^\/spec\/operations/],
    ["a container without a name", { template: { containers: [{ image: "a" }] } }, /containers\/0: .*'name'/],
    ["a list where a mapping is expected", { model: [model] }, /^\/spec\/model/],
  ];
  for (const [what, spec, place] of WRONG) {
    it(`refuses ${what}`, () => {
      const found = wrongIn(serviceOf(spec));
      assert.ok(
        found.some((text) => place.test(text)),
        found.join("\n") || "nothing was found",
      );
    });
  }

  it("refuses a document without a spec, and one with an unknown field next to spec", () => {
    const { spec: _, ...without } = serviceOf({});
    assert.match(wrongIn(without).join(), /required property 'spec'/);
    assert.match(wrongIn({ ...serviceOf({}), spek: {} }).join(), /additional properties/);
  });
});
