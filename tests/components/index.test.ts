import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import {
  checkPromotion,
  type Expected,
  isFine,
  type LLMInferenceServiceArgs,
  NOTHING_EXPECTED,
  type Plan,
  type PlanInput,
  type Promotion,
  plan,
  planInput,
  readExpected,
} from "../../components/index.ts";
import { bundleOf } from "../../core/platform/bundle.ts";

const { bundle } = bundleOf({}, { systemNamespace: "kserve", recorded: false }, "2026-11");
type More = Partial<LLMInferenceServiceArgs>;
const chat = (more: More): LLMInferenceServiceArgs => ({
  model: { uri: "hf://Qwen/Qwen2.5-7B-Instruct" },
  accelerator: "nvidia-l4",
  platform: { "2026-11": bundle },
  release: "2026-11",
  ...more,
});

async function inputFor(more: More = {}): Promise<PlanInput> {
  const { input, issues } = await planInput("chat", chat(more));
  assert.deepEqual(issues, []);
  return input;
}

describe("plans in a program, without a stack", () => {
  it("plans the arguments of a service, Outputs among them", async () => {
    const { objects, issues }: Plan = plan(await inputFor({ replicas: pulumi.output(3) }));
    assert.ok(isFine(issues));
    const { metadata, spec } = objects.find(({ kind }) => kind === "Deployment") ?? assert.fail("it has one");
    assert.deepEqual([metadata.name, (spec as { replicas: number }).replicas], ["chat-kserve", 3]);
  });

  it("plans other services as before after a program changed the settings of one input", async () => {
    const planned = async (): Promise<PlanInput> =>
      (await planInput("chat", { model: { uri: "hf://Qwen/Qwen2.5-7B-Instruct" }, accelerator: "nvidia-l4" })).input;
    const before = plan(await planned());
    const { settings } = await planned();
    Object.assign(settings, { urlScheme: "https" });
    Object.assign(settings.storageInitializer, { image: "registry.example/own:1" });
    assert.deepEqual(plan(await planned()), before);
  });

  it("reports the same issues about a release and a digest as the component", async () => {
    const codes = async (more: More) => (await planInput("chat", chat(more))).issues.map(({ code }) => code);
    assert.deepEqual(await codes({ release: "2026-12" }), ["ReleaseNotFound"]);
    assert.deepEqual(await codes({ digest: `sha256:${"0".repeat(64)}` }), ["DigestMismatch"]);
  });

  it("checks a promotion of the same arguments", async () => {
    const from = await inputFor({ metadata: { namespace: "staging" } });
    const to = await inputFor({ metadata: { namespace: "prod" }, replicas: 4 });
    const verdictOf = (expected: Expected): Promotion["verdict"] => checkPromotion({ from, to, expected }).verdict;
    assert.equal(verdictOf({ ...NOTHING_EXPECTED, service: ["namespace"] }), "refused");
    const { expected = assert.fail("it is fine") } = readExpected({ service: ["namespace", "replicas"] });
    assert.equal(verdictOf(expected), "fine");
    // @ts-expect-error: what is expected must be said
    assert.throws(() => checkPromotion({ from, to }));
  });
});
