import assert from "node:assert/strict";
import { flagPaths, shellWords } from "../../../../../core/knowledge/engine/flags/argfields.ts";

const WORDS: [string, string[], string][] = [
  ["--a 1  --b=2", ["--a", "1", "--b=2"], "words"],
  [`--a '{"x": 1}'`, ["--a", '{"x": 1}'], "single quotes"],
  ['--a "{\\"x\\": 1}"', ["--a", '{"x": 1}'], "double quotes with escapes"],
  [`--a='b c'"d e"`, ["--a=b cd e"], "quotes inside of a word"],
  ["", [], "nothing"],
];

describe("shellWords", () => {
  for (const [text, words, reason] of WORDS) it(reason, () => assert.deepEqual(shellWords(text), words));
});

describe("flagPaths", () => {
  it("names the flags of the engine's command line, in their one form", () => {
    const path = "template.containers[name=main].args";
    assert.deepEqual(flagPaths(path, ["/mnt", "-tp", "2", "--no-enable_lora"]), [
      `${path}[--tensor-parallel-size]`,
      `${path}[--enable-lora]`,
    ]);
  });

  it("names no flags in lists that are not the engine's args", () => {
    assert.deepEqual(flagPaths("template.containers[name=proxy].args", ["--port=1"]), []);
  });
});
