import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { flagNamed, flagsOf } from "../../../../../core/knowledge/engine/flags/flags.ts";
import { FIRST_RELEASE, LAST_RELEASE } from "../../../../../core/knowledge/engine/flags/flagtable.ts";
import { judgeArgs } from "../../../../../core/knowledge/engine/flags/judge.ts";
import { PREDECESSORS, SUCCESSORS } from "../../../../../core/knowledge/engine/flags/replaced.ts";
import { releaseNumber } from "../../../../../core/knowledge/engine/release.ts";

interface Case {
  name: string;
  release: string;
  args: string[];
  finds?: { code: string; flag: string; fix: string }[];
}

const CASES = parse(readFileSync(new URL("judge.yaml", import.meta.url), "utf8")) as Case[];
const numberOf = (text: string): number => releaseNumber(text) as number;

describe("judgeArgs", () => {
  for (const { name, release, args, finds = [] } of CASES) {
    it(name, () => {
      const found = judgeArgs(Object.freeze(args) as string[], { text: release, number: numberOf(release) });
      assert.deepEqual(
        found.map(({ code, flag }) => ({ code, flag })),
        finds.map(({ code, flag }) => ({ code, flag })),
      );
      for (const [i, { fix }] of finds.entries()) assert.match(found[i]?.fix ?? "", RegExp(fix));
    });
  }
});

describe("the message on a flag that no release has", () => {
  for (const [word, shown] of [
    ["-vv", "-vv"],
    ["-vv=2", "-vv"],
    ["-tensor-parallels=4", "-tensor-parallels"],
    ["--not_there.key=1", "--not-there"],
  ])
    it(`shows ${word} as ${shown}`, () => {
      const [found] = judgeArgs([word ?? ""], { text: "0.23.0", number: numberOf("0.23.0") });
      assert.equal(found?.message, `vLLM 0.23.0 does not have the flag ${shown}`);
    });
});

describe("a value after the negation of a switch", () => {
  const found = (arg: string) => judgeArgs([arg], { text: "0.23.0", number: numberOf("0.23.0") })[0];

  it("keeps its meaning in the fix, and the message names the flag as it is written", () => {
    const on = found("--no-enforce-eager=false");
    const off = found("--no-enable-prefix-caching=True");
    assert.match(off?.message ?? "", /^--no-enable-prefix-caching: the flag takes no value, but has the value "True"$/);
    assert.equal(off?.fix, "write --no-enable-prefix-caching");
    assert.deepEqual(off?.change, { to: "value", value: "false" });
    assert.equal(on?.fix, "write --enforce-eager");
    assert.deepEqual(on?.change, { to: "value", value: "true" });
  });

  it("has a choice in the fix if it is neither true nor false", () => {
    assert.equal(found("--no-enforce-eager=maybe")?.fix, "write --no-enforce-eager, or --enforce-eager");
    assert.equal(found("--no-enforce-eager=maybe")?.change, undefined);
  });
});

describe("the table of flags", () => {
  it("has the flags of every release", () => {
    assert.equal(flagsOf(numberOf(FIRST_RELEASE)).length, 143);
    assert.equal(flagsOf(numberOf("0.23.0")).length, 261);
    assert.ok(flagsOf(numberOf(LAST_RELEASE)).length >= 321);
  });

  it("has every flag once, and spans that begin before they end", () => {
    const all = flagsOf(numberOf("0.23.0"));
    assert.equal(new Set(all).size, all.length);
    for (const name of all) {
      const { from = "0", until = "9.9" } = flagNamed(name) ?? {};
      assert.ok((releaseNumber(from) ?? 0) < numberOf(until), name);
    }
  });

  it("names replacements for removed flags only", () => {
    for (const name of Object.keys(SUCCESSORS)) assert.ok(flagNamed(name)?.until, `--${name} is there still`);
    for (const name of Object.keys(PREDECESSORS)) assert.ok(flagNamed(name)?.from, `--${name} was always there`);
  });
});
