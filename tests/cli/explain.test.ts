import assert from "node:assert/strict";
import { call, config, kserveLlm, service } from "./cli.ts";

const files = {
  "chat.yaml": [
    config("base", { tuning: { maxModelLen: 8192 } }),
    service({
      accelerator: "nvidia-l4",
      baseRefs: [{ name: "base" }],
      template: { containers: [{ name: "main", args: ["--max-model-len=4096"] }] },
    }),
  ],
};

describe("kserve-llm explain", () => {
  it("prints a table of each field with its value, its layer, its rule and the overridden values", async () => {
    const { code, out, err } = await call(["explain", "-f", "chat.yaml", "template.containers[main].args"], files);
    assert.deepEqual([code, err], [0, ""]);
    const [head = "", ...rows] = out.trimEnd().split("\n");
    assert.match(head, /^FIELD +VALUE +SET BY +RULE +OVER$/);
    assert.ok(
      rows.every((row) => row.startsWith("template.containers[name=main].args[")),
      out,
    );
    assert.match(out, /\[--max-model-len\] +4096 +service +merge +8192 of config default\/base \(tuning\)$/m);
  });

  it("writes no colour codes when the output is not a terminal", async () => {
    const { out } = kserveLlm(["explain", "-f", "chat.yaml"], files, { FORCE_COLOR: "1" });
    assert.ok(!out.includes("\u001b["));
  });

  it("prints the table as JSON with --output json", async () => {
    const { out } = await call(["explain", "-f", "chat.yaml", "template.nodeSelector", "-o", "json"], files);
    assert.deepEqual(JSON.parse(out), {
      service: "default/chat",
      fields: [
        {
          path: "template.nodeSelector[nvidia.com/gpu.product]",
          value: "NVIDIA-L4",
          layer: "service",
          rule: "accelerator",
          overrode: [],
        },
      ],
    });
  });

  it("names the layer that overrode the wanted flag (--why-not)", async () => {
    const { code, out } = await call(["explain", "-f", "chat.yaml", "--why-not", "--max-model-len=8192"], files);
    assert.equal(code, 0);
    assert.match(
      out,
      /is 4096, not 8192: service sets it, config default\/base \(tuning\) sets 8192 but is overridden\n$/,
    );
  });

  it("exits with 1 for a field that does not exist and for a service that is refused", async () => {
    const missing = await call(["explain", "-f", "chat.yaml", "template.container"], files);
    assert.deepEqual([missing.code, missing.out], [1, ""]);
    assert.match(missing.err, /has no field template\.container/);
    const refused = await call(["explain", "-f", "x.yaml"], { "x.yaml": service({ replicas: -1 }) });
    assert.equal(refused.code, 1);
    assert.match(refused.err, /error InvalidValue spec\.replicas/);
  });

  it("exits with 2 for a file that cannot be read", async () => {
    assert.equal((await call(["explain", "-f", "missing.yaml"])).code, 2);
    assert.equal((await call(["explain", "-f", "x.yaml"], { "x.yaml": "a: [" })).code, 2);
  });
});
