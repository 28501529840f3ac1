import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { parse } from "yaml";
import { KSERVE_0_20, OWN } from "../../../../core/contract/behaviour.ts";
import { replaceVariables } from "../../../../core/knowledge/templates/variables.ts";
import type { Json, JsonObject } from "../../../../core/kubernetes/json.ts";
import { declareUnchanging, isUnchanging } from "../../../../core/kubernetes/unchanging.ts";
import { deepFreeze } from "../merge/freeze.ts";

interface Case {
  title: string;
  template: string;
  result?: string;
  error?: string;
}
const CASES = parse(readFileSync(new URL("cases.yaml", import.meta.url), "utf8")) as Case[];

const SERVICE: JsonObject = {
  metadata: { name: "chat", namespace: "team" },
  spec: {
    model: { uri: "hf://Qwen/Qwen3-8B", name: "qwen" },
    parallelism: { tensor: 2 },
    template: { terminationGracePeriodSeconds: 120, containers: [{ name: "main" }, { name: "side" }] },
  },
};
const GLOBAL: JsonObject = { systemNamespace: "kserve", enableTLS: true };

function expand(config: JsonObject, behaviour = OWN, service = SERVICE): ReturnType<typeof replaceVariables> {
  return replaceVariables(deepFreeze({ config, service, globalConfig: GLOBAL, behaviour }));
}

/** Text as people write it, without the delimiters of a template. */
const plain = fc.string().filter((text) => !text.includes("{{") && !text.endsWith("{"));
const document = fc.dictionary(
  fc.stringMatching(/^[a-z]{1,8}$/),
  fc.oneof(plain, fc.integer(), fc.boolean(), fc.array(plain)),
  { noNullPrototype: true },
) as fc.Arbitrary<JsonObject>;

describe("templates", () => {
  for (const { title, template, result, error } of CASES) {
    it(`${error === undefined ? "expand" : "refuse"} ${title}`, () => {
      const expanded = expand({ spec: { value: template } });
      const found = expanded.issues.map(({ code, path }) => `${code} ${path}`);
      assert.deepEqual(found, error === undefined ? [] : [`${error} spec.value`]);
      if (error === undefined) assert.deepEqual(expanded.result, { spec: { value: result } });
    });
  }

  it("leave out an item that expands to nothing, but keep one that was written empty", () => {
    const { result } = expand({ args: ["a", "{{ if false }}b{{ end }}", ""] });
    assert.deepEqual(result, { args: ["a", ""] });
  });

  it("are the same object where unchanging parts expand alike, and another one where they do not", () => {
    const config: JsonObject = {
      shared: [{ tls: "{{ .GlobalConfig.EnableTLS }}" }],
      named: { name: "{{ .ObjectMeta.Name }}" },
    };
    declareUnchanging(config);
    const of = (name: string): JsonObject => {
      const service = { ...SERVICE, metadata: { name, namespace: "team" } };
      return expand(config, OWN, service).result ?? {};
    };
    const [first, second, other, last] = [of("chat"), of("chat"), of("search"), of("chat")] as const;
    assert.deepEqual(
      [first, second, other, last].map(({ named }) => named),
      [{ name: "chat" }, { name: "chat" }, { name: "search" }, { name: "chat" }],
    );
    assert.equal(first["named"], second["named"]);
    for (const one of [second, other, last]) assert.equal(one["shared"], first["shared"]);
    assert.deepEqual(last["shared"], [{ tls: "true" }]);
    assert.ok(isUnchanging(last["shared"] as Json[]), "later stages judge it once");
  });

  it("leave an empty list in every plan if all items of an unchanging list expand to nothing", () => {
    const config: JsonObject = { args: ["{{ if false }}b{{ end }}"], none: ["{{ .ObjectMeta.Name }}"] };
    declareUnchanging(config);
    for (const plan of ["first", "second", "third"])
      assert.deepEqual(expand(config).result, { args: [], none: ["chat"] }, plan);
  });

  it("have fixes for unset fields, for misspelled ones and for loops that take too long", () => {
    const fixOf = (template: string): (string | undefined)[] => expand({ a: template }).issues.map(({ fix }) => fix);
    assert.deepEqual(fixOf("{{ .Spec.Prefill.Replicas }}"), ["guard the action with {{ if }}, or set the field"]);
    assert.deepEqual(fixOf("{{ .Spec.Modle }}"), ["correct the action, or the field that it reads"]);
    const loops = `${"{{ range $.Spec.Template.Containers }}".repeat(17)}x${"{{ end }}".repeat(17)}`;
    assert.deepEqual(fixOf(loops), ["shorten the loops of the template"]);
  });

  it("report every leaf that fails, not the first", () => {
    const { issues } = expand({ a: "{{ .Nope }}", b: { c: ["{{ if }}"] } });
    assert.deepEqual(
      issues.map(({ path }) => path),
      ["a", "b.c[0]"],
    );
  });

  it("leave text without templates unchanged, leaf by leaf and as a document", () => {
    fc.assert(
      fc.property(document, (config) => {
        assert.deepEqual(expand(config).result, config);
        assert.deepEqual(expand(config, KSERVE_0_20).result, config);
      }),
    );
  });

  it("insert a value as it is, whatever it contains, and never expand it again", () => {
    fc.assert(
      fc.property(fc.string(), plain, plain, (name, before, after) => {
        const service = { ...SERVICE, spec: { ...(SERVICE["spec"] as JsonObject), model: { name } } };
        const { result } = expand({ value: `${before}{{ .Spec.Model.Name }}${after}` }, OWN, service);
        assert.deepEqual(result, { value: `${before}${name}${after}` });
      }),
    );
  });

  it("never throw and never change their input, whatever is between the delimiters", () => {
    const action = fc.string({ unit: fc.constantFrom(..."{}. $|()`\"'-=:,abEndifSpecrange01") });
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            action.map((inner) => `{{ ${inner} }}`),
            action,
          ),
        ),
        (parts) => {
          const { result, issues } = expand({ value: parts.join("") });
          assert.ok(issues.length > 0 || typeof (result as Record<string, Json>)["value"] === "string");
        },
      ),
    );
  });
});
