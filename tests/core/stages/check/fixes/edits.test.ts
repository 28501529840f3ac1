import assert from "node:assert/strict";
import type { Fix } from "../../../../../core/contract/issues/issue.ts";
import type { JsonObject } from "../../../../../core/kubernetes/json.ts";
import { applyEdits, editsOf } from "../../../../../core/stages/check/fixes/edits.ts";
import { deepFreeze } from "../../merge/freeze.ts";

const MAIN = "spec.template.containers[name=main]";
const pod = (main: object): JsonObject => ({ spec: { template: { containers: [{ name: "main", ...main }] } } });

const CASES: Readonly<Record<string, { before: JsonObject; fix: Fix; after: JsonObject }>> = {
  "sets a field that is there": {
    before: pod({ image: "a" }),
    fix: { path: `${MAIN}.image`, value: "b" },
    after: pod({ image: "b" }),
  },
  "makes all that is missing on the way": {
    before: { spec: {} },
    fix: { path: `${MAIN}.livenessProbe.httpGet.port`, value: 8000 },
    after: pod({ livenessProbe: { httpGet: { port: 8000 } } }),
  },
  "adds an item to a list that has others": {
    before: { spec: { template: { containers: [{ name: "other" }] } } },
    fix: { path: `${MAIN}.image`, value: "b" },
    after: { spec: { template: { containers: [{ name: "other" }, { name: "main", image: "b" }] } } },
  },
  "removes a field, and nothing where there is none": {
    before: pod({ image: "a" }),
    fix: { path: `${MAIN}.image` },
    after: pod({}),
  },
  "removes an item of a list by its index": {
    before: { spec: { unset: ["a", "b"] } },
    fix: { path: "spec.unset[0]" },
    after: { spec: { unset: ["b"] } },
  },
  "changes a flag in the form that it has": {
    before: pod({ args: ["--block_size", "16", "--port=1"] }),
    fix: { path: `${MAIN}.args[--block-size]`, value: "32" },
    after: pod({ args: ["--block_size", "32", "--port=1"] }),
  },
  "changes a value below zero": {
    before: pod({ args: ["--max-num-seqs", "-1", "--port=1"] }),
    fix: { path: `${MAIN}.args[--max-num-seqs]`, value: "5" },
    after: pod({ args: ["--max-num-seqs", "5", "--port=1"] }),
  },
  "removes a flag with all values of its list": {
    before: pod({ args: ["--kv-cache-dtype-skip-layers", "0", "1", "--port=1"] }),
    fix: { path: `${MAIN}.args[--kv-cache-dtype-skip-layers]` },
    after: pod({ args: ["--port=1"] }),
  },
  "sets a list with several values to another": {
    before: pod({ args: ["--kv-cache-dtype-skip-layers", "0", "1", "2", "--port=1"] }),
    fix: { path: `${MAIN}.args[--kv-cache-dtype-skip-layers]`, value: "3" },
    after: pod({ args: ["--kv-cache-dtype-skip-layers", "3", "--port=1"] }),
  },
  "adds a flag behind the others": {
    before: pod({ args: ["--port=1"] }),
    fix: { path: `${MAIN}.args[--block-size]`, value: "32" },
    after: pod({ args: ["--port=1", "--block-size=32"] }),
  },
  "turns a switch off by its name": {
    before: pod({ args: ["--disable-hybrid-kv-cache-manager"] }),
    fix: { path: `${MAIN}.args[--disable-hybrid-kv-cache-manager]`, value: "false" },
    after: pod({ args: ["--no-disable-hybrid-kv-cache-manager"] }),
  },
  "removes a flag wherever it stands, with its value": {
    before: pod({ args: ["--port", "1", "--x=2", "--port=3"] }),
    fix: { path: `${MAIN}.args[--port]` },
    after: pod({ args: ["--x=2"] }),
  },
  "removes the list with its last flag, because an empty one would take away the flags of lower layers": {
    before: pod({ image: "a", args: ["--port", "1"] }),
    fix: { path: `${MAIN}.args[--port]` },
    after: pod({ image: "a" }),
  },
  "takes a flag of a lower layer away by unsetArgs": {
    before: { spec: {} },
    fix: { path: `${MAIN}.args[--port]` },
    after: { spec: { unsetArgs: ["--port"] } },
  },
  "changes the field of tuning that says a flag": {
    before: { spec: { prefill: { tuning: { blockSize: 16 } } } },
    fix: { path: "spec.prefill.template.containers[name=main].args[--block-size]", value: "32" },
    after: { spec: { prefill: { tuning: { blockSize: 32 } } } },
  },
  "changes the field of tuning that says a size": {
    before: { spec: { tuning: { tensorParallelSize: 4 } } },
    fix: { path: "spec.parallelism.tensor", value: 2 },
    after: { spec: { tuning: { tensorParallelSize: 2 } } },
  },
  "no longer unsets what it sets": {
    before: { spec: { unset: ["template.containers[main].image", "template.nodeSelector"], unsetArgs: ["--port"] } },
    fix: { path: `${MAIN}.image`, value: "b" },
    after: {
      spec: {
        unset: ["template.nodeSelector"],
        unsetArgs: ["--port"],
        template: { containers: [{ name: "main", image: "b" }] },
      },
    },
  },
  "writes a text of several lines as a word of its own": {
    before: { spec: { router: { scheduler: { template: { containers: [{ name: "main", args: [] }] } } } } },
    fix: { path: "spec.router.scheduler.template.containers[name=main].args[--config-text]", value: "a: 1\nb: 2\n" },
    after: {
      spec: {
        router: {
          scheduler: { template: { containers: [{ name: "main", args: ["--config-text", "a: 1\nb: 2\n"] }] } },
        },
      },
    },
  },
};

describe("a fix of a document", () => {
  for (const [name, { before, fix, after }] of Object.entries(CASES)) {
    it(name, () => {
      const frozen = deepFreeze(before);
      assert.deepEqual(applyEdits(frozen, editsOf(frozen, fix)), after);
    });
  }

  it("changes nothing if there is nothing to remove", () => {
    assert.deepEqual(editsOf(pod({}), { path: `${MAIN}.image` }), []);
    assert.deepEqual(
      editsOf({ spec: {} }, { path: "spec.router.scheduler.template.containers[name=main].args[--x]" }),
      [],
    );
  });
});
