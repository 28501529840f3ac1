import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import {
  flagValue,
  mergeArgs,
  parseArgs,
  removeFlags,
} from "../../../../../core/knowledge/engine/flags/commandline.ts";
import { deepFreeze } from "../../../stages/merge/freeze.ts";

interface Case {
  name: string;
  base: string[];
  added: string[];
  merged: string[];
}
const CASES = parse(readFileSync(new URL("commandline.yaml", import.meta.url), "utf8")) as Case[];

describe("mergeArgs", () => {
  for (const { name, base, added, merged } of CASES) {
    it(name, () => assert.deepEqual(mergeArgs(...(deepFreeze([base, added]) as [string[], string[]])), merged));
    it(`${name}: once more changes nothing`, () => assert.deepEqual(mergeArgs(merged, added), merged));
  }
});

describe("a command line", () => {
  const args = ["/mnt/models", "-tp", "2", "--no-enable_lora", "--served-model-name", "a", "b", "--seed=1", "--seed=2"];

  it("is split into flags whose words join to the same command line", () => {
    assert.deepEqual(
      parseArgs(args).flatMap(({ words }) => words),
      args,
    );
  });

  it("has the last value of a flag, whichever of its names is written", () => {
    const flags = [
      "--tensor-parallel-size",
      "-tp",
      "tensor_parallel_size",
      "enable-lora",
      "served-model-name",
      "seed",
      "port",
    ];
    assert.deepEqual(
      flags.map((flag) => flagValue(args, flag)),
      ["2", "2", "2", "false", "a b", "2", undefined],
    );
  });

  it("removes a flag by any of its names", () => {
    assert.deepEqual(removeFlags(args, ["--tensor_parallel_size", "--enable-lora", "seed", "--none"]), [
      "/mnt/models",
      "--served-model-name",
      "a",
      "b",
    ]);
  });
});
