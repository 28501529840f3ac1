import assert from "node:assert/strict";
import { call, config, service } from "./cli.ts";

const ARGS = (seed: number) => ({ template: { containers: [{ name: "main", args: [`--seed=${seed}`] }] } });
const gpu = { accelerator: "nvidia-l4", replicas: 2 };
const files = {
  "a.yaml": service({ ...gpu, ...ARGS(1) }),
  "b.yaml": service({ ...gpu, ...ARGS(2) }),
  "prices.yaml": { "nvidia-l4": 0.5 },
};

describe("kserve-llm diff", () => {
  it("exits with 0 and prints that nothing differs for equal sides", async () => {
    assert.deepEqual(await call(["diff", "a.yaml", "a.yaml"], files), {
      code: 0,
      out: "1 service is unchanged\n",
      err: "",
    });
  });

  it("exits with 1 and prints object, field, values, effect and the cost of the rollout for a difference", async () => {
    const { code, out } = await call(["diff", "a.yaml", "b.yaml", "--prices", "prices.yaml"], files);
    assert.equal(code, 1);
    assert.match(out, /^default\/chat: restart\n~ Deployment chat-kserve {2}restart\n/);
    assert.match(out, /args\[--seed\] +1 +2 +restart$/m);
    assert.match(out, /^pods: 2 restart\nGPUs: 2 → 2 \(0\), 3 at the rollout's peak\ncost: 1 → 1 per hour \(0\)$/m);
  });

  it("prints the differences as JSON with --output json", async () => {
    const { out } = await call(["diff", "a.yaml", "b.yaml", "-o", "json"], files);
    const { services, impact } = JSON.parse(out);
    assert.deepEqual(
      [services[0].service, services[0].objects[0].fields[0].after, impact.podsRestarted],
      ["default/chat", "2", 2],
    );
  });

  it("lists which services change between two sets of configs, and which do not", async () => {
    const { code, out } = await call(["diff", "services", "--configs-a", "old", "--configs-b", "new"], {
      "services/pinned.yaml": service(ARGS(1), { name: "own" }),
      "services/based.yaml": service({ baseRefs: [{ name: "base" }] }, { name: "based" }),
      "old/base.yaml": config("base", ARGS(1)),
      "new/base.yaml": config("base", ARGS(2)),
    });
    assert.equal(code, 1);
    assert.match(out, /^default\/based: restart$/m);
    assert.doesNotMatch(out, /default\/own/);
    assert.match(out, /^1 service is unchanged$/m);
  });

  it("uses a given config instead of the preset of the same name", async () => {
    const main = { name: "main", image: "registry.example/vllm:v0.11.0" };
    const preset = config("kserve-config-llm-template", { template: { containers: [main] } }, "kserve");
    const { code, out } = await call(["diff", "a.yaml", "--configs-b", "p.yaml"], { ...files, "p.yaml": preset });
    assert.equal(code, 1);
    assert.match(out, /\.image +\S+ +registry\.example\S+ +restart/);
  });

  it("shows what moving a service to another release of the stack changes, and nothing after moving it back", async () => {
    const routed = { "s.yaml": service({ ...gpu, router: { route: {}, gateway: {}, scheduler: {} } }) };
    const { code, out } = await call(["diff", "s.yaml", "--stack-b", "llm-d-0.9", "-o", "json"], routed);
    assert.equal(code, 1);
    const [{ objects }] = JSON.parse(out).services;
    const changed = objects.flatMap(({ object, fields }: { object: { name: string }; fields: { path: string }[] }) =>
      fields.map(({ path }) => `${object.name} ${path}`),
    );
    const main = "spec.template.spec.containers[name=main]";
    assert.deepEqual(changed, [
      `chat-kserve ${main}.image`,
      `chat-kserve ${main}.args[--disable-access-log-for-endpoints]`,
      `chat-kserve ${main}.args[--shutdown-timeout]`,
      "chat-kserve-router-scheduler spec.template.metadata.annotations[app.kubernetes.io/version]",
      `chat-kserve-router-scheduler ${main}.image`,
      `chat-kserve-router-scheduler ${main}.command[--drain-timeout]`,
      `chat-kserve-router-scheduler ${main}.args[--config-text]`,
    ]);
    const back = await call(["diff", "s.yaml", "--stack-a", "llm-d-0.8"], routed);
    assert.deepEqual([back.code, back.out], [0, "1 service is unchanged\n"]);
  });

  it("compares a service with its stack's last state, without the engine's own annotations and secrets", async () => {
    const [deployment] = JSON.parse((await call(["render", "-f", "a.yaml", "-o", "json"], files)).out);
    const inputs = structuredClone(deployment);
    inputs.metadata.annotations = { "pulumi.com/waitFor": "x" };
    inputs.spec.template.spec.containers[0].image = { "4dabf18193072939515e22adb298388d": "x", ciphertext: "y" };
    const urn =
      "urn:pulumi:dev::p::my:Own$kserve-llm:index:LLMInferenceService$kubernetes:apps/v1:Deployment::chat/chat-kserve";
    const state = JSON.stringify({
      version: 3,
      deployment: { resources: [{ urn, inputs }, { urn: "urn:x::Stack::y" }] },
    });
    const { code, out } = await call(["diff", "state:s.json", "b.yaml", "-o", "json"], { ...files, "s.json": state });
    assert.equal(code, 1);
    const objects = JSON.parse(out).services[0].objects as {
      object: { kind: string };
      change: string;
      fields: { path: string }[];
    }[];
    const updated = objects.filter(({ change }) => change === "update");
    assert.deepEqual(
      updated.map(({ object, fields }) => [object.kind, fields.map(({ path }) => path)]),
      [["Deployment", ["spec.template.spec.containers[name=main].args[--seed]"]]],
    );
    assert.ok(objects.some(({ object, change }) => object.kind === "Service" && change === "create"));
  });

  it("compares rendered objects", async () => {
    const objects = JSON.parse((await call(["render", "-f", "a.yaml", "-o", "json"], files)).out) as object[];
    const rendered = { ...files, "r.yaml": objects };
    assert.equal((await call(["diff", "r.yaml", "a.yaml"], rendered)).code, 0);
    assert.equal((await call(["diff", "r.yaml", "b.yaml"], rendered)).code, 1);
  });

  it("exits with 2 when a side cannot be read or planned", async () => {
    assert.equal((await call(["diff", "missing.yaml", "a.yaml"], files)).code, 2);
    assert.equal((await call(["diff", "state:a.yaml", "a.yaml"], files)).code, 2);
    const refused = await call(["diff", "a.yaml", "x.yaml"], { ...files, "x.yaml": service({ replicas: -1 }) });
    assert.deepEqual([refused.code, refused.out], [2, ""]);
    assert.match(refused.err, /error InvalidValue spec\.replicas/);
    const priced = await call(["diff", "a.yaml", "b.yaml", "--prices", "p.yaml"], {
      ...files,
      "p.yaml": { x: "cheap" },
    });
    assert.match(priced.err, /the price of x is not a number/);
  });
});
