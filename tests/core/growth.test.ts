import assert from "node:assert/strict";
import { DEFAULT_SETTINGS } from "../../core/contract/options/settings.ts";
import { mergeArgs } from "../../core/knowledge/engine/flags/commandline.ts";
import { modelNamed } from "../../core/knowledge/models/catalogue/catalogue.ts";
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

/** Plans services with this text, repeated up to a length, in their URI, args and variables. */
function plansWith(text: string, length: number): void {
  const value = text.repeat(length / text.length);
  planned({ model: { uri: `oci://a/b${value}x` }, unset: [value] });
  planned({}, { args: [value, `--${value}`, `-${value}`] });
  const env = ["VLLM_ADDITIONAL_ARGS", "B"].map((name) => ({ name, value: `${value}x` }));
  planned({}, { env });
}

/** Seconds of processor time. */
function costOf(work: () => void): number {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
}

/** Less than a busy machine adds by chance. */
const FLOOR = 0.02;
/** Eight times as long a text costs eight times as much; with its square, it would cost 64 times as much. */
const TIMES = 8;
const MOST = 24;

/** Each input of the tests without a measurement is so large that quadratic work would take minutes. */
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
    for (const word of ["-", "1.", "a_"]) assert.equal(modelNamed(word.repeat(500_000)), undefined);
    assert.equal(nearest("replicass", ["model", "replicas"]), "replicas");
    for (const word of ["x", "1-"]) {
      const name = word.repeat(500_000);
      assert.equal(planned({ [name]: 1 }).issues[0]?.code, "UnknownField");
      assert.equal(planned({ accelerator: name }).issues[0]?.code, "UnknownAccelerator");
    }
  });

  it("does not grow with the square of a text's length, whatever the text is", () => {
    for (const text of ["/", " ", "[", ".", "{{", '"', '"\\', "a'", "0", "=", "--"]) {
      const [short, long] = [100_000 / TIMES, 100_000].map((length) => costOf(() => plansWith(text, length)));
      assert.ok(Number(long) <= MOST * Math.max(Number(short), FLOOR), `${text}: ${short} s, and ${long} s for more`);
    }
  });
});
