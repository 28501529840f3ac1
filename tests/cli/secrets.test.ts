import assert from "node:assert/strict";
import fc from "fast-check";
import { hideSecrets } from "../../cli/state/secrets.ts";
import type { KubernetesObject } from "../../core/kubernetes/objects.ts";
import { compareServices } from "../../core/views/diff/services.ts";
import { call, type Files } from "./cli.ts";

const SIGNATURE = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", ciphertext: "v1:x" };
const HIDDEN = "[secret]";

interface Variable {
  name: string;
  value: string;
}

function deployment(env: unknown, more: object = {}): KubernetesObject {
  const spec = { template: { spec: { containers: [{ name: "main", image: "vllm:1", env, ...more }] } } };
  return { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "chat", namespace: "default" }, spec };
}

function shownOf(before: KubernetesObject[], after: KubernetesObject[]): string {
  const side = (objects: KubernetesObject[]) => [{ name: "default/chat", objects }];
  return JSON.stringify(compareServices(...hideSecrets(side(before), side(after))));
}

describe("secrets in kserve-llm diff", () => {
  it("matches a value that the state keeps secret by its variable's name, at any place in the list", () => {
    const state = deployment([
      { name: "HF_TOKEN", value: HIDDEN },
      { name: "MODE", value: "fast" },
    ]);
    const plan = deployment([
      { name: "MODE", value: "slow" },
      { name: "HF_TOKEN", value: "hf_PLAIN" },
    ]);
    const shown = shownOf([state], [plan]);
    assert.doesNotMatch(shown, /hf_PLAIN/);
    assert.match(shown, /env\[name=MODE\]\.value","before":"fast","after":"slow"/);
  });

  it("hides a secret that has moved to another variable", () => {
    const state = deployment([
      { name: "HF_TOKEN", value: HIDDEN },
      { name: "MODE", value: "fast" },
    ]);
    assert.doesNotMatch(shownOf([state], [deployment([{ name: "HEADER", value: "hf_PLAIN" }])]), /hf_PLAIN/);
    const swapped = deployment([
      { name: "HF_TOKEN", value: "fast" },
      { name: "MODE", value: "hf_PLAIN" },
    ]);
    assert.doesNotMatch(shownOf([state], [swapped]), /hf_PLAIN/);
  });

  it("hides only the words of a command line that the state keeps secret", () => {
    const state = deployment([], { args: ["--api-key", HIDDEN, "--seed=1"] });
    const shown = shownOf([state], [deployment([], { args: ["--seed=1", "--api-key", "sk-PLAIN"] })]);
    assert.doesNotMatch(shown, /sk-PLAIN/);
  });

  it("hides a list without keys as a whole when one of its items is secret", () => {
    const state = deployment([], { envFrom: [{ prefix: "A" }, { prefix: HIDDEN }] });
    const shown = shownOf([state], [deployment([], { envFrom: [{ prefix: "PLAIN_" }, { prefix: "A" }] })]);
    assert.doesNotMatch(shown, /PLAIN_/);
  });

  it("shows neither a copy of a Secret in its annotations, nor texts of its data in other objects", async () => {
    const secret = (token: string) => {
      const data = { token: Buffer.from(token).toString("base64") };
      const copy = JSON.stringify({ apiVersion: "v1", kind: "Secret", data });
      const annotations = { "kubectl.kubernetes.io/last-applied-configuration": copy, "example.com/applied": copy };
      return { apiVersion: "v1", kind: "Secret", metadata: { name: "hf", namespace: "default", annotations }, data };
    };
    const files: Files = {
      "a.yaml": [secret("hf_FIRST"), deployment([{ name: "HEADER", value: "none" }])],
      "b.yaml": [secret("hf_SECOND"), deployment([{ name: "HEADER", value: "Bearer hf_SECOND" }])],
    };
    for (const format of ["table", "json"]) {
      const { out, err } = await call(["diff", "a.yaml", "b.yaml", "-o", format], files);
      assert.doesNotMatch(out + err, /hf_FIRST|hf_SECOND|aGZfRklSU1Q|aGZfU0VDT05E/);
      assert.match(out, /Bearer \[secret\]/);
    }
  });

  it("shows no secret text after any reordering and edit of variables", () => {
    const name = fc.constantFrom("A", "B", "C", "D", "E");
    const variables = fc.uniqueArray(fc.record({ name, value: fc.constantFrom("v1", "v2", "v3", "v4") }), {
      selector: (variable: Variable) => variable.name,
      minLength: 1,
    });
    const edit = fc.record({ order: fc.array(fc.nat(9)), rename: fc.boolean(), drop: fc.nat(9), swap: fc.boolean() });
    fc.assert(
      fc.property(variables, fc.nat(9), edit, (env, at, { order, rename, drop, swap }) => {
        const chosen = env[at % env.length]?.name;
        const isChosen = (one: Variable): boolean => one.name === chosen;
        const state = env.map((one) => (isChosen(one) ? { ...one, value: HIDDEN } : one));
        let plan = env.map((one) => (isChosen(one) ? { name: rename ? "Z" : one.name, value: "s3cr3t-TEXT" } : one));
        const [first, second] = plan;
        if (swap && first && second) {
          const swapped = [
            { ...first, value: second.value },
            { ...second, value: first.value },
          ];
          plan = [...swapped, ...plan.slice(2)];
        }
        plan = plan.filter((one, index) => one.value === "s3cr3t-TEXT" || index !== drop);
        for (const from of order) plan = [...plan.slice(from), ...plan.slice(0, from)];
        assert.doesNotMatch(shownOf([deployment(state)], [deployment(plan)]), /s3cr3t/);
        assert.doesNotMatch(shownOf([deployment(plan)], [deployment(state)]), /s3cr3t/);
      }),
    );
  });

  it("compares a state whose service is secret as a whole without an error", async () => {
    const urn = "urn:pulumi:dev::p::kserve-llm:index:LLMInferenceService$kubernetes:apps/v1:Deployment::chat/chat";
    const inputs = { ...deployment([]), spec: SIGNATURE };
    const files: Files = {
      "s.json": JSON.stringify({ version: 3, deployment: { resources: [{ urn, inputs }] } }),
      "b.yaml": deployment([{ name: "HEADER", value: "hf_PLAIN" }]),
    };
    const { code, out, err } = await call(["diff", "state:s.json", "b.yaml"], files);
    assert.deepEqual([code, err], [0, ""]);
    assert.doesNotMatch(out, /hf_PLAIN/);
  });
});
