import assert from "node:assert/strict";
import type { JsonObject } from "../../../core/kubernetes/json.ts";
import { leavesOf } from "../../../core/views/leaves.ts";
import { deepFreeze } from "../stages/merge/freeze.ts";

const ROWS: [what: string, document: JsonObject, type: string | undefined, leaves: Record<string, unknown>][] = [
  ["scalars and nulls", { a: { b: 1, c: null }, d: false }, undefined, { "a.b": 1, "a.c": null, d: false }],
  ["empty maps and lists are leaves", { a: {}, b: [] }, undefined, { a: {}, b: [] }],
  ["names that are no plain words stand in brackets", { l: { "a.b/c": 1 } }, undefined, { "l[a.b/c]": 1 }],
  ["a list of scalars is one leaf", { a: [1, 2] }, undefined, { a: [1, 2] }],
  ["items go by their place where no key is known", { a: [{ b: 1 }, {}] }, undefined, { "a[0].b": 1, "a[1]": {} }],
  [
    "items of a keyed list go by their key",
    { containers: [{ name: "main", image: "x" }] },
    "PodSpec",
    { "containers[name=main].name": "main", "containers[name=main].image": "x" },
  ],
  [
    "a key that stands twice is counted",
    { ports: [{ containerPort: 53 }, { containerPort: 53, protocol: "UDP" }] },
    "Container",
    {
      "ports[containerPort=53].containerPort": 53,
      "ports[containerPort=53#2].containerPort": 53,
      "ports[containerPort=53#2].protocol": "UDP",
    },
  ],
  [
    "a command line goes flag by flag, whatever is between",
    { args: ["/mnt/models", "--port=1", "--no-enable-x", "--list", "a", "b", "--port", "2"] },
    "Container",
    {
      "args[0]": "/mnt/models",
      "args[--port]": "1",
      "args[--enable-x]": false,
      "args[--list]": "a b",
      "args[--port#2]": "2",
    },
  ],
  [
    "a flag behind a template's condition has its name",
    { command: ["/app", "{{ if .X }}--a_b=1{{ end }}"] },
    "Container",
    { "command[0]": "/app", "command[--a-b]": "{{ if .X }}--a_b=1{{ end }}" },
  ],
  ["a script is no command line", { args: ["-c", "vllm --port=1"] }, "Container", { args: ["-c", "vllm --port=1"] }],
  ["directives are no fields", { $patch: "delete", image: "x" }, "Container", { image: "x" }],
];

describe("leavesOf", () => {
  for (const [what, document, type, leaves] of ROWS) {
    it(what, () => assert.deepEqual(Object.fromEntries(leavesOf(deepFreeze(document), type)), leaves));
  }
});
