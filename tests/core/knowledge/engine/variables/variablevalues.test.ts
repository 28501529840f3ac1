import assert from "node:assert/strict";
import { releaseNumber } from "../../../../../core/knowledge/engine/release.ts";
import { judgeVariableValue } from "../../../../../core/knowledge/engine/variables/variablevalues.ts";

const BACKEND = "VLLM_ATTENTION_BACKEND";
const CASES: [name: string, value: string, release: string, found: "error" | "warning" | undefined, reason: string][] =
  [
    [BACKEND, "INVALID", "0.10.0", undefined, "a name that early releases ignore"],
    [BACKEND, "INVALID", "0.10.1", "error", "a name that no release has"],
    [BACKEND, "flashinfer", "0.14.1", "error", "the name in small letters"],
    [BACKEND, "auto", "0.12.0", "error", "the flag's word for the choice of the engine"],
    [BACKEND, "FLASHINFER", "0.12.0", undefined, "a name of the release"],
    [BACKEND, "INVALID", "0.15.0", undefined, "a release that does not read the variable"],
    [BACKEND, "FLASH_ATTN_VLLM_V1", "0.10.2", undefined, "a former name in a release that has it"],
    [BACKEND, "FLASH_ATTN_VLLM_V1", "0.11.0", undefined, "a former name whose end the release removes"],
    [BACKEND, "FLASH_ATTN_VLLM_V1", "0.11.2", "warning", "a former name in a release without it"],
    [BACKEND, "$(BACKEND)", "0.11.2", undefined, "a value that is known in the pod only"],
    ["VLLM_WORKER_MULTIPROC_METHOD", "forkserver", "0.20.0", "error", "a method that vLLM does not use"],
    ["VLLM_WORKER_MULTIPROC_METHOD", "spawn", "0.20.0", undefined, "a method that vLLM uses"],
    ["VLLM_KV_CACHE_LAYOUT", "NDH", "0.11.0", "warning", "a layout that is only read where it has an effect"],
    ["VLLM_KV_CACHE_LAYOUT", "NDH", "0.11.1", "error", "a layout in the first release that reads all variables"],
    ["VLLM_USE_V1", "true", "0.10.2", "warning", "a word for a switch that may not be read"],
    ["VLLM_USE_DEEP_GEMM", "true", "0.11.1", "error", "a word for a switch that every engine reads"],
    ["VLLM_USE_DEEP_GEMM", "1", "0.20.0", undefined, "a switch that is on"],
    ["VLLM_USE_DEEP_GEMM", "2", "0.20.0", undefined, "another number, which is on too"],
    ["VLLM_USE_DEEP_GEMM", "$(GEMM)", "0.20.0", undefined, "a switch that is known in the pod only"],
    ["VLLM_RPC_TIMEOUT", "10s", "0.20.0", "error", "a number with a unit"],
    ["VLLM_RPC_TIMEOUT", "10_000", "0.20.0", undefined, "a number as Python reads it"],
    ["VLLM_KV_CACHE_LAYOUT", "LBNHC", "0.28.0", "warning", "a layout of a later release"],
    ["VLLM_KV_CACHE_LAYOUT", "LBNHC", "0.29.0", undefined, "a layout in its first release"],
    ["VLLM_FLOAT32_MATMUL_PRECISION", "HIGH", "0.20.0", undefined, "capitals where they do not count"],
    ["VLLM_LOGGING_LEVEL", "LOUD", "0.20.0", undefined, "a variable without a list"],
  ];

describe("values of environment variables of vLLM", () => {
  for (const [name, value, release, expected, reason] of CASES) {
    it(`${name}=${value} in vLLM ${release} is ${expected === undefined ? "accepted" : `reported (${expected})`}: ${reason}`, () => {
      const found = judgeVariableValue(name, value, { text: release, number: releaseNumber(release) ?? 0 });
      assert.equal(found && (found.severity ?? "error"), expected, found?.message);
    });
  }

  it("that are misspelt are replaced by the nearest one of the release", () => {
    const release = { text: "0.14.1", number: releaseNumber("0.14.1") ?? 0 };
    assert.equal(judgeVariableValue(BACKEND, "flashinfer", release)?.meant, "FLASHINFER");
    assert.equal(judgeVariableValue(BACKEND, "INVALID", release)?.meant, undefined);
    assert.equal(judgeVariableValue("VLLM_USE_DEEP_GEMM", "True", release)?.meant, "1");
    assert.equal(judgeVariableValue("VLLM_USE_DEEP_GEMM", "off", release)?.meant, "0");
    assert.equal(judgeVariableValue("VLLM_RPC_TIMEOUT", "true", release)?.meant, undefined);
  });
});
