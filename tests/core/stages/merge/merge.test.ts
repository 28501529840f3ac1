import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { type Behaviour, KSERVE_0_20, OWN } from "../../../../core/contract/behaviour.ts";
import { mergeSpecs } from "../../../../core/stages/merge/merge.ts";
import { deepFreeze } from "./freeze.ts";

interface Case {
  name: string;
  layers: unknown[];
  merged?: Record<string, unknown>;
  issues?: { code: string; path: string; message: string }[];
}

function casesOf(file: string): Case[] {
  return parse(readFileSync(new URL(`cases/${file}.yaml`, import.meta.url), "utf8"));
}

function check({ layers, merged, issues }: Case, behaviour: Behaviour): void {
  const result = mergeSpecs(deepFreeze(layers) as unknown[], behaviour);
  const found = result.issues.map(({ code, path }) => ({ code, path }));
  assert.deepEqual(
    found,
    (issues ?? []).map(({ code, path }) => ({ code, path })),
  );
  for (const [i, issue] of (issues ?? []).entries())
    assert.match(result.issues[i]?.message ?? "", RegExp(issue.message));
  if (issues === undefined) assert.deepEqual(result.spec, merged);
}

describe("mergeSpecs", () => {
  describe("by default", () => {
    for (const row of [...casesOf("lists"), ...casesOf("own")]) it(row.name, () => check(row, OWN));
  });
  describe("under compat", () => {
    for (const row of casesOf("kserve")) it(row.name, () => check(row, KSERVE_0_20));
    for (const row of casesOf("lists")) {
      const typed = row.merged && { ...row, merged: { model: { uri: "" }, ...row.merged } };
      it(row.name, () => check(typed ?? row, KSERVE_0_20));
    }
  });
});
