import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import {
  LLMInferenceService,
  type LLMInferenceServiceArgs,
  LLMInferenceServiceConfig,
  type LLMInferenceServiceConfigArgs,
} from "../../components/index.ts";
import { bundleOf } from "../../core/platform/bundle.ts";
import { construct } from "../../provider/construct.ts";
import { resolved, runMocked, unknownOutput } from "./mocks.ts";

const QWEN = { model: { uri: "hf://Qwen/Qwen2.5-7B-Instruct" }, accelerator: "nvidia-h100-80gb" };
const { bundle } = bundleOf({}, { systemNamespace: "kserve", recorded: false }, "blue");
const releases = { blue: bundle };

/** The answer of a component to these arguments: "" if it is made. */
async function refused(make: () => Promise<unknown>, preview: boolean): Promise<string> {
  // The provider reports each problem at its property.
  const text = (error: Error & { errors?: { propertyPath: string; reason: string }[] }): string =>
    error.errors?.map(({ propertyPath, reason }) => `${propertyPath} ${reason}`).join("\n") ?? error.message;
  return runMocked(() => make().then(() => "", text), { preview }).then(({ result }) => result, text);
}

const service = (more: object) => async (): Promise<unknown> =>
  resolved(new LLMInferenceService("chat", { ...QWEN, ...more } as LLMInferenceServiceArgs).url);
const config = (more: object) => async (): Promise<unknown> =>
  resolved(new LLMInferenceServiceConfig("base", { template: {}, ...more } as LLMInferenceServiceConfigArgs).manifest);
const remote = (more: object) => (): Promise<unknown> =>
  construct("chat", "kserve-llm:index:LLMInferenceService", { ...QWEN, ...more } as pulumi.Inputs, {});

/** Values that amount to nothing, as programs and the wire have them. */
const ABSENT: [string, () => unknown][] = [
  ["an Output of undefined", () => pulumi.output(undefined)],
  ["an Output of null", () => pulumi.output(null)],
  ["a promise of undefined", () => Promise.resolve(undefined)],
  ["a secret without a value", () => pulumi.secret(undefined)],
  ["null", () => null],
];

describe("an argument without a value", () => {
  for (const preview of [true, false])
    for (const [title, absent] of ABSENT) {
      const when = preview ? "in a preview" : "in an update";
      it(`does not count as a platform: ${title} is refused ${when}, for a service and a config in every language`, async () => {
        for (const make of [service, config, remote]) {
          const message = await refused(make({ platform: absent() }), preview);
          assert.match(message, /platform.* has no value: it comes from an output that does not exist or is empty/s);
          assert.equal(message.split("has no value").length, 2, "one problem is said once");
        }
      });

      it(`does not count as a pin: ${title} is refused ${when} as a release and as a digest`, async () => {
        for (const pin of ["release", "digest"]) {
          const given = { platform: pulumi.output(releases), release: "blue", digest: bundle.digest, [pin]: absent() };
          assert.match(await refused(service(given), preview), new RegExp(`WrongType ${pin}`));
        }
        const ofConfig = config({ platform: pulumi.output(releases), release: absent() });
        assert.match(await refused(ofConfig, preview), /WrongType release/);
      });
    }

  it("is left out if its value is undefined, and is awaited if its value is unknown", async () => {
    const none = { platform: undefined, release: undefined, digest: undefined };
    for (const make of [service, config, remote]) assert.equal(await refused(make(none), false), "");
    for (const make of [service, config])
      assert.match(await refused(make({ platform: unknownOutput() }), true), /UnknownValue platform/);
  });

  it("is not a platform without a release either", async () => {
    assert.match(await refused(service({ platform: pulumi.output({}) }), true), /WrongType platform .*is empty/);
  });
});
