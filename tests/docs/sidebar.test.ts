import assert from "node:assert/strict";
import { globSync } from "node:fs";
import { ROOT, readText } from "../repository.ts";

/** The page of the registry, which has a separate frame, and the start page, to which the title links. */
const ELSEWHERE = ["_index", "index"];
const PAGES = globSync("docs/**/*.md", { cwd: ROOT })
  .map((file) => file.slice("docs/".length, -".md".length))
  .filter((page) => !ELSEWHERE.includes(page))
  .sort();

describe("every page of the docs", () => {
  it("is in the sidebar of the site, once", () => {
    const [, sidebar = ""] = readText("site/.vitepress/config.mjs").split("sidebar:");
    const listed = [...sidebar.matchAll(/\["[^"]+", "([^"]+)"\]/g)].map(([, page = ""]) => page);
    assert.deepEqual(listed.sort(), PAGES);
  });

  it("is linked from the README, or from the page that lists its folder", () => {
    const lists = { "": "README.md", recipes: "docs/recipes/README.md", reference: "docs/reference/README.md" };
    for (const page of PAGES.filter((one) => !one.endsWith("README"))) {
      const [name = "", folder = ""] = page.split("/").reverse();
      const list = Object.entries(lists).find(([key]) => key === folder)?.[1] ?? assert.fail(page);
      assert.ok(
        readText(list).includes(`${folder === "" ? "docs/" : ""}${name}.md`),
        `${list} does not link to ${page}`,
      );
    }
  });
});
