import assert from "node:assert/strict";
import { call, config, service } from "./cli.ts";

const pods = (image: string) => ({ template: { containers: [{ name: "main", image }] } });
const environment = (namespace: string, replicas: number, image: string) => [
  service({ replicas, accelerator: "nvidia-l4", baseRefs: [{ name: "base" }] }, { namespace }),
  config("base", pods(image), namespace),
];
const files = {
  "staging/all.yaml": environment("staging", 1, "vllm:2"),
  "prod/all.yaml": environment("prod", 4, "vllm:2"),
  "old/all.yaml": environment("prod", 4, "vllm:1"),
  "expected.yaml": { service: ["namespace", "replicas"] },
};
const check = (to: string, ...more: string[]) =>
  call(["promote", "check", "--from", "staging", "--to", to, "--expected", "expected.yaml", ...more], files);

describe("kserve-llm promote check", () => {
  it("exits with 0 and prints the cost of the rollout when only expected fields differ", async () => {
    const { code, out, err } = await check("prod", "--now", "old");
    assert.deepEqual([code, err], [0, ""]);
    assert.match(out, /^prod\/chat: fine$/m);
    assert.match(out, /^pods: 4 restart\nGPUs: 4 → 4 \(0\), 5 at the rollout's peak$/m);
    assert.match(out, /^verdict: fine$/m);
  });

  it("exits with 1 and names both layers for an unexpected difference", async () => {
    const { code, out } = await check("old");
    assert.equal(code, 1);
    assert.match(out, /\.image +vllm:2 +config staging\/base +vllm:1 +config prod\/base$/m);
    assert.match(out, /^verdict: refused$/m);
  });

  it("prints the promotion check as JSON with --output json", async () => {
    const { verdict, services } = JSON.parse((await check("old", "-o", "json")).out);
    assert.deepEqual(
      [verdict, services[0].service, services[0].fields[0].from, services[0].objects[0].effect],
      ["refused", "prod/chat", "vllm:2", "restart"],
    );
  });

  it("exits with 1 for a service that only one side has", async () => {
    const both = {
      ...files,
      "more/all.yaml": [...files["prod/all.yaml"], service({}, { name: "other", namespace: "prod" })],
    };
    const args = ["promote", "check", "--from", "staging", "--to", "more", "--expected", "expected.yaml"];
    const { code, out } = await call(args, both);
    assert.equal(code, 1);
    assert.match(out, /^prod\/other: not in --from$/m);
  });

  it("exits with 2 when an input cannot be read", async () => {
    assert.equal((await check("nowhere")).code, 2);
    const wrong = { ...files, "expected.yaml": { replicas: true } };
    const args = ["promote", "check", "--from", "staging", "--to", "prod", "--expected", "expected.yaml"];
    const { code, err } = await call(args, wrong);
    assert.equal(code, 2);
    assert.match(err, /unknown field; known fields: service, settings, objects/);
  });
});
