import assert from "node:assert/strict";
import { releaseNumber } from "../../../../../core/knowledge/engine/release.ts";
import { allVariables, judgeVariable } from "../../../../../core/knowledge/engine/variables/judgevariables.ts";
import { VARIABLE_SUCCESSORS } from "../../../../../core/knowledge/engine/variables/variabletable.ts";

const LATEST = "0.33.0";
const CASES: [name: string, release: string, fix: RegExp | undefined, reason: string][] = [
  ["VLLM_LOGGING_LEVEL", "0.23.0", undefined, "a variable that every release reads"],
  ["VLLM_ALL2ALL_BACKEND", "0.15.1", undefined, "a variable in its last release"],
  ["VLLM_ALL2ALL_BACKEND", "0.23.0", /--all2all-backend/, "a variable that became a flag"],
  ["VLLM_ATTENTION_BACKEND", "0.23.0", /--attention-backend/, "a variable that became a flag"],
  ["VLLM_USE_V1", "0.23.0", /remove it/, "a variable without a successor"],
  ["VLLM_KIMI_K3_GEMM_RS", "0.23.0", /0\.28 or later/, "a variable of a later release"],
  ["VLLM_LOGING_LEVEL", "0.23.0", /VLLM_LOGGING_LEVEL/, "a misspelt variable"],
  ["VLLM_ADDITIONAL_ARGS", "0.23.0", undefined, "KServe's variable"],
  ["VLLM_ASCEND_ENABLE_NZ", "0.23.0", undefined, "a plugin's variable"],
  ["HF_TOKEN", "0.23.0", undefined, "a variable of another program"],
  ["VLLM_WHATEVER", "0.7.3", undefined, "a release before the table"],
  ["VLLM_ROCM_USE_AITER", "0.8.0", /0\.8\.\d or later/, "a variable of a later patch"],
  ["VLLM_OPENVINO_DEVICE", "0.8.5", /remove it/, "a variable that a patch removed"],
  ["VLLM_ROCM_USE_AITER_FP4_ASM_GEMM", "0.28.0", undefined, "a variable before the releases without it"],
  ["VLLM_ROCM_USE_AITER_FP4_ASM_GEMM", "0.30.0", /0\.31 or later/, "a variable that was gone for two releases"],
  ["VLLM_ROCM_USE_AITER_FP4_ASM_GEMM", "0.31.0", undefined, "a variable after the releases without it"],
];

describe("environment variables of vLLM", () => {
  for (const [name, release, fix, reason] of CASES) {
    it(`${name} in vLLM ${release} is ${fix === undefined ? "accepted" : "reported"}: ${reason}`, () => {
      const found = judgeVariable(name, { text: release, number: releaseNumber(release) ?? 0 }, false);
      assert.equal(found === undefined, fix === undefined, found?.message);
      if (fix !== undefined) assert.match(found?.fix ?? "", fix);
    });
  }

  it("that no table has are accepted if the image has plugins", () => {
    const release = { text: "0.23.0", number: releaseNumber("0.23.0") ?? 0 };
    assert.ok(judgeVariable("VLLM_WHATEVER", release, false));
    assert.equal(judgeVariable("VLLM_WHATEVER", release, true), undefined);
  });

  it("are in the table once, and those with a successor are not in the last release", () => {
    const all = allVariables();
    assert.ok(all.length > 390);
    const release = { text: LATEST, number: releaseNumber(LATEST) ?? 0 };
    for (const name of Object.keys(VARIABLE_SUCCESSORS)) {
      assert.ok(all.includes(name), name);
      assert.match(judgeVariable(name, release, false)?.message ?? "", /no longer reads/, name);
    }
  });
});
