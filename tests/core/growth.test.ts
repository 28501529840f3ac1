import assert from "node:assert/strict";
import { DEFAULT_SETTINGS } from "../../core/contract/options/settings.ts";
import { mergeArgs } from "../../core/knowledge/engine/flags/commandline.ts";
import type { JsonObject } from "../../core/kubernetes/json.ts";
import { nearest } from "../../core/kubernetes/nearest.ts";
import { plan } from "../../core/plan.ts";
import { bundleOf, configsOf } from "../../core/platform/bundle.ts";

const { configs: PRESETS } = configsOf(bundleOf({}, { systemNamespace: "kserve", recorded: false }).bundle);
const many = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i));

function planned(fields: JsonObject, main: JsonObject = {}) {
  const spec = {
    model: { uri: "hf://Qwen/Qwen2.5-7B-Instruct" },
    accelerator: "nvidia-l4",
    template: { containers: [{ name: "main", ...main }] },
    ...fields,
  };
  const service = {
    apiVersion: "serving.kserve.io/v1alpha2",
    kind: "LLMInferenceService",
    metadata: { name: "chat" },
    spec,
  };
  return plan({ service, configs: PRESETS, settings: DEFAULT_SETTINGS });
}

/** Each input is so large that quadratic work would take minutes; the time-out of a test is 20 seconds. */
describe("the cost of large inputs", () => {
  it("grows with the number of args, of different flags and of keys of one flag", () => {
    const flags = many(50_000, (i) => `--flag-${i}=1`);
    assert.equal(mergeArgs(flags, flags).length, flags.length);
    const keys = many(50_000, (i) => `--overrides.k${i}=1`);
    assert.deepEqual(mergeArgs(keys, ["--overrides={}"]), ["--overrides={}"]);
    assert.deepEqual(mergeArgs([`--x${".a".repeat(200_000)}=1`], ["--x.a=1"]), ["--x.a=1"]);
  });

  it("grows with the number of environment variables", () => {
    const env = many(20_000, (i) => ({ name: `V${i}`, value: "x" }));
    assert.equal(planned({}, { env }).objects.length, 2);
  });

  it("does not grow with the square of a name's length", () => {
    assert.equal(nearest("x".repeat(1_000_000), ["replicas", "y".repeat(1_000_000)]), undefined);
    assert.equal(nearest("replicass", ["model", "replicas"]), "replicas");
    for (const word of ["x", "1-"]) {
      const name = word.repeat(500_000);
      assert.equal(planned({ [name]: 1 }).issues[0]?.code, "UnknownField");
      assert.equal(planned({ accelerator: name }).issues[0]?.code, "UnknownAccelerator");
    }
  });

  it("does not grow with the square of a text's length, whatever the text is", () => {
    for (const text of ["/", " ", "[", ".", "{{", '"', '"\\', "a'", "0", "=", "--"]) {
      const value = text.repeat(200_000 / text.length);
      planned({ model: { uri: `oci://a/b${value}x` }, unset: [value] });
      planned({}, { args: [value, `--${value}`, `-${value}`] });
      planned(
        {},
        {
          env: [
            { name: "VLLM_ADDITIONAL_ARGS", value: `${value}x` },
            { name: "B", value: `${value}x` },
          ],
        },
      );
    }
  });
});
