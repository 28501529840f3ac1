import assert from "node:assert/strict";
import { crds } from "../../../../core/api/crd/crd.ts";
import { DIALECTS, type Dialect } from "../../../../core/api/deviations.ts";
import { admissionPolicies, POLICY_CHECKS } from "../../../../core/api/policy/policy.ts";
import { URI_CHECKS } from "../../../../core/api/policy/uri.ts";
import { specSchema } from "../../../../core/api/schemas.ts";
import { evaluateCel } from "../../../../core/kubernetes/cel/evaluate.ts";
import { uriProblem } from "../../../../core/kubernetes/go/gourl.ts";
import { CONFIG_RULES, SERVICE_RULES } from "../../../../core/stages/admit/rules/rules.ts";
import { UNENFORCED } from "./unenforced.ts";

const URI_RULE = "a URI can be parsed";
/** Rules that the types and limits of the schema enforce without CEL. */
const BY_SCHEMA = ["parallel sizes are positive"];
/** What an API server cannot know from a single layer. */
const OF_ALL_LAYERS = ["a model has weights"];

interface Policy {
  kind: string;
  spec: { validations?: { expression: string; message: string }[] };
}
const messagesOf = (dialect: Dialect): string[] =>
  (admissionPolicies({ dialect }) as unknown as Policy[]).flatMap(({ spec }) =>
    (spec.validations ?? []).map(({ message }) => message),
  );

describe("admission policies", () => {
  it("are the same bytes every time, each with a binding that denies", () => {
    assert.equal(JSON.stringify(admissionPolicies()), JSON.stringify(admissionPolicies()));
    const kinds = admissionPolicies().map(({ kind, metadata }) => `${kind} ${metadata.name}`);
    assert.deepEqual(
      kinds,
      ["llminferenceservices", "llminferenceserviceconfigs"].flatMap((plural) =>
        ["", "Binding"].map((what) => `ValidatingAdmissionPolicy${what} ${plural}.serving.kserve.io`),
      ),
    );
  });

  it("every rule of the table is in a policy, in the CRDs, or listed as checked by the plan alone", () => {
    const inCrds = [
      ...JSON.stringify(specSchema("LLMInferenceService", { dialect: "own" })).matchAll(/"coveredBy":"([^"]+)"/g),
    ];
    const covered = new Set([
      ...Object.values(POLICY_CHECKS).flatMap((checks) => checks.map(({ rule }) => rule)),
      ...inCrds.map(([, rule]) => rule),
      ...UNENFORCED.map(({ rule }) => rule),
      ...BY_SCHEMA,
      ...OF_ALL_LAYERS,
    ]);
    const rules = [...SERVICE_RULES, ...CONFIG_RULES].map(({ name }) => name);
    assert.deepEqual(
      rules.filter((name) => !covered.has(name)),
      [],
    );
  });

  it("name only rules that exist", () => {
    const rules = new Set([...SERVICE_RULES, ...CONFIG_RULES].map(({ name }) => name).concat(URI_RULE));
    const named = Object.values(POLICY_CHECKS).flatMap((checks) => checks.map(({ rule }) => rule));
    assert.deepEqual(
      named.filter((name) => !rules.has(name)),
      [],
    );
  });

  it("contain KServe's extra rules only under compat", () => {
    const [own, kserve] = [messagesOf("own"), messagesOf("kserve-0.21")];
    const immutable = "spec.parallelism: the size of a group is immutable";
    assert.ok(kserve.includes(immutable) && !own.includes(immutable));
    assert.ok(own.some((message) => message.includes("dataLocal must divide data")));
  });

  const URIS = [
    "", "hf://o/m", "s3://bucket/a/b?x=%zz", "pvc://claim", "a:b", "a:%zz", "hf:", "hf:#%zz", "/abs", "rel/path", "a/b:c",
    "//host", "///x", "hf://h:80/x", "hf://[::1]:8/x", "hf://u:p@h/x", "hf://h/%41", "hf://h#%41", "hf://h%25/x", "hf://h?a#b",
    "::x", ":x", "1a:b", "a b:c", "hf://h:x/y", "hf://[::1/y", "hf://h/%4", "hf://h/#%zz", "hf://h%41/x", "hf://a b/x",
    "hf://u^@h/x", "a\nb", "%zz", "/%zz", "hf:///%zz", "hf://h{/x",
  ]; // biome-ignore format: a list of words
  const [ofModel] = URI_CHECKS;
  for (const uri of URIS) {
    it(`judge the URI ${JSON.stringify(uri)} as the plan does`, () => {
      const taken = evaluateCel(ofModel?.expression ?? "", { object: { spec: { model: { uri } } } });
      assert.deepEqual(taken, { value: uriProblem(uri) === undefined });
    });
  }
});

describe("CustomResourceDefinitions with missing fields", () => {
  it("accept what KServe's webhook would complete in a service, but not in a config", () => {
    for (const dialect of DIALECTS) {
      const [service, config] = crds({ dialect }).map((crd) => JSON.stringify(crd));
      const pattern = '"pattern":"^$|^\\\\d+(\\\\.\\\\d+)?$"';
      assert.ok(service?.includes(pattern));
      assert.ok(!config?.includes(pattern));
    }
  });
});
