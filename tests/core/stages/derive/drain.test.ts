import assert from "node:assert/strict";
import type { PlanInput } from "../../../../core/contract/plan.ts";
import { flagValue } from "../../../../core/knowledge/engine/flags/commandline.ts";
import type { PodSpec } from "../../../../core/kubernetes/objects.ts";
import { planOf } from "../check/plan.ts";

const MODEL = { model: { uri: "hf://Qwen/Qwen3-30B-A3B" }, accelerator: "nvidia-h100-80gb" };
const QUIET = "/health,/metrics,/ping";
const planned = (spec: object, input: Partial<PlanInput> = {}) =>
  planOf({ ...MODEL, ...spec }, { stack: "llm-d-0.9", ...input }).spec;
const argsOf = (pod: PodSpec | undefined): readonly string[] =>
  pod?.containers?.find(({ name }) => name === "main")?.args ?? assert.fail("no engine");
const withMain = (main: object, pod: object = {}) => ({
  template: { ...pod, containers: [{ name: "main", ...main }] },
});
const drain = (pod: PodSpec | undefined) => flagValue(argsOf(pod), "shutdown-timeout");

describe("the drain of an engine", () => {
  const cases: Readonly<Record<string, [spec: object, expected: string | undefined]>> = {
    "is what the grace period leaves after the preStop hook and five seconds": [{}, "40"],
    "follows a longer grace period": [{ template: { terminationGracePeriodSeconds: 600 } }, "580"],
    "follows a preStop hook of another length": [
      withMain({ lifecycle: { preStop: { exec: { command: ["/bin/sleep", "30"] } } } }),
      "25",
    ],
    "follows a preStop hook that sleeps without a command": [
      withMain({ lifecycle: { preStop: { exec: null, sleep: { seconds: 10 } } } }),
      "45",
    ],
    "is never below zero": [{ template: { terminationGracePeriodSeconds: 0 } }, "0"],
    "is left to whoever sets it": [withMain({ args: ["--shutdown-timeout=7"] }), "7"],
    "is not asked of a release that has no such flag": [withMain({ image: "vllm/vllm-openai:v0.17.1" }), undefined],
    "is not asked of an image that does not tell its release": [
      withMain({ image: "registry.example/own:1" }),
      undefined,
    ],
  };
  for (const [title, [spec, expected]] of Object.entries(cases)) {
    it(title, () => assert.equal(drain(planned(spec)?.template), expected));
  }

  it("is set for an image of unknown release if engineVersion names the release", () => {
    const spec = withMain({ image: "registry.example/own:1" });
    assert.equal(drain(planned(spec, { engineVersion: "0.20.0" })?.template), "40");
  });

  it("is each pod's own, of leaders, followers and prefill", () => {
    const group = { parallelism: { data: 16, dataLocal: 8, expert: true } };
    const prefill = { ...group, accelerator: "nvidia-h100-80gb", worker: { terminationGracePeriodSeconds: 300 } };
    const worker = { terminationGracePeriodSeconds: 120 };
    const spec = planned({ ...group, worker, prefill, router: { route: {}, scheduler: {} } });
    const pods = [spec?.template, spec?.worker, spec?.prefill?.template, spec?.prefill?.worker];
    assert.deepEqual(pods.map(drain), ["40", "100", "40", "280"]);
  });

  it("is the engine's default on the oldest stack", () => {
    const args = argsOf(planned({}, { stack: "llm-d-0.8" })?.template);
    assert.equal(flagValue(args, "shutdown-timeout"), undefined);
    assert.equal(flagValue(args, "disable-access-log-for-endpoints"), undefined);
  });
});

describe("the access log of an engine", () => {
  const flags = (spec: object) => {
    const args = argsOf(planned(spec)?.template);
    return ["disable-access-log-for-endpoints", "disable-uvicorn-access-log"].map((flag) => flagValue(args, flag));
  };

  it("leaves out probes and metrics", () => assert.deepEqual(flags({}), [QUIET, undefined]));

  it("is turned off as a whole if the release cannot leave out single paths", () => {
    assert.deepEqual(flags(withMain({ image: "vllm/vllm-openai:v0.15.1" })), [undefined, "true"]);
  });

  it("is not changed if a layer sets the flag", () => {
    assert.deepEqual(flags(withMain({ args: ["--disable-access-log-for-endpoints=/x"] })), ["/x", undefined]);
    assert.deepEqual(flags(withMain({ args: ["--no-disable-uvicorn-access-log"] })), [undefined, "false"]);
  });
});

describe("the drain of the scheduler", () => {
  const command = (template: object, stack: string) => {
    const spec = planned({ router: { route: {}, scheduler: { template } } }, { stack });
    return spec?.router?.scheduler?.template?.containers?.[0]?.command ?? [];
  };

  it("follows from its own grace period, if the release has the flag", () => {
    assert.ok(command({}, "llm-d-0.9").includes("--drain-timeout=40s"));
    assert.ok(command({ terminationGracePeriodSeconds: 120 }, "llm-d-0.9").includes("--drain-timeout=100s"));
    assert.ok(!command({}, "llm-d-0.8").some((word) => word.startsWith("--drain-timeout")));
  });
});
