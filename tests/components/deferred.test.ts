import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { defer, restore, tokensIn } from "../../components/deferred.ts";
import { explainUnknowns } from "../../components/unknown.ts";
import type { Issue } from "../../core/contract/issue.ts";
import { runMocked, secretOf, UNKNOWN, Upstream, unknownOutput } from "./mocks.ts";

class Sink extends pulumi.CustomResource {
  constructor(name: string, props: pulumi.Inputs) {
    super("test:index:Sink", name, props);
  }
}

/** Defers the arguments, plans them with `plan`, and shows what a resource with the outcome looks like on the wire. */
async function through(
  args: () => unknown,
  { plan = (value: unknown) => value, preview = true, twin = true } = {},
): Promise<{ inputs: unknown; dependencies: string[]; propertyDependencies: Record<string, string[]> }> {
  const { registered } = await runMocked(
    async () => {
      const deferred = await defer(args());
      const traced = deferred.traced === undefined || !twin ? undefined : plan(deferred.traced);
      const { value, dependsOn } = restore(plan(deferred.planned), traced, deferred);
      new Sink("sink", { value, dependsOn: [] as string[], needed: dependsOn.length });
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
      const { planned, traced } = await defer(args);
      assert.deepEqual(planned, { a: 1, b: ["x"], c: { d: [true, null] } });
      assert.equal(traced, undefined);
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
      const deferred = { planned: "", traced: undefined, leaves: [{ ...leaf, resources: new Set<pulumi.Resource>() }] };
      const { value } = restore({ text: `<${leaf.token}|${leaf.token}>` }, undefined, deferred);
      const text = await (value.text as unknown as { promise(): Promise<string> }).promise();
      assert.equal(text, "<late|late>");
    });
  });

  it("takes an Output that is partly unknown apart", async () => {
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

  it("keeps a secret secret where no second plan tells where it went", async () => {
    const { inputs } = await through(() => ({ token: pulumi.secret("s3cret") }), { twin: false });
    assert.deepEqual(inputs, { token: secretOf("s3cret") });
  });

  it("depends on the resource that a known value comes from", async () => {
    const { propertyDependencies } = await through(() => ({ image: new Upstream("up").value }), { preview: false });
    assert.deepEqual(propertyDependencies["value"], ["urn:pulumi:stack::project::test:index:Upstream::up"]);
  });

  it("depends as a whole on what a value shaped without leaving a trace", async () => {
    await runMocked(async () => {
      const upstream = new Upstream("up", "3");
      const deferred = await defer({ replicas: upstream.value.apply(Number) });
      assert.deepEqual(deferred.planned, { replicas: 3 });
      assert.deepEqual(restore(deferred.planned, deferred.traced, deferred).dependsOn, [upstream]);
    });
  });

  it("plans what decides everything as plain values, without tracing it", async () => {
    await runMocked(async () => {
      const deferred = await defer({ platform: new Upstream("up").value }, ["platform"]);
      assert.deepEqual(deferred.planned, { platform: "from-upstream" });
      assert.equal(deferred.traced, undefined);
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

describe("unknown values where structure is decided", () => {
  const issue = (path: string, message = "wrong"): Issue => ({
    code: "WrongType",
    severity: "error",
    path,
    layer: "service",
    message,
  });

  it("are named with their field, the resource they come from and the way out", async () => {
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

  it("are not shown by their token in what is only remarked", async () => {
    await runMocked(async () => {
      const deferred = await defer({ service: { spec: { image: unknownOutput() } } });
      const { service } = deferred.planned as { service: { spec: { image: string } } };
      const remark: Issue = { ...issue("spec", `nothing is known of "${service.spec.image}"`), severity: "warning" };
      assert.deepEqual(await explainUnknowns([remark], [], deferred), [
        { ...remark, message: 'nothing is known of "[unknown]"' },
      ]);
    });
  });

  it("leave issues alone that are not about them", async () => {
    await runMocked(async () => {
      const deferred = await defer({
        service: { spec: { replicasX: unknownOutput(), labels: { a: unknownOutput() } } },
      });
      const issues = [issue("spec.replicas"), issue("spec.labels")];
      assert.deepEqual(await explainUnknowns(issues, [], deferred), issues);
    });
  });
});
