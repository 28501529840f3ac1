import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { KSERVE_0_21, OWN } from "../../../../core/contract/behaviour.ts";
import type { Judgement, Rule, Subject } from "../../../../core/stages/admit/rule.ts";
import { CONFIG_RULES, SERVICE_RULES } from "../../../../core/stages/admit/rules/rules.ts";
import { startsWithVerb } from "../../../docs/verbs.ts";

interface RuleCase {
  rule: string;
  when: string;
  behaviour?: "own" | "kserve";
  version?: Subject["version"];
  partial?: boolean;
  metadata?: Subject["metadata"];
  spec?: Subject["spec"];
  old?: Subject["spec"];
  fails?: string[];
  warns?: string[];
}

const RULES = new Map<string, Rule>([...SERVICE_RULES, ...CONFIG_RULES].map((rule) => [rule.name, rule]));
const CASES = parse(readFileSync(new URL("rules.yaml", import.meta.url), "utf8")) as RuleCase[];

function judgement(one: RuleCase): Judgement {
  const { metadata = { name: "chat", namespace: "team" }, spec = {}, old, version = "v1alpha2", partial = false } = one;
  const behaviour = one.behaviour === "kserve" ? KSERVE_0_21 : OWN;
  const judged = RULES.get(one.rule)?.judge({ metadata, spec, ...(old && { old }), version, behaviour, partial });
  assert.ok(judged, `no rule is called: ${one.rule}`);
  return Array.isArray(judged) ? { errors: judged } : judged;
}

describe("rules between fields", () => {
  for (const one of CASES) {
    const { rule, when, fails = [], warns = [] } = one;
    it(`${rule}: ${fails.length > 0 ? "fails" : "passes"} when ${when}`, () => {
      const { errors = [], warnings = [] } = judgement(one);
      const shown = (findings: typeof errors): string[] => findings.map(({ code, path }) => `${code} ${path}`);
      assert.deepEqual(shown(errors), fails);
      assert.deepEqual(shown(warnings), warns);
      for (const finding of [...errors, ...warnings])
        assert.ok(startsWithVerb(finding.fix ?? ""), `${finding.path}: ${finding.fix}`);
    });
  }

  it("each has a case that fails and one that passes", () => {
    for (const name of RULES.keys()) {
      const outcomes = CASES.filter((one) => one.rule === name).map((one) => (one.fails ?? []).length > 0);
      assert.deepEqual([...new Set(outcomes)].sort().reverse(), [true, false], name);
    }
  });
});
