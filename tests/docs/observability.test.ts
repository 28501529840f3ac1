import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { EXPORTERS } from "../../core/knowledge/metrics/table.ts";
import { DASHBOARDS } from "../../core/platform/observability/dashboards.ts";
import { ruleGroups } from "../../core/platform/observability/rules.ts";
import { dashboardPictures } from "../../tools/generate/dashboards.ts";

const PAGE = readFileSync(new URL("../../docs/observability.md", import.meta.url), "utf8");
const rules = ruleGroups({}).flatMap((group) => group.rules);

describe("docs/observability.md", () => {
  it("has a row for every alert, with its severity, its time and what to do", () => {
    const alerts = rules.flatMap(({ alert, labels, annotations, for: minutes }) =>
      alert === undefined ? [] : [{ start: `| \`${alert}\` | ${labels?.["severity"]}, ${minutes} |`, annotations }],
    );
    for (const { start, annotations } of alerts) {
      const row = PAGE.split("\n").find((line) => line.startsWith(start)) ?? assert.fail(start);
      assert.ok(row.endsWith(` ${annotations?.["description"]} |`), row);
    }
    assert.equal(PAGE.match(/^\| `LLM/gm)?.length, alerts.length);
  });

  it("has every recorded series with its expression", () => {
    for (const { record, expr } of rules.filter((rule) => rule.record !== undefined)) {
      assert.ok(PAGE.includes(`| \`${record}\` | \`${expr.replaceAll("|", "\\|")}\` |`), record);
    }
  });

  it("shows every dashboard as a fresh generation draws it, with the title of each panel", () => {
    const pictures = Object.entries(dashboardPictures());
    assert.equal(pictures.length, DASHBOARDS.length);
    for (const [file, picture] of pictures) {
      assert.equal(readFileSync(file, "utf8"), picture, file);
      assert.ok(PAGE.includes(`](${basename(file)})`), file);
    }
    const drawn = pictures.map(([, picture]) => picture).join();
    for (const { panels } of DASHBOARDS.flatMap(({ sections }) => sections))
      for (const { title } of panels) assert.ok(drawn.includes(`>${title.replaceAll("&", "&amp;")}`), title);
  });

  it("names every dashboard, and of every exporter the releases and the source", () => {
    for (const { title } of DASHBOARDS) assert.ok(PAGE.includes(`| ${title} |`), title);
    for (const { title, releases, source } of Object.values(EXPORTERS)) {
      assert.ok(PAGE.includes(`| ${title} | ${releases.join(", ")} | ${source} |`), title);
    }
  });
});
