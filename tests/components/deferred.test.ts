import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import { defer, tokensIn } from "../../components/inputs/deferred.ts";
import { follow, type Planning } from "../../components/inputs/dependence.ts";
import { restore } from "../../components/inputs/restore.ts";
import { explainUnknowns } from "../../components/inputs/unknown.ts";
import type { Issue } from "../../core/contract/issues/issue.ts";
import { runMocked, secretOf, UNKNOWN, Upstream, unknownOutput } from "./mocks.ts";

class Sink extends pulumi.CustomResource {
  constructor(name: string, props: pulumi.Inputs) {
    super("test:index:Sink", name, props);
  }
}

const isSecret = (value: unknown): boolean =>
  typeof value === "object" && value !== null && Object.keys(secretOf(0)).every((key) => key in value);

const nothing = (): Planning => ({ objects: [], values: {}, issues: [] });
const planner = (plan: (value: unknown) => unknown) => ({
  plan: (args: unknown): Planning => ({ ...nothing(), values: { value: plan(args) } }),
  nothing,
});

/** Defers the arguments, plans them with `plan`, and shows a resource with the result as it is on the wire. */
async function through(
  args: () => unknown,
  { plan = (value: unknown) => value, preview = true } = {},
): Promise<{ inputs: unknown; dependencies: string[]; propertyDependencies: Record<string, string[]> }> {
  const { registered } = await runMocked(
    async () => {
      const deferred = await defer(args());
      const { values } = restore(follow(deferred, planner(plan)), deferred);
      new Sink("sink", values);
    },
    { preview },
  );
  const sink = registered.find(({ name }) => name === "sink");
  assert.ok(sink);
  return { ...sink, inputs: sink.inputs["value"] };
}

describe("deferred values", () => {
  it("awaits known Outputs and promises and plans them as plain values", async () => {
    await runMocked(async () => {
      const args = {
        a: pulumi.output(1),
        b: [Promise.resolve("x")],
        c: pulumi.output({ d: [true, null] }),
        e: undefined,
      };
      const deferred = await defer(args);
      assert.deepEqual(deferred.planned, { a: 1, b: ["x"], c: { d: [true, null] } });
      const { secrets, sources } = follow(deferred, planner(String));
      assert.deepEqual([secrets, sources], [undefined, undefined]);
    });
  });

  it("gives an unknown value back at its leaf and nowhere else", async () => {
    const { inputs } = await through(() => ({ image: unknownOutput(), replicas: 2, list: ["a", unknownOutput()] }));
    assert.deepEqual(inputs, { image: UNKNOWN, replicas: 2, list: ["a", UNKNOWN] });
  });

  it("interpolates an unknown value inside of a longer text", async () => {
    const plan = (value: unknown): unknown => ({ args: [`--model=${(value as { name: string }).name}`, "--x"] });
    const { inputs } = await through(() => ({ name: unknownOutput() }), { plan });
    assert.deepEqual(inputs, { args: [UNKNOWN, "--x"] });
  });

  it("puts a value that becomes known into the text where its token stood", async () => {
    await runMocked(async () => {
      const late = pulumi.output("late");
      const leaf = { token: "deferred-5f1c7e-0-x", path: ["a"], output: late, known: false, secret: false };
      const deferred = { planned: "", leaves: [{ ...leaf, resources: new Set<pulumi.Resource>() }] };
      const plan = (): string => `<${leaf.token}|${leaf.token}>`;
      const { values } = restore(follow(deferred, planner(plan)), deferred);
      const text = await (values["value"] as unknown as { promise(): Promise<string> }).promise();
      assert.equal(text, "<late|late>");
    });
  });

  it("keeps the known fields of an Output that is partly unknown", async () => {
    const { inputs } = await through(() => ({
      env: pulumi.output([
        { name: "A", value: "known" },
        { name: "B", value: unknownOutput() },
      ]),
    }));
    assert.deepEqual(inputs, {
      env: [
        { name: "A", value: "known" },
        { name: "B", value: UNKNOWN },
      ],
    });
  });

  it("keeps a known secret secret, at its own leaf", async () => {
    const { inputs } = await through(() => ({ token: pulumi.secret("s3cret"), plain: "p" }));
    assert.deepEqual(inputs, { token: secretOf("s3cret"), plain: "p" });
  });

  const secretly = async (value: unknown, plan: (value: unknown) => unknown): Promise<unknown> =>
    (
      await through(() => ({ value: pulumi.secret(value) }), {
        plan: (args) => plan((args as { value: unknown }).value),
      })
    ).inputs;

  it("marks a list as secret when a secret decides its length, but no neighbouring value", async () => {
    const plan = (value: unknown): unknown => ({ words: String(value).split(" "), others: ["a"] });
    assert.deepEqual(await secretly("--seed 3 --api-key k", plan), {
      words: secretOf(["--seed", "3", "--api-key", "k"]),
      others: ["a"],
    });
  });

  it("marks a hash, a length, a part and a text around a secret as secret", async () => {
    const plan = (value: unknown): unknown => {
      const text = String(value);
      const hash = createHash("sha256").update(text).digest("hex");
      return { hash, length: text.length, first: text.slice(0, 3), quoted: JSON.stringify(text), plain: "plain" };
    };
    const sealed = (await secretly('a "quoted" secret', plan)) as Record<string, unknown>;
    const { plain, ...others } = sealed;
    assert.equal(plain, "plain");
    for (const [key, value] of Object.entries(others)) assert.ok(isSecret(value), key);
  });

  it("marks a map as secret when a secret decides its keys", async () => {
    const plan = (value: unknown): unknown => ({ labels: { [String(value)]: "x" } });
    assert.deepEqual(await secretly("team", plan), { labels: secretOf({ team: "x" }) });
  });

  it("marks secret numbers and booleans, and values computed from them, as secret", async () => {
    const plan = (value: unknown): unknown => ({ twice: Number(value) * 2, isBig: 5, value });
    assert.deepEqual(await secretly(21, plan), { twice: secretOf(42), isBig: 5, value: secretOf(21) });
    assert.deepEqual(await secretly(true, (value) => ({ value })), { value: secretOf(true) });
  });

  it("keeps the scheme of a URI and the name of a flag, so that the plan of a secret has the same structure", async () => {
    const plan = (value: unknown): unknown => {
      const [scheme, rest = ""] = String(value).split("://");
      return { scheme, parts: rest.split("/") };
    };
    assert.deepEqual(await secretly("pvc://claim/folder/x", plan), {
      scheme: "pvc",
      parts: [secretOf("claim"), secretOf("folder"), secretOf("x")],
    });
  });

  it("marks everything as secret when the plan with other values fails", async () => {
    const plan = (value: unknown): unknown => {
      if (value !== "valid") throw new TypeError("no such value");
      return { a: 1 };
    };
    assert.deepEqual(await secretly("valid", plan), secretOf({ a: 1 }));
  });

  it("keeps a text secret that contains two secrets and an unknown value", async () => {
    const known = { plan: (args: unknown) => Object.values(args as object).join("-") };
    const secrets = { a: pulumi.secret("one"), b: pulumi.secret("two") };
    assert.deepEqual((await through(() => secrets, known)).inputs, secretOf("one-two"));
    const mixed = await through(() => ({ ...secrets, c: unknownOutput() }), known);
    assert.deepEqual(mixed.inputs, secretOf(UNKNOWN));
  });

  it("depends on the resource that a known value comes from", async () => {
    const { propertyDependencies } = await through(() => ({ image: new Upstream("up").value }), { preview: false });
    assert.deepEqual(propertyDependencies["value"], ["urn:pulumi:stack::project::test:index:Upstream::up"]);
  });

  it("depends as a whole on a resource whose value changed the structure of the plan", async () => {
    await runMocked(async () => {
      const upstream = new Upstream("up", "3");
      const deferred = await defer({ replicas: upstream.value.apply(Number) });
      assert.deepEqual(deferred.planned, { replicas: 3 });
      assert.deepEqual(
        restore(
          follow(
            deferred,
            planner((value) => value),
          ),
          deferred,
        ).dependsOn,
        [upstream],
      );
    });
  });

  it("plans arguments that decide the whole plan as plain values, without tracing them", async () => {
    await runMocked(async () => {
      const deferred = await defer({ platform: new Upstream("up").value }, ["platform"]);
      assert.deepEqual(deferred.planned, { platform: "from-upstream" });
      assert.deepEqual(deferred.leaves, []);
    });
  });

  it("does not change its arguments and gives the same tokens each time", async () => {
    await runMocked(async () => {
      const args = Object.freeze({ list: Object.freeze([unknownOutput(), unknownOutput()]) });
      const [one, other] = [await defer(args), await defer(args)];
      assert.deepEqual(one.planned, other.planned);
      assert.equal(tokensIn(JSON.stringify(one.planned), one).length, 2);
    });
  });
});

describe("unknown values that decide structure", () => {
  const issue = (path: string, message = "wrong"): Issue => ({
    code: "WrongType",
    severity: "error",
    path,
    layer: "service",
    message,
  });

  it("are named with their field, the resource they come from and a fix", async () => {
    await runMocked(async () => {
      const deferred = await defer({ service: { spec: { replicas: unknownOutput([new Upstream("count")]) } } });
      const [found, ...others] = await explainUnknowns([issue("spec.replicas"), issue("spec.model")], [], deferred);
      assert.equal(found?.code, "UnknownValue");
      assert.equal(found?.path, "spec.replicas");
      assert.match(found?.message ?? "", /test:index:Upstream count/);
      assert.match(found?.fix ?? "", /literal or a configuration value/);
      assert.deepEqual(others, [issue("spec.model")]);
    });
  });

  it("are refused as the name of an object", async () => {
    await runMocked(async () => {
      const deferred = await defer({ service: { metadata: { name: unknownOutput() } } });
      const { service } = deferred.planned as { service: { metadata: { name: string } } };
      const object = { apiVersion: "v1", kind: "Service", metadata: { name: `${service.metadata.name}-svc` } };
      const found = await explainUnknowns([], [object], deferred);
      assert.deepEqual(
        found.map(({ code, path }) => [code, path]),
        [["UnknownValue", "metadata.name"]],
      );
    });
  });

  it("are not shown as tokens in warnings", async () => {
    await runMocked(async () => {
      const deferred = await defer({ service: { spec: { image: unknownOutput() } } });
      const { service } = deferred.planned as { service: { spec: { image: string } } };
      const remark: Issue = { ...issue("spec", `nothing is known of "${service.spec.image}"`), severity: "warning" };
      assert.deepEqual(await explainUnknowns([remark], [], deferred), [
        { ...remark, message: 'nothing is known of "[unknown]"' },
      ]);
    });
  });

  it("do not change issues about other values", async () => {
    await runMocked(async () => {
      const deferred = await defer({
        service: { spec: { replicasX: unknownOutput(), labels: { a: unknownOutput() } } },
      });
      const issues = [issue("spec.replicas"), issue("spec.labels")];
      assert.deepEqual(await explainUnknowns(issues, [], deferred), issues);
    });
  });
});
