import assert from "node:assert/strict";
import type { WrittenConfigSpec } from "../../../core/api/shorthands/shorthands.ts";
import { storedConfig, writtenConfig } from "../../../core/platform/config.ts";
import { deepFreeze } from "../stages/merge/freeze.ts";

const OURS = { resource: "nvidia.com/gpu", nodeSelector: { pool: "a" } };

function stored(spec: WrittenConfigSpec) {
  return storedConfig(deepFreeze(writtenConfig({ name: "base", namespace: "team" }, spec)), {
    accelerators: { ours: OURS },
  });
}
function pathsOf(spec: WrittenConfigSpec): string[] {
  return stored(spec).issues.map(({ code, path, layer }) => `${code} ${path} (${layer})`);
}
const main = (fields: object) => ({ containers: [{ name: "main", ...fields }] });
const gpus = (count: number) => ({ resources: { limits: { "nvidia.com/gpu": String(count) } } });

describe("storedConfig", () => {
  it("is the config itself if it only has KServe's fields", () => {
    const spec = { replicas: 2, template: main({ image: "vllm:1" }) };
    const { object, issues } = stored(spec);
    assert.deepEqual(
      { object, issues },
      { object: writtenConfig({ name: "base", namespace: "team" }, spec), issues: [] },
    );
  });

  it("has the fields that shorthands set, below those that the config sets", () => {
    const { object, issues } = stored({
      accelerator: "ours",
      tuning: { maxModelLen: 4096 },
      argsMerge: "flags",
      template: { ...main({ args: ["--max-num-seqs=16"] }), nodeSelector: { zone: "b" } },
    });
    assert.deepEqual(issues, []);
    assert.deepEqual(object.spec, {
      template: {
        nodeSelector: { pool: "a", zone: "b" },
        ...main({ ...gpus(1), args: ["--max-model-len=4096", "--max-num-seqs=16"] }),
      },
    });
  });

  it("has as many devices as the config's own sizes have ranks, in every role and in groups", () => {
    const { spec } = stored({
      accelerator: "ours",
      parallelism: { tensor: 4 },
      prefill: { accelerator: "ours", parallelism: { tensor: 2, pipeline: 2 }, template: main({}), worker: main({}) },
    }).object;
    assert.deepEqual(spec.template?.containers, main(gpus(4)).containers);
    assert.deepEqual(spec.prefill?.template?.containers, main(gpus(2)).containers);
    assert.deepEqual(spec.prefill?.worker?.containers, main(gpus(2)).containers);
    const written = stored({ accelerator: "ours", parallelism: { tensor: 4 }, template: main(gpus(8)) }).object;
    assert.deepEqual(written.spec.template?.containers, main(gpus(8)).containers);
  });

  it("leaves out spec.operations, which the stored object does not have", () => {
    const { object, issues } = stored({ replicas: 2, operations: { podDisruptionBudget: true } });
    assert.deepEqual([object.spec, issues], [{ replicas: 2 }, []]);
  });

  it("refuses fields that the object cannot have, and names the places that can", () => {
    assert.deepEqual(
      pathsOf({
        unset: ["template.nodeSelector"],
        unsetArgs: ["--seed"],
        argsMerge: "replace",
        prefill: { unsetArgs: ["--seed"] },
      }),
      ["spec.unset", "spec.unsetArgs", "spec.argsMerge", "spec.prefill.unsetArgs"].map(
        (path) => `UnknownField ${path} (config team/base)`,
      ),
    );
    assert.match(stored({ unset: ["replicas"] }).issues[0]?.fix ?? "", /`configs` of the services/);
  });

  it("refuses shorthands that have no effect", () => {
    assert.deepEqual(pathsOf({ accelerator: "theirs", tuning: { maxLen: 1 } as never }), [
      "UnknownAccelerator spec.accelerator (config team/base)",
      "UnknownField spec.tuning.maxLen (config team/base)",
    ]);
  });
});
