import assert from "node:assert/strict";
import { environmentOf } from "../../../tools/serving/environment.ts";
import { programOf } from "../../../tools/serving/images.ts";
import type { Pod } from "../../../tools/serving/types.ts";

describe("the replacement of an image", () => {
  it("is the endpoint picker with exactly the rendered command line", () => {
    const image = "ghcr.io/llm-d/llm-d-router-endpoint-picker:v0.9.0";
    const program = programOf({
      name: "main",
      image,
      command: ["/app/epp", "--pool-name=x"],
      args: ["--config-text", "a: b"],
    });
    assert.deepEqual(program, { binary: "epp", args: ["--pool-name=x", "--config-text", "a: b"] });
  });

  it("is the routing sidecar, by whichever name its image has", () => {
    for (const name of ["llm-d-router-disagg-sidecar:v0.9.0", "llm-d-routing-sidecar@sha256:0"]) {
      const program = programOf({
        name: "sidecar",
        image: `registry:5000/llm-d/${name}`,
        command: ["/app/pd-sidecar", "--port=8000"],
      });
      assert.deepEqual(program, { binary: "pd-sidecar", args: ["--port=8000"] });
    }
  });

  it("is the routing sidecar without SSRF protection, which does not work in its release, and reports this", () => {
    const command = ["/app/pd-sidecar", "--enable-ssrf-protection=true", "--port=8000"];
    const program = programOf({ name: "sidecar", image: "ghcr.io/llm-d/llm-d-router-disagg-sidecar:v0.9.0", command });
    assert.deepEqual(program?.args, ["--port=8000"]);
    assert.match(program.differs ?? "", /^--enable-ssrf-protection=true is left out/);
  });

  it("is the simulator for vLLM, and names the flags that the simulator does not have", () => {
    const args = [
      "/mnt/models",
      "--served-model-name",
      "a",
      "b",
      "--port=8000",
      "--tensor-parallel-size=2",
      "--lora-modules",
      "{}",
    ];
    const program = programOf({
      name: "main",
      image: "ghcr.io/llm-d/llm-d-cuda:v0.8.0",
      command: ["vllm", "serve"],
      args,
    });
    assert.equal(program?.binary, "llm-d-inference-sim");
    assert.equal(program.args[0], "--model=/mnt/models");
    const taken = ["--served-model-name", "a", "b", "--port=8000", "--lora-modules", "{}"];
    assert.deepEqual(program.args.slice(-taken.length), taken);
    assert.match(program.differs ?? "", /has no --tensor-parallel-size$/);
  });

  it("is nothing for the download of weights", () => {
    assert.equal(programOf({ name: "storage-initializer", image: "kserve/storage-initializer:v0.20.0" }), undefined);
  });
});

describe("the environment of a container that runs as a process", () => {
  const pod: Pod = {
    metadata: { name: "p", namespace: "n", uid: "1", labels: { role: "decode" } },
    spec: { nodeName: "node" },
    status: { podIP: "10.0.0.1" },
  };
  const field = (name: string, fieldPath: string) => ({ name, valueFrom: { fieldRef: { fieldPath } } });

  it("has the pod's fields, and values that name earlier ones", () => {
    const env = [
      field("IP", "status.podIP"),
      field("ROLE", "metadata.labels['role']"),
      { name: "URL", value: "http://$(IP):80/$(NONE)/$$(IP)" },
    ];
    assert.deepEqual(environmentOf({ name: "main", env }, pod), {
      IP: "10.0.0.1",
      ROLE: "decode",
      URL: "http://10.0.0.1:80/$(NONE)/$(IP)",
    });
  });
});
