import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { ISSUE_CODES } from "../../../../core/contract/issues/issue.ts";
import { CHECK_CODES, CHECK_SEVERITIES } from "../../../../core/contract/options/checks.ts";
import { CHECKS } from "../../../../core/stages/check/checks.ts";
import { GROUP_CODES } from "../../../../core/stages/check/groups/groups.ts";
import { ROUTING_CODES } from "../../../../core/stages/check/network/routing.ts";
import { SCHEDULER_CONFIG_CODES } from "../../../../core/stages/check/scheduler/configjudge.ts";

import { PREFLIGHT_CODES } from "../../../../core/views/preflight/preflight.ts";
import { startsWithVerb } from "../../../docs/verbs.ts";
import { type PartialInput, planOf } from "./plan.ts";

interface Case {
  name: string;
  spec: Record<string, unknown>;
  input?: PartialInput;
  issues?: {
    code: string;
    path: string;
    says: string;
    fix: string;
    severity?: string;
    layer?: string;
    optional?: true;
  }[];
  /** What the spec needs for a pass. */
  right?: Record<string, unknown>;
}
const text = readFileSync(new URL("checks.yaml", import.meta.url), "utf8");
const CASES = parse(text, { merge: true }) as Case[];

describe("checks of a plan", () => {
  for (const { name, spec, input = {}, issues = [], right } of CASES) {
    it(`${issues.length > 0 ? "report" : "find nothing wrong with"} ${name}`, () => {
      const found = planOf(spec, input).issues;
      assert.deepEqual(
        found.map(({ code, path, severity }) => `${severity} ${code} ${path}`),
        issues.map(({ code, path, severity = "error" }) => `${severity} ${code} ${path}`),
      );
      for (const { fix = "set it" } of found) assert.ok(startsWithVerb(fix), fix);
      for (const [i, issue] of issues.entries()) {
        assert.ok(found[i]?.message.includes(issue.says), found[i]?.message);
        assert.ok(found[i]?.fix?.includes(issue.fix), found[i]?.fix);
        if (issue.layer !== undefined) assert.equal(found[i]?.layer, issue.layer);
      }
    });
    if (right !== undefined)
      it(`accept the corrected service: ${name}`, () => {
        const { issues: left } = planOf({ ...spec, ...right }, input);
        assert.deepEqual(left, []);
      });
  }

  it("each report codes that have a severity, a description and a case", () => {
    const codes = [...new Set(CHECKS.flatMap((check) => check.codes))];
    const ofObjects = [...ROUTING_CODES, ...SCHEDULER_CONFIG_CODES];
    // Cases of these are in tests/core/groups.yaml.
    const all = new Set<string>([...codes, ...ofObjects, ...GROUP_CODES, ...PREFLIGHT_CODES]);
    assert.deepEqual([...all].sort(), [...CHECK_CODES].sort());
    const cases = CASES.flatMap(({ issues = [] }) => issues.map(({ code }) => code));
    for (const code of [...codes, ...ofObjects]) {
      assert.ok(code in ISSUE_CODES, code);
      if (code !== "InvalidFlagValue") assert.ok(cases.includes(code), `no case reports ${code}`);
    }
  });

  it("are described in docs/checks.md with their default severities", () => {
    const docs = readFileSync(new URL("../../../../docs/checks.md", import.meta.url), "utf8");
    for (const code of CHECK_CODES) assert.ok(docs.includes(`\n| \`${code}\` | ${CHECK_SEVERITIES[code]} |`), code);
  });
});
