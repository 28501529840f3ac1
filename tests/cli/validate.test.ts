import assert from "node:assert/strict";
import { config, kserveLlm, service } from "./cli.ts";

describe("kserve-llm validate", function () {
  this.timeout(90_000);

  it("judges services and configs, with the conveniences that they have", () => {
    const files = {
      "all.yaml": [config("base", { tuning: { maxModelLen: 4096 } }), service({ accelerator: "nvidia-l4" })],
    };
    assert.deepEqual(kserveLlm(["validate", "-f", "all.yaml"], files), {
      code: 0,
      out: "all.yaml#1: LLMInferenceServiceConfig base: valid\nall.yaml#2: LLMInferenceService chat: valid\n",
      err: "",
    });
  });

  it("names what is wrong with a config's conveniences", () => {
    const { code, err } = kserveLlm(["validate", "-f", "c.yaml"], {
      "c.yaml": config("base", { tuning: { maxLen: 1 } }),
    });
    assert.equal(code, 1);
    assert.match(err, /error UnknownField spec\.tuning\.maxLen \(config default\/base\)/);
  });
});
