import assert from "node:assert/strict";
import { readText } from "../repository.ts";
import { pageOf } from "./page.ts";
import { readRecord } from "./record.ts";
import { comparedTable, type Row, tableOf } from "./row.ts";
import { weigh } from "./state.ts";

const cells = (row: Row): string[] => (tableOf([row])[2] ?? "").split("|").map((cell) => cell.trim());

describe("the table of the benchmark", () => {
  const measured = { value: 1.2, unit: "s", wall: 3 } as const;
  const beside = { what: "by hand", value: 1, unit: "s" } as const;

  it("shows a ratio that misses its goal as not met", () => {
    const row = { what: "a preview", measured, beside, goal: { ratio: 1.1 } };
    assert.deepEqual(cells(row).slice(1, -1), [
      "a preview",
      "1.20 s (wall 3.0 s)",
      "by hand: 1.00 s",
      "1.20",
      "≤ 1.1 ×",
      "no",
    ]);
  });

  it("shows a figure that reaches its goal as met", () => {
    const row = { what: "a plan", measured: { value: 0.9, unit: "ms" }, goal: { value: 1 } } as const;
    assert.deepEqual(cells(row).slice(1, -1), ["a plan", "0.90 ms", "", "", "≤ 1.00 ms", "yes"]);
  });

  it("does not count a goal as met when the figure has no counterpart", () =>
    assert.equal(cells({ what: "a plan", measured, goal: { ratio: 2 } }).at(-2), "no"));

  it("shows the value and the ratio of a former commit next to a row of the same name, and nothing next to others", () => {
    const rows = [
      { what: "a preview", measured, beside },
      { what: "a plan", measured },
    ];
    const former = [{ what: "a preview", measured: { ...measured, value: 2 }, beside }];
    const lines = comparedTable(rows, "1c3a79f", former).map((line) => line.split("|").map((cell) => cell.trim()));
    assert.deepEqual(
      lines.filter((_, index) => index !== 1).map((line) => line.slice(-3, -1)),
      [
        ["1c3a79f", "its ratio"],
        ["2.00 s (wall 3.0 s)", "2.00"],
        ["", ""],
      ],
    );
  });
});

describe("the page of all values", () => {
  it("is what the record gives", () =>
    assert.equal(readText("docs/benchmarks-table.md"), pageOf(readRecord(), "1c3a79f")));

  it("is not written for a commit that was not measured", () =>
    assert.throws(() => pageOf(readRecord(), "0000000"), /commit 0000000 was not measured; the record has 1c3a79f6/));
});

describe("the weight of a state", () => {
  const component = { type: "kserve-llm:index:LLMInferenceService", urn: "a", outputs: { url: "http://a" } };
  const object = { type: "kubernetes:core/v1:Service", urn: "b", inputs: { a: 1 }, outputs: { a: 1, b: 2 } };
  const weight = weigh({ deployment: { resources: [component, object, { type: "pulumi:pulumi:Stack" }] } });

  it("counts each resource once: of this package, of Kubernetes or of the engine", () => {
    const { all, components, sent, answered, engine } = weight;
    assert.equal(components, JSON.stringify(component).length);
    assert.equal(sent + answered + engine, JSON.stringify(object).length);
    assert.equal(all, components + sent + answered + engine + JSON.stringify({ type: "pulumi:pulumi:Stack" }).length);
  });

  it("counts the outputs of this package's components separately", () =>
    assert.deepEqual(weight.outputs, { url: JSON.stringify("http://a").length }));
});
