import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { DASHBOARDS } from "../../core/platform/observability/dashboards.ts";
import { dashboardPictures } from "../../tools/generate/dashboards.ts";

const PAGE = readFileSync(new URL("../../docs/observability.md", import.meta.url), "utf8");

describe("docs/observability.md", () => {
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

  it("names every dashboard", () => {
    for (const { title } of DASHBOARDS) assert.ok(PAGE.includes(`| ${title} |`), title);
  });
});
