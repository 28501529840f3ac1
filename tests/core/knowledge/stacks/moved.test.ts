import assert from "node:assert/strict";
import { STACKS } from "../../../../core/knowledge/stacks/stacks.ts";
import { compareServices } from "../../../../core/views/diff/services.ts";
import { planOf } from "../../stages/check/plan.ts";

const ACCELERATOR = "nvidia-h100-80gb";
/** Prefill and decode on separate pods, scheduled, with everything that the presets add. */
const SPEC = {
  model: { uri: "hf://Qwen/Qwen3-30B-A3B" },
  accelerator: ACCELERATOR,
  prefill: { accelerator: ACCELERATOR },
  router: { route: {}, gateway: {}, scheduler: {} },
};

const sideOf = (stack: string | undefined) => {
  const { objects, issues } = planOf(SPEC, { stack });
  assert.deepEqual(
    issues.filter(({ severity }) => severity === "error"),
    [],
  );
  return [{ name: "team/chat", objects }];
};
const changed = (before: string | undefined, after: string | undefined): string[] =>
  compareServices(sideOf(before), sideOf(after)).services.flatMap(({ objects }) =>
    objects.flatMap(({ object, fields }) => fields.map(({ path }) => `${object.kind} ${object.name} ${path}`)),
  );

describe("a service that moves from one release of the stack to the next", () => {
  const [oldest, next] = STACKS;

  it("changes in these fields, and in no other", () => {
    const pod = "spec.template.spec";
    const main = `${pod}.containers[name=main]`;
    const sidecar = `${pod}.initContainers[name=llm-d-routing-sidecar]`;
    assert.deepEqual(changed(oldest?.name, next?.name), [
      `Deployment chat-kserve ${main}.image`,
      `Deployment chat-kserve ${main}.args[--disable-access-log-for-endpoints]`,
      `Deployment chat-kserve ${main}.args[--shutdown-timeout]`,
      `Deployment chat-kserve ${sidecar}.image`,
      `Deployment chat-kserve ${sidecar}.command[--model-server-port]`,
      `Deployment chat-kserve ${sidecar}.command[--enable-ssrf-protection]`,
      `Deployment chat-kserve ${sidecar}.command[--vllm-port]`,
      `Deployment chat-kserve-prefill ${main}.image`,
      `Deployment chat-kserve-prefill ${main}.args[--disable-access-log-for-endpoints]`,
      `Deployment chat-kserve-prefill ${main}.args[--shutdown-timeout]`,
      "Deployment chat-kserve-router-scheduler spec.template.metadata.annotations[app.kubernetes.io/version]",
      `Deployment chat-kserve-router-scheduler ${main}.image`,
      `Deployment chat-kserve-router-scheduler ${main}.command[--drain-timeout]`,
      `Deployment chat-kserve-router-scheduler ${main}.args[--config-text]`,
    ]);
  });

  it("is byte for byte as before when it moves back, and when no release is named", () => {
    assert.equal(JSON.stringify(sideOf(oldest?.name)), JSON.stringify(sideOf(undefined)));
  });
});
