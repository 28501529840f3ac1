import assert from "node:assert/strict";
import { containerNamed, MAIN } from "../../../../core/kubernetes/workloads/pods.ts";
import { isLeaderWorkerSet, templatesOf } from "../../../../core/kubernetes/workloads/workloads.ts";
import { type PartialInput, planOf } from "../check/plan.ts";

const RANK = "--data-parallel-start-rank";

/** A group of two pods with eight ranks each, whose engines have an image and, of the leader, more flags. */
function group(image: string | undefined, args: readonly string[] = []) {
  const main = { name: MAIN, ...(image !== undefined && { image }) };
  return {
    model: { uri: "s3://bucket/own" },
    accelerator: "nvidia-h200-141gb",
    parallelism: { data: 16, dataLocal: 8, expert: true },
    template: { containers: [{ ...main, ...(args.length > 0 && { args: [...args] }) }] },
    worker: { containers: [main] },
  };
}

function leaderOf(spec: Record<string, unknown>, input: PartialInput = {}) {
  const { objects, issues } = planOf(spec, { checks: { UnknownModel: "off", UnknownEngineVersion: "off" }, ...input });
  const [leader] = objects.filter(isLeaderWorkerSet).flatMap(templatesOf);
  const args = (leader && containerNamed(leader.spec, MAIN)?.args) ?? [];
  return { args, told: issues.map(({ severity, code }) => `${severity} ${code}`) };
}

describe("the first rank of a group's leader", () => {
  it("is set if every release reads 0 as not set", () => {
    const { args, told } = leaderOf(group("vllm/vllm-openai:v0.27.1"));
    assert.ok(args.includes(`${RANK}=0`));
    assert.deepEqual(told, []);
  });

  it("is left out if vLLM would refuse headless followers", () => {
    for (const image of ["vllm/vllm-openai:v0.28.0", "vllm/vllm-openai:v0.33.0", "example.com/own/engine:latest"]) {
      const { args, told } = leaderOf(group(image));
      assert.ok(!args.some((word) => word.startsWith(RANK)), image);
      assert.deepEqual(told, []);
    }
  });

  it("follows engineVersion before the image", () => {
    const { args } = leaderOf(group("vllm/vllm-openai:v0.29.0"), { engineVersion: "0.26.0" });
    assert.ok(args.includes(`${RANK}=0`));
  });

  it("is an error if a user writes it for a release that refuses headless followers", () => {
    const { told } = leaderOf(group("vllm/vllm-openai:v0.29.0", [`${RANK}=0`]));
    assert.deepEqual(told, ["error Conflict"]);
    assert.deepEqual(leaderOf(group("vllm/vllm-openai:v0.27.0", [`${RANK}=0`])).told, []);
  });
});
