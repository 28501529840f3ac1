import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { DASHBOARDS } from "../../../../core/platform/observability/dashboards.ts";
import { type RuleGroup, ruleGroups } from "../../../../core/platform/observability/rules.ts";
import { type Selected, selectedIn } from "./promql.ts";

/** The output of tools/modules/promrules for a file. */
interface Verdict {
  errors: string[];
  selected: { metric: string; labels: string[] }[];
}

/** Grafana puts its variables into an expression before Prometheus sees it. */
const filledIn = (expression: string): string => expression.replaceAll("$__rate_interval", "5m");

/** The expressions of the dashboards as recording rules, because Prometheus parses those. */
const OF_DASHBOARDS: RuleGroup[] = DASHBOARDS.map(({ id, sections }) => ({
  name: id,
  rules: sections
    .flatMap(({ panels }) => panels.flatMap(({ queries }) => Object.values(queries)))
    .map((expression, index) => ({ record: `dashboard:${id}:${index}`, expr: filledIn(expression) })),
}));
const expressionsOf = (groups: readonly RuleGroup[]): string[] =>
  groups.flatMap(({ rules }) => rules.map(({ expr }) => expr));
const inOrder = (selected: readonly Selected[]): string[] =>
  selected.map(({ series, labels }) => `${series} ${[...labels].sort().join(" ")}`).sort();

/** From the toolchain: `npm test` builds it; without the toolchain it does not exist. */
const isThere = spawnSync("promrules", ["--version"]).error === undefined;

describe(`Prometheus' own parser${isThere ? "" : " (skipped: promrules is not on PATH; npm test builds it)"}`, function () {
  const folder = mkdtempSync(join(tmpdir(), "kserve-llm-rules-"));
  before(() => {
    if (!isThere) this.ctx.skip();
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  function judge(groups: readonly RuleGroup[]): Verdict {
    const file = join(folder, "rules.yaml");
    writeFileSync(file, stringify({ groups }));
    const { stdout, stderr, status } = spawnSync("promrules", [file], { encoding: "utf8" });
    assert.equal(status, 0, stderr);
    return JSON.parse(stdout) as Verdict;
  }

  for (const [what, groups] of [
    ["the rules", ruleGroups({ alertLabels: { team: "inference" } })],
    ["the expressions of the dashboards", OF_DASHBOARDS],
  ] as const) {
    it(`accepts ${what}`, () => {
      assert.deepEqual(judge(groups).errors, []);
    });

    it(`finds the series in ${what} that the tests of their names read`, () => {
      const { selected } = judge(groups);
      const theirs = selected.map(({ metric, labels }) => ({ series: metric, labels }));
      assert.deepEqual(inOrder(theirs), inOrder(expressionsOf(groups).flatMap(selectedIn)));
    });
  }

  it("refuses a rule with an expression that does not parse, and a template that does not", () => {
    const broken = { alert: "Broken", expr: "sum by (x (up)", for: "5m" };
    const template = { alert: "Template", expr: "up", annotations: { summary: "{{ $labels.x " } };
    const { errors } = judge([{ name: "wrong", rules: [broken, template] }]);
    assert.equal(errors.length, 2, errors.join("\n"));
  });
});
