import assert from "node:assert/strict";
import { VLLM_FLAGS } from "../../../../../core/knowledge/engine/flags/flags.ts";
import { withFlagInScript } from "../../../../../core/knowledge/engine/flags/scriptflags.ts";

const TENSOR = { flag: "--tensor-parallel-size", written: "4", wanted: "2" };
const EXPERT = { flag: "--enable-expert-parallel", written: "false", wanted: "true" };

describe("a flag with another value in a script", () => {
  const cases: readonly [what: string, script: string, changed: string | undefined, replacement?: typeof TENSOR][] = [
    ["behind an equals sign", "vllm serve --tensor-parallel-size=4\n", "vllm serve --tensor-parallel-size=2\n"],
    [
      "as the next word",
      "vllm serve --tensor_parallel_size  4 --port 1",
      "vllm serve --tensor_parallel_size  2 --port 1",
    ],
    ["after a short form", "vllm serve -tp 4; sleep 1", "vllm serve -tp 2; sleep 1"],
    ["in quotes", "sh -c \"vllm serve -tp '4'\"", "sh -c \"vllm serve -tp '2'\""],
    [
      "of a switch that is off",
      "vllm serve --no-enable-expert-parallel",
      "vllm serve --enable-expert-parallel",
      EXPERT,
    ],
    ["that is a variable is left alone", "vllm serve -tp $TP", undefined],
    ["that is longer is left alone", "vllm serve -tp 40", undefined],
    ["that is set twice is left alone", "vllm serve -tp 4 --tensor-parallel-size 4", undefined],
    ["that is not there is left alone", "vllm serve --port 4", undefined],
  ];
  for (const [what, script, changed, replacement = TENSOR] of cases)
    it(what, () => assert.equal(withFlagInScript(script, replacement, VLLM_FLAGS), changed));
});
