import assert from "node:assert/strict";
import { call, service } from "./cli.ts";

const LLAMA = ["--model", "meta-llama/Llama-3.1-70B-Instruct", "--accelerator", "nvidia-h100-80gb"];

describe("kserve-llm fit", () => {
  it("prints the same fit for a file and for options, as text and as JSON", async () => {
    const file = service({ accelerator: "nvidia-l4", tuning: { maxModelLen: 4096 } }, { name: "service" });
    const options = ["--model", "Qwen/Qwen2.5-7B-Instruct", "--accelerator", "nvidia-l4", "--max-model-len", "4096"];
    const text = await call(["fit", "-f", "s.yaml"], { "s.yaml": file });
    assert.deepEqual([text.code, text.err], [0, ""]);
    assert.match(text.out, /^default\/service main, 1 × nvidia-l4: fits\n/);
    assert.deepEqual(await call(["fit", ...options]), text);
    const { fits, roles } = JSON.parse((await call(["fit", ...options, "-o", "json"])).out);
    assert.deepEqual([fits, roles[0].limits], [true, { tensor: 1, maxModelLen: 32768 }]);
  });

  it("exits with 1 when a role does not fit or its fit cannot be estimated", async () => {
    assert.equal((await call(["fit", ...LLAMA, "--tensor", "4"])).code, 0);
    const { code, out, err } = await call(["fit", ...LLAMA, "--tensor", "2"]);
    assert.deepEqual([code, err], [1, ""]);
    assert.match(out, /smallest tensor-parallel size that fits: 4\n/);
    const unknown = await call(["fit", "--model", "acme/own", "--accelerator", "nvidia-l4"]);
    assert.equal(unknown.code, 1);
    assert.match(unknown.out, /main: memory unknown: the model is not in the catalogue/);
  });

  it("reads the config.json of a model that the catalogue does not have", async () => {
    const config = {
      num_hidden_layers: 24,
      hidden_size: 2048,
      num_attention_heads: 16,
      vocab_size: 32000,
      max_position_embeddings: 4096,
    };
    const args = ["fit", "--model", "acme/own", "--accelerator", "nvidia-l4", "--model-info", "config.json"];
    assert.equal((await call(args, { "config.json": config })).code, 0);
  });

  it("exits with 2 when neither or both of a file and --model are given", async () => {
    assert.equal((await call(["fit"])).code, 2);
    assert.equal((await call(["fit", "-f", "s.yaml", "--tensor", "2"], { "s.yaml": service({}) })).code, 2);
    assert.equal((await call(["fit", "--model", "a/b", "--tensor", "two"])).code, 2);
    assert.equal((await call(["fit", "--model", "a/b", "--concurrency", "0"])).code, 2);
  });
});
