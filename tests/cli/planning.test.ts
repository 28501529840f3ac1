import assert from "node:assert/strict";
import { bundleOf } from "../../core/platform/bundle.ts";
import { kserveLlm, service } from "./cli.ts";

const OWN = { uri: "hf://acme/own" };
const SHAPE = { num_hidden_layers: 24, hidden_size: 2048, num_attention_heads: 16, vocab_size: 32000 };
const files = {
  "own.yaml": service({ model: OWN, accelerator: "nvidia-l4" }),
  "chat.yaml": service({ accelerator: "nvidia-l4" }),
  "both.yaml": [
    service({ model: OWN, accelerator: "nvidia-l4" }, { name: "own" }),
    service({ accelerator: "nvidia-l4" }),
  ],
  "config.json": SHAPE,
  "large.json": { ...SHAPE, num_hidden_layers: 240, hidden_size: 8192, num_attention_heads: 64 },
};
const PLANNING = ["render", "merge", "validate", "explain", "graph", "fit"];
const run = (...args: string[]) => kserveLlm(args, files);

describe("what kserve-llm plans with", function () {
  this.timeout(90_000);

  it("is asked of every command that plans", () => {
    for (const command of PLANNING) {
      const { code, err } = run(command, "-f", "chat.yaml", "--engine-version", "newest");
      assert.equal(code, 1, command);
      assert.match(err, /error InvalidValue engineVersion \(settings\): "newest" is no release of vLLM/, command);
    }
  });

  it("tells the shape of a model that the catalogue does not have", () => {
    const strict = ["-f", "own.yaml", "--check", "UnknownModel=error"];
    assert.match(run("validate", ...strict).err, /error UnknownModel/);
    assert.equal(run("validate", ...strict, "--model-info", "config.json").code, 0);
    const large = run("render", ...strict, "--model-info", "large.json");
    assert.deepEqual([large.code, large.out], [1, ""]);
    assert.match(large.err, /error MemoryFit/);
  });

  it("keeps the shapes of several models apart", () => {
    const one = run("validate", "-f", "both.yaml", "--model-info", "large.json");
    assert.equal(one.code, 2);
    assert.match(one.err, /--model-info is of one model, and there are 2: write it as MODEL=FILE/);
    const { code, out } = run("validate", "-f", "both.yaml", "--model-info", "acme/own=large.json");
    assert.equal(code, 1);
    assert.match(out, /own: refused: 1 error\n.*chat: valid\n/);
  });

  it("changes the severity of what a check finds, over what the platform says", () => {
    const content = { checks: { UnknownModel: "error" as const } };
    const { bundle } = bundleOf(content, { systemNamespace: "kserve", recorded: false });
    const args = ["validate", "-f", "own.yaml", "--platform", "bundle.json"];
    const ofPlatform = kserveLlm(args, { ...files, "bundle.json": bundle });
    assert.equal(ofPlatform.code, 1);
    assert.match(ofPlatform.err, /error UnknownModel/);
    assert.equal(kserveLlm([...args, "--check", "UnknownModel=off"], { ...files, "bundle.json": bundle }).code, 0);
    assert.match(run("validate", "-f", "own.yaml", "--check", "NoSuch=off").err, /no check reports NoSuch/);
  });

  it("holds a rollout against the accelerators that are free", () => {
    const full = ["validate", "-f", "chat.yaml", "--free-devices", "nvidia.com/gpu=0"];
    assert.match(run(...full).err, /warning RolloutSurge/);
    assert.equal(run(...full, "--check", "RolloutSurge=error").code, 1);
    assert.equal(run("validate", "-f", "chat.yaml", "--free-devices", "nvidia.com/gpu=8").err, "");
  });

  it("differs from side to side of a comparison, and is the same where it is said once", () => {
    const { code, out } = run("diff", "chat.yaml", "--load-bytes-per-second-b", "20000000");
    assert.equal(code, 1);
    assert.match(out, /startupProbe\.failureThreshold .* restart$/m);
    assert.equal(run("diff", "chat.yaml", "--load-bytes-per-second", "20000000").code, 0);
    const check = ["promote", "check", "--from", "own.yaml", "--to", "own.yaml", "--check", "UnknownModel=error"];
    const refused = run(...check, "--model-info-from", "config.json");
    assert.equal(refused.code, 1);
    assert.match(refused.out, /to: error UnknownModel/);
    assert.doesNotMatch(refused.out, /from: error/);
    assert.equal(run(...check, "--model-info", "config.json").code, 0);
  });

  it("ends with 2 for what cannot be read", () => {
    for (const [option = "", value = ""] of [
      ["--free-devices", "nvidia.com/gpu"],
      ["--free-devices", "nvidia.com/gpu=many"],
      ["--check", "MemoryFit"],
      ["--model-info", "absent.json"],
    ]) {
      assert.equal(run("validate", "-f", "chat.yaml", option, value).code, 2, `${option} ${value}`);
    }
  });
});
