import assert from "node:assert/strict";
import { judgeArgs } from "../../../../core/knowledge/engine/flags/judge.ts";
import { releaseNumber } from "../../../../core/knowledge/engine/release.ts";
import { CHOICES } from "../../../../core/knowledge/engine/sglang/choices.ts";
import { SGLANG_FLAGS, SGLANG_LINES } from "../../../../core/knowledge/engine/sglang/flags.ts";
import { FIRST_RELEASE, LAST_RELEASE, LONG_ALIASES } from "../../../../core/knowledge/engine/sglang/flagtable.ts";
import { PREDECESSORS, SUCCESSORS } from "../../../../core/knowledge/engine/sglang/replaced.ts";
import { judgeSglang } from "../../../../core/knowledge/engine/sglang/rules.ts";
import { sglangSizes } from "../../../../core/knowledge/engine/sglang/sizes.ts";

const { flagsOf, flagNamed, flagName, allFlags, choicesOf } = SGLANG_FLAGS;
const numberOf = (release: string): number => releaseNumber(release) ?? 0;

describe("the table of SGLang's flags", () => {
  // The number of flags in the parsers of these releases, without --help.
  for (const [release, count] of [
    [FIRST_RELEASE, 180],
    ["0.5.14", 420],
    [LAST_RELEASE, 531],
  ] as const)
    it(`has the ${count} flags of ${release}`, () => assert.equal(flagsOf(numberOf(release)).length, count));

  it("has spans with a start before their end", () => {
    for (const name of allFlags()) {
      const { from = "0", until = "9.9" } = flagNamed(name) ?? {};
      assert.ok(numberOf(from) < numberOf(until), name);
    }
  });

  it("names replacements for removed flags only, and choices and other names for existing flags", () => {
    for (const name of Object.keys(SUCCESSORS)) assert.ok(flagNamed(name)?.until, `--${name} is there still`);
    for (const name of Object.keys(PREDECESSORS)) assert.ok(flagNamed(name)?.from, `--${name} was always there`);
    for (const name of Object.keys(CHOICES)) assert.equal(flagNamed(name)?.kind, "choice", name);
    for (const name of Object.values(LONG_ALIASES)) assert.ok(flagNamed(name), name);
  });

  it("knows what a release accepts", () => {
    const flag = flagNamed("disaggregation-transfer-backend");
    assert.ok(flag);
    assert.deepEqual(choicesOf(flag, numberOf("0.5.4")), ["ascend", "fake", "mooncake", "nixl"]);
  });
});

describe("a command line of SGLang", () => {
  for (const [written, name] of [
    ["--tp", "tp-size"],
    ["--tensor-parallel-size", "tp-size"],
    ["--data-parallel", "dp-size"],
    ["--ep", "ep-size"],
    ["--model", "model-path"],
    ["--context_length", "context_length"],
    ["--pp", "pp"],
  ] as const)
    it(`reads ${written} as ${name}`, () => assert.equal(flagName(written), name));

  it("has numbers with a unit only where SGLang reads them, and fixes without units", () => {
    const found = (...args: string[]): unknown[] =>
      judgeArgs(args, { text: "0.5.14", number: numberOf("0.5.14") }, "sglang").map(({ code, fix, change }) => [
        ...[code, fix],
        change,
      ]);
    assert.deepEqual(found("--context-length=32k", "--max-total-tokens", "64K"), []);
    assert.deepEqual(found("--max-running-requests=1k"), [
      ["InvalidFlagValue", "write the whole number 1000", { to: "value", value: "1000" }],
    ]);
    const length = { to: "name", name: "context-length", value: "32768" };
    assert.deepEqual(found("--max-model-len=32K"), [
      ["UnknownFlag", "use --context-length=32768, or set tuning.maxModelLen to 32768", length],
    ]);
    assert.deepEqual(found("--max-model-len=4096"), [
      ["UnknownFlag", "use --context-length, or set tuning.maxModelLen", { to: "name", name: "context-length" }],
    ]);
  });

  it("is merged by the canonical flags, and lists are replaced as a whole", () => {
    const base = ["--model-path=/mnt/models", "--tp-size=2", "--lora-paths", "a=/a", "b=/b", "--enable-metrics"];
    const merged = SGLANG_LINES.mergeArgs(base, ["--tensor-parallel-size", "4", "--lora-paths", "c=/c"]);
    assert.deepEqual(merged, [
      "--model-path=/mnt/models",
      "--tensor-parallel-size",
      "4",
      "--lora-paths",
      "c=/c",
      "--enable-metrics",
    ]);
  });

  it("has sizes that SGLang refuses, out of their ranges or against each other", () => {
    const found = (...args: string[]): string[] =>
      judgeSglang(args, { text: "0.5.14", number: numberOf("0.5.14") }).map(({ flag, fix }) => `${flag}: ${fix}`);
    assert.deepEqual(found("--tp=4", "--dp=2", "--enable-dp-attention", "--mem-fraction-static=0.9", "--nnodes=2"), []);
    assert.deepEqual(found("--tp=0", "--page-size=0", "--mem-fraction-static=1.5"), [
      "page-size: write 1 or more",
      "tp-size: write 1 or more",
      "mem-fraction-static: write a share of the memory, such as 0.9",
    ]);
    assert.deepEqual(found("--tp=3", "--nnodes=2", "--node-rank=2"), [
      "nnodes: set --nnodes to a divisor of 3, or run the same number of ranks on each node",
      "node-rank: write a number from 0 to 1",
    ]);
    assert.deepEqual(found("--tp=2", "--nnodes=2", "--dp=2"), [
      "dp-size: add --enable-dp-attention, or set --dp-size to 1",
    ]);
    assert.deepEqual(found("--tp=3", "--nnodes=2", "--config=/etc/sglang.yaml"), []);
  });

  it("counts the ranks of all copies whose attention is shared", () => {
    const sizes = { tensor: 2, data: 4, dataLocal: 4 };
    assert.deepEqual(sglangSizes(sizes, false), ["--tp-size=2", "--dp-size=4"]);
    const shared = sglangSizes(sizes, false, { sharesAttention: true });
    assert.deepEqual(shared, ["--tp-size=8", "--dp-size=4", "--enable-dp-attention"]);
  });
});
