import assert from "node:assert/strict";
import { DEFAULT_SETTINGS } from "../../../../core/contract/options/settings.ts";
import { presets } from "../../../../core/knowledge/stacks/stacks.ts";
import { plan } from "../../../../core/plan.ts";

const MODEL = { uri: "hf://Qwen/Qwen2.5-7B-Instruct", name: "qwen" };

const MAIN = "spec.template.containers[name=main]";

interface Case {
  spec: Record<string, unknown>;
  path: string;
  fix: string | RegExp;
  /** The edits of `validate --fix`: removals first, then additions. */
  writes?: readonly string[];
}

/** Fields that users wrote where the API does not have them. */
const CASES: readonly Case[] = [
  {
    spec: { gateway: { refs: [{ name: "a" }] } },
    path: "spec.gateway",
    fix: "move it to spec.router.gateway, or remove it",
    writes: ["spec.gateway", "spec.router.gateway"],
  },
  {
    spec: { gateway: {}, router: { gateway: {} } },
    path: "spec.gateway",
    fix: "move it to spec.router.gateway, or remove it",
  },
  {
    spec: { minReplicas: 2 },
    path: "spec.minReplicas",
    fix: "move it to spec.scaling.minReplicas, or remove it",
  },
  {
    spec: { nodeSelector: { a: "b" } },
    path: "spec.nodeSelector",
    fix: "move it to spec.template.nodeSelector",
    writes: ["spec.nodeSelector", "spec.template.nodeSelector"],
  },
  {
    spec: { nodeSelector: { a: "b" }, worker: {} },
    path: "spec.nodeSelector",
    fix: "move it to spec.template.nodeSelector or spec.worker.nodeSelector",
  },
  {
    spec: { tolerations: [] },
    path: "spec.tolerations",
    fix: "move it to spec.template.tolerations",
    writes: ["spec.tolerations", "spec.template.tolerations"],
  },
  {
    spec: { tolerations: {} },
    path: "spec.tolerations",
    fix: "move it to spec.template.tolerations",
  },
  {
    spec: { maxModelLen: 8192 },
    path: "spec.maxModelLen",
    fix: "move it to spec.tuning.maxModelLen",
    writes: ["spec.maxModelLen", "spec.tuning.maxModelLen"],
  },
  {
    spec: { max_num_seqs: 8, tuning: { maxNumSeqs: 16 } },
    path: "spec.max_num_seqs",
    fix: "move it to spec.tuning.maxNumSeqs",
  },
  {
    spec: { template: { gpuMemoryUtilization: 0.9 } },
    path: "spec.template.gpuMemoryUtilization",
    fix: "move it to spec.tuning.gpuMemoryUtilization",
    writes: ["spec.template.gpuMemoryUtilization", "spec.tuning.gpuMemoryUtilization"],
  },
  {
    spec: { env: [{ name: "A", value: "b" }] },
    path: "spec.env",
    fix: `move it to ${MAIN}.env`,
    writes: ["spec.env", `${MAIN}.env`],
  },
  {
    spec: { template: { image: "a", containers: [{ name: "main", image: "b" }] } },
    path: "spec.template.image",
    fix: "move it to spec.template.containers[0].image",
  },
  {
    spec: { args: ["--max-num-seqs=8"] },
    path: "spec.args",
    fix: `move it to ${MAIN}.args`,
    writes: ["spec.args", `${MAIN}.args`],
  },
  {
    spec: { prefill: { env: [] } },
    path: "spec.prefill.env",
    fix: "move it to spec.prefill.template.containers[name=main].env",
    writes: ["spec.prefill.env", "spec.prefill.template.containers[name=main].env"],
  },
  {
    spec: { resources: {} },
    path: "spec.resources",
    fix: `move it to ${MAIN}.resources or spec.template.resources`,
  },
  { spec: { stack: "llm-d-0.9" }, path: "spec.stack", fix: "set it as the option stack, next to spec, not in it" },
  { spec: { prefil: true }, path: "spec.prefil", fix: /^remove it, or use one of: model, / },
  {
    spec: { router: { template: { containers: [] } } },
    path: "spec.router.template",
    fix: "move it to spec.router.scheduler.template or spec.template, or remove it",
  },
  {
    spec: { router: { route: { http: { rules: [] } } } },
    path: "spec.router.route.http.rules",
    fix: "move it to spec.router.route.http.spec.rules, or remove it",
    writes: ["spec.router.route.http.rules", "spec.router.route.http.spec.rules"],
  },
  {
    spec: { template: { containers: [{ name: "main", limits: { cpu: "1" } }] } },
    path: "spec.template.containers[0].limits",
    fix: "move it to spec.template.containers[0].resources.limits, or remove it",
  },
  {
    spec: { template: { containers: [{ name: "main", tolerations: [] }] } },
    path: "spec.template.containers[0].tolerations",
    fix: "move it to spec.template.tolerations, or remove it",
  },
  {
    spec: { template: { accelerator: "nvidia-l4" } },
    path: "spec.template.accelerator",
    fix: "move it to spec.accelerator, or remove it",
  },
  {
    spec: { router: { route: { httpRoute: {} } } },
    path: "spec.router.route.httpRoute",
    fix: "remove it, or write http, if that is meant",
  },
  {
    spec: { template: { spec: { containers: [] } } },
    path: "spec.template.spec",
    fix: "write containers directly in spec.template",
    writes: ["spec.template.spec", "spec.template.containers"],
  },
  { spec: { prefil: {} }, path: "spec.prefil", fix: "did you mean prefill?", writes: ["spec.prefil", "spec.prefill"] },
  {
    spec: { template: { containers: [], somethingElse: 1 } },
    path: "spec.template.somethingElse",
    fix: "remove it",
  },
];

describe("a field that the API does not have", () => {
  for (const { spec, path, fix, writes } of CASES) {
    it(`${JSON.stringify(spec)}: ${String(fix)}`, () => {
      const service = {
        apiVersion: "serving.kserve.io/v1alpha2",
        kind: "LLMInferenceService",
        metadata: { name: "chat" },
        spec: { model: MODEL, ...spec },
      };
      const issue = plan({
        service,
        configs: presets({ namespace: DEFAULT_SETTINGS.systemNamespace }),
        settings: DEFAULT_SETTINGS,
      }).issues.find((one) => one.path === path);
      assert.equal(issue?.code, "UnknownField");
      if (typeof fix === "string") assert.equal(issue.fix, fix);
      else assert.match(issue.fix ?? "", fix);
      assert.deepEqual(
        issue.fixes?.map((one) => one.path),
        writes,
      );
    });
  }
});
