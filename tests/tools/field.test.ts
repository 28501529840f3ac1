import assert from "node:assert/strict";
import { join } from "node:path";
import { headOf } from "../../tools/field/cases.ts";
import { areWithin, describeMeasured, judgeMeasured } from "../../tools/field/measured.ts";
import { areGood, describeRecipes, judgeRecipes } from "../../tools/field/recipes.ts";
import { describeReports } from "../../tools/field/reports.ts";

const FOLDER = join(import.meta.dirname, "field");

describe("the field runner", () => {
  const recipes = judgeRecipes(FOLDER);

  it("judges each recipe by the truth in its head", () => {
    assert.deepEqual(
      recipes.map(({ name, right }) => [name, right]),
      [
        ["fits.yaml", true],
        ["missed.yaml", false],
        ["refused.yaml", false],
        ["small.yaml", true],
        ["tight.yaml", true],
      ],
    );
  });

  it("counts a warning with the expected code as found, and prints the table and the wrong verdicts", () => {
    const lines = describeRecipes(recipes);
    assert.deepEqual(lines.slice(0, 3), [
      "truth      all  refused  warned  valid  right",
      "works        2        1       0      1      1",
      "fails        3        1       1      1      2",
    ]);
    assert.ok(lines.includes("missed (ContextTooLong): missed.yaml"), lines.join("\n"));
    assert.ok(lines.includes("wrongly refused: refused.yaml"), lines.join("\n"));
    assert.match(lines.join("\n"), /error ModelShape .*tensor 3 does not divide/);
  });

  it("passes only if no working recipe is refused and nine of ten failing recipes are reported", () => {
    assert.equal(areGood(recipes), false);
    assert.equal(areGood(recipes.filter(({ right }) => right)), true);
    assert.equal(areGood(recipes.filter(({ name }) => name !== "refused.yaml")), false);
  });

  it("prints the verdict and the issues of a report next to the expected ones", () => {
    const [file, expected, verdict, issue] = describeReports(FOLDER);
    assert.deepEqual(
      [file, expected?.trim(), verdict?.trim()],
      ["unknown.yaml", "expect: valid, with a note that nothing is checked", "verdict: valid"],
    );
    assert.match(issue ?? "", /info UnknownModel/);
  });

  it("prints the errors of the memory estimates, and the unknown models", () => {
    const measured = judgeMeasured(FOLDER);
    assert.deepEqual(measured.unknown, ["nobody-knows (acme/own-model)"]);
    assert.deepEqual(
      measured.figures.map(({ id, figure }) => `${id} ${figure}`),
      ["llama33-70b-h200x4 weights", "llama33-70b-h200x4 cache", "llama33-70b-far-off cache"],
    );
    assert.match(describeMeasured(measured).join("\n"), /outside llama33-70b-far-off/);
    assert.equal(areWithin(measured), false);
  });

  it("finds nothing in a folder without cases, and refuses a recipe without a truth", () => {
    assert.deepEqual([judgeRecipes(join(FOLDER, "reports")), judgeMeasured(join(FOLDER, "reports")).figures], [[], []]);
    assert.equal(headOf("# source: here\nkind: X\n").get("truth"), undefined);
  });
});
