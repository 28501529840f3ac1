import assert from "node:assert/strict";
import { admissionPolicies, POLICY_CHECKS } from "../../../../core/api/policy/policy.ts";
import { KSERVE_0_21, OWN } from "../../../../core/contract/behaviour.ts";
import { compileCel } from "../../../../core/kubernetes/cel/evaluate.ts";
import type { JsonObject } from "../../../../core/kubernetes/json.ts";
import type { Subject } from "../../../../core/stages/admit/rule.ts";
import { CONFIG_RULES, SERVICE_RULES } from "../../../../core/stages/admit/rules/rules.ts";
import { applySchemaDefaults } from "../../../../core/stages/read/defaults.ts";
import { type AdmissionCase, isUnenforced, planErrors, recordedCases, ruleCases } from "./cases.ts";
import { refusals, refusingChecks, schemaFindings } from "./server.ts";

const CASES = [...ruleCases(), ...recordedCases()];
const IN_POLICY = new Set(Object.values(POLICY_CHECKS).flatMap((checks) => checks.map(({ rule }) => rule)));

/** Whether the rule of the table refuses a document, as KServe judges. */
function ruleFails(name: string, input: JsonObject, old: JsonObject | undefined): boolean {
  const rule = [...SERVICE_RULES, ...CONFIG_RULES].find((one) => one.name === name);
  assert.ok(rule);
  const version = String(input["apiVersion"]).endsWith("/v1alpha1") ? "v1alpha1" : "v1alpha2";
  const subject = { metadata: input["metadata"], spec: input["spec"], ...(old && { old: old["spec"] }) };
  const judged = rule.judge({ ...subject, version, behaviour: KSERVE_0_21, partial: false } as unknown as Subject);
  return (Array.isArray(judged) ? judged : (judged.errors ?? [])).length > 0;
}

describe("verdicts of the CRDs and admission policies, evaluated without an API server", () => {
  it("every expression is correct", () => {
    for (const dialect of ["own", "kserve-0.20", "kserve-0.21"] as const) {
      const expressions = [
        ...JSON.stringify(admissionPolicies({ dialect })).matchAll(/"expression":("(?:[^"\\]|\\.)*")/g),
      ];
      assert.ok(expressions.length > 30);
      for (const [, text] of expressions) compileCel(JSON.parse(text ?? "") as string);
    }
  });

  for (const one of CASES) {
    it(`the build of ${one.compat} gives the plan's verdict: ${one.name}`, () => {
      if (isUnenforced(one)) return assert.equal(one.accepted, false);
      const refused = refusals(one, one.compat);
      assert.equal(refused.length === 0, one.accepted, refused.join("\n"));
    });
  }

  for (const one of ruleCases().filter(({ rule }) => IN_POLICY.has(rule))) {
    const { name, rule, input, oldInput } = one;
    it(`the policy has the verdict of the rule: ${name}`, () => {
      const byPolicy = refusingChecks(one, "kserve-0.21").some((check) => check.rule === rule);
      if (!ruleFails(rule, input, oldInput)) return assert.equal(byPolicy, false);
      assert.ok(byPolicy || schemaFindings(one, "kserve-0.21").length > 0 || isUnenforced(one));
    });
  }

  const isFine = (one: AdmissionCase): boolean =>
    planErrors({ ...one, input: applySchemaDefaults(one.input) }, OWN).length === 0;
  for (const one of CASES.filter(isFine)) {
    it(`the installed build accepts what the plan accepts: ${one.name}`, () => {
      assert.deepEqual(refusals(one, "own"), []);
    });
  }
});
