import assert from "node:assert/strict";
import { DEFAULT_SETTINGS } from "../../../../core/contract/options/settings.ts";
import type { Plan } from "../../../../core/contract/plan.ts";
import { presets } from "../../../../core/knowledge/stacks/stacks.ts";
import { plan } from "../../../../core/plan.ts";

const DIGEST = `@sha256:${"0".repeat(64)}`;
const SERVICE = {
  model: { uri: "hf://Qwen/Qwen2.5-7B-Instruct" },
  accelerator: "nvidia-l4",
  tuning: { maxModelLen: 4096 },
  router: { route: {}, scheduler: {} },
  template: { containers: [{ name: "main" }, { name: "side", image: "example.com/side:1" }] },
};

/**
 * The plan of a service; `images` are those of the engine, of the container next to it, of the scheduler and of the
 * initializer.
 */
function planned(
  spec: object,
  requireDigests: boolean | undefined,
  initializer = DEFAULT_SETTINGS.storageInitializer.image,
): Plan {
  return plan({
    service: {
      apiVersion: "serving.kserve.io/v1alpha2",
      kind: "LLMInferenceService",
      metadata: { name: "chat", namespace: "team" },
      spec,
    },
    configs: presets({ namespace: "kserve" }),
    settings: {
      ...DEFAULT_SETTINGS,
      storageInitializer: { ...DEFAULT_SETTINGS.storageInitializer, image: initializer },
      ...(requireDigests !== undefined && { requireDigests }),
    },
  });
}
const found = ({ issues }: Plan): string[] => issues.map(({ severity, code, path }) => `${severity} ${code} ${path}`);

describe("the setting requireDigests", () => {
  it("refuses each image that only has a tag, at the field or setting where it is written", () => {
    const refused = planned(SERVICE, true);
    assert.deepEqual(found(refused).sort(), [
      "error NoDigest settings.storageInitializer.image",
      "error NoDigest spec.router.scheduler.template.containers[name=main].image",
      "error NoDigest spec.template.containers[0].image",
      "error NoDigest spec.template.containers[1].image",
    ]);
    assert.deepEqual(refused.objects, []);
    const [side] = refused.issues.filter(({ path }) => path.endsWith("[1].image"));
    assert.match(side?.message ?? "", /the image "example.com\/side:1" has no digest/);
  });

  it("accepts a service whose images all have digests", () => {
    const engine = { image: `example.com/vllm:v0.23.0${DIGEST}` };
    const template = {
      containers: [
        { name: "main", ...engine },
        { name: "side", image: `example.com/side:1${DIGEST}` },
      ],
    };
    const scheduler = { template: { containers: [{ name: "main", image: `example.com/picker:1${DIGEST}` }] } };
    const fine = planned(
      { ...SERVICE, template, router: { route: {}, scheduler } },
      true,
      `example.com/init:1${DIGEST}`,
    );
    assert.deepEqual(
      found(fine).filter((text) => text.includes("NoDigest")),
      [],
    );
    assert.ok(fine.objects.length > 0, found(fine).join());
  });

  it("does not judge an image that is not known in a preview", () => {
    const template = { containers: [{ name: "main" }, { name: "side", image: "deferred-00ab-1-x" }] };
    const places = found(planned({ ...SERVICE, template }, true));
    assert.ok(!places.some((text) => text.includes("containers[1]")), places.join());
  });

  for (const off of [false, undefined]) {
    it(`refuses nothing when it is ${off ?? "not set"}`, () => assert.deepEqual(found(planned(SERVICE, off)), []));
  }
});
