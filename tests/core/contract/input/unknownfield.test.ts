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
  ...(
    [
      ["secret", "secretName"],
      ["persistentVolumeClaim", "claimName"],
    ] as const
  ).map(([source, field]) => ({
    spec: { template: { containers: [{ name: "main" }], volumes: [{ name: "s", [source]: { name: "x" } }] } },
    path: `spec.template.volumes[0].${source}.name`,
    fix: `move it to spec.template.volumes[0].${source}.${field}`,
    writes: [`spec.template.volumes[0].${source}.name`, `spec.template.volumes[0].${source}.${field}`],
  })),
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
  {
    spec: { resources: { limits: { "nvidia.com/gpu": "2" } } },
    path: "spec.resources",
    fix: `move it to ${MAIN}.resources`,
    writes: ["spec.resources", `${MAIN}.resources`],
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
    writes: ["spec.template.containers[0].limits", "spec.template.containers[0].resources.limits"],
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
    fix: "write http instead, if that is meant, or remove it",
  },
  {
    spec: { template: { spec: { containers: [] } } },
    path: "spec.template.spec",
    fix: "write containers directly in spec.template",
    writes: ["spec.template.spec", "spec.template.containers"],
  },
  { spec: { prefil: {} }, path: "spec.prefil", fix: "did you mean prefill?", writes: ["spec.prefil", "spec.prefill"] },
  {
    spec: { router: { gateway: { name: "gw", namespace: "infra" } } },
    path: "spec.router.gateway.name",
    fix: "move it to spec.router.gateway.refs[0].name",
    writes: ["spec.router.gateway.name", "spec.router.gateway.namespace", "spec.router.gateway.refs"],
  },
  {
    spec: { router: { gateway: { name: "gw", namespace: "infra" } } },
    path: "spec.router.gateway.namespace",
    fix: "move it to spec.router.gateway.refs[0].namespace",
  },
  {
    spec: { router: { gateway: { ref: { name: "gw" } } } },
    path: "spec.router.gateway.ref",
    fix: "move it into the list spec.router.gateway.refs",
    writes: ["spec.router.gateway.ref", "spec.router.gateway.refs"],
  },
  {
    spec: { router: { gatewayRef: { name: "gw" } } },
    path: "spec.router.gatewayRef",
    fix: "move it into the list spec.router.gateway.refs",
    writes: ["spec.router.gatewayRef", "spec.router.gateway.refs"],
  },
  {
    spec: { router: { gateways: [{ name: "gw" }] } },
    path: "spec.router.gateways",
    fix: "move it to spec.router.gateway.refs",
    writes: ["spec.router.gateways", "spec.router.gateway.refs"],
  },
  {
    spec: { router: { route: { http: { hostname: "a.example.com" } } } },
    path: "spec.router.route.http.hostname",
    fix: "move it into the list spec.router.route.http.spec.hostnames",
    writes: ["spec.router.route.http.hostname", "spec.router.route.http.spec.hostnames"],
  },
  {
    spec: { router: { host: "a.example.com" } },
    path: "spec.router.host",
    fix: "move it into the list spec.router.route.http.spec.hostnames",
    writes: ["spec.router.host", "spec.router.route.http.spec.hostnames"],
  },
  {
    spec: { router: { rules: [] } },
    path: "spec.router.rules",
    fix: "move it to spec.router.route.http.spec.rules, or remove it",
    writes: ["spec.router.rules", "spec.router.route.http.spec.rules"],
  },
  {
    spec: { router: { enabled: true } },
    path: "spec.router.enabled",
    fix: "remove it: spec.router is on if it is set",
    writes: ["spec.router.enabled"],
  },
  {
    spec: { networkPolicy: true },
    path: "spec.networkPolicy",
    fix: "move it to spec.operations.networkPolicy",
    writes: ["spec.networkPolicy", "spec.operations.networkPolicy"],
  },
  {
    spec: { tracing: { enabled: "yes" } },
    path: "spec.tracing.enabled",
    fix: "remove it: spec.tracing is on if it is set",
    writes: ["spec.tracing.enabled"],
  },
  {
    spec: { tracing: { enabled: 0 } },
    path: "spec.tracing.enabled",
    fix: "remove spec.tracing, which is off if it is not set",
    writes: ["spec.tracing"],
  },
  {
    spec: { router: { scheduler: { enabled: false } } },
    path: "spec.router.scheduler.enabled",
    fix: "remove spec.router.scheduler, which is off if it is not set",
    writes: ["spec.router.scheduler"],
  },
  {
    spec: { router: { scheduler: { image: "a" } } },
    path: "spec.router.scheduler.image",
    fix: "move it to spec.router.scheduler.template.containers[name=main].image",
    writes: ["spec.router.scheduler.image", "spec.router.scheduler.template.containers[name=main].image"],
  },
  {
    spec: { router: { scheduler: { template: { args: ["--v=4"] } } } },
    path: "spec.router.scheduler.template.args",
    fix: "move it to spec.router.scheduler.template.containers[name=main].args",
    writes: ["spec.router.scheduler.template.args", "spec.router.scheduler.template.containers[name=main].args"],
  },
  {
    spec: { router: { scheduler: { nodeSelector: { a: "b" } } } },
    path: "spec.router.scheduler.nodeSelector",
    fix: "move it to spec.router.scheduler.template.nodeSelector",
    writes: ["spec.router.scheduler.nodeSelector", "spec.router.scheduler.template.nodeSelector"],
  },
  {
    spec: { router: { scheduler: { config: { plugins: [] } } } },
    path: "spec.router.scheduler.config.plugins",
    fix: "move it to spec.router.scheduler.config.inline.plugins",
    writes: ["spec.router.scheduler.config.plugins", "spec.router.scheduler.config.inline.plugins"],
  },
  {
    spec: { router: { scheduler: { schedulingProfiles: [] } } },
    path: "spec.router.scheduler.schedulingProfiles",
    fix: "move it to spec.router.scheduler.config.inline.schedulingProfiles",
    writes: ["spec.router.scheduler.schedulingProfiles", "spec.router.scheduler.config.inline.schedulingProfiles"],
  },
  {
    spec: { router: { scheduler: { config: { configMapRef: { name: "c" } } } } },
    path: "spec.router.scheduler.config.configMapRef",
    fix: "move it to spec.router.scheduler.config.ref",
    writes: ["spec.router.scheduler.config.configMapRef", "spec.router.scheduler.config.ref"],
  },
  {
    spec: { router: { inferencePool: { name: "shared" } } },
    path: "spec.router.inferencePool",
    fix: "move it to spec.router.scheduler.pool.ref",
    writes: ["spec.router.inferencePool", "spec.router.scheduler.pool.ref"],
  },
  {
    spec: { router: { replicas: 2 } },
    path: "spec.router.replicas",
    fix: "move it to spec.router.scheduler.replicas or spec.replicas, or remove it",
  },
  {
    spec: { scheduler: { replicas: 2 } },
    path: "spec.scheduler",
    fix: "move it to spec.router.scheduler, or remove it",
    writes: ["spec.scheduler", "spec.router.scheduler"],
  },
  {
    spec: { route: {} },
    path: "spec.route",
    fix: "move it to spec.router.route, or remove it",
    writes: ["spec.route", "spec.router.route"],
  },
  {
    spec: { epp: {} },
    path: "spec.epp",
    fix: "move it to spec.router.scheduler",
    writes: ["spec.epp", "spec.router.scheduler"],
  },
  {
    spec: { model: { name: "qwen", storageUri: "hf://a/b" } },
    path: "spec.model.storageUri",
    fix: "move it to spec.model.uri",
    writes: ["spec.model.storageUri", "spec.model.uri"],
  },
  {
    spec: { model: { name: "qwen", uri: "hf://a/b", maxModelLen: 4096 } },
    path: "spec.model.maxModelLen",
    fix: "move it to spec.tuning.maxModelLen",
    writes: ["spec.model.maxModelLen", "spec.tuning.maxModelLen"],
  },
  {
    spec: { model: { name: "qwen", uri: "hf://a/b", lora: { name: "l", uri: "hf://a/l" } } },
    path: "spec.model.lora.name",
    fix: "move it to spec.model.lora.adapters[0].name",
    writes: ["spec.model.lora.name", "spec.model.lora.uri", "spec.model.lora.adapters"],
  },
  {
    spec: { parallelism: { tensorParallelSize: 2 } },
    path: "spec.parallelism.tensorParallelSize",
    fix: "write tensor instead, if that is meant, or remove it",
  },
  {
    spec: { template: { metadata: { labels: { a: "b" } } } },
    path: "spec.template.metadata",
    fix: "move labels to spec.labels",
    writes: ["spec.template.metadata", "spec.labels"],
  },
  {
    spec: { template: { metadata: { labels: { a: "b" } } }, labels: {} },
    path: "spec.template.metadata",
    fix: "move labels to spec.labels",
  },
  {
    spec: { template: { limits: { cpu: "1" } } },
    path: "spec.template.limits",
    fix: "move it to spec.template.containers[name=main].resources.limits",
    writes: ["spec.template.limits", "spec.template.containers[name=main].resources.limits"],
  },
  {
    spec: { template: { imagePullSecret: "a" } },
    path: "spec.template.imagePullSecret",
    fix: "move it into the list spec.template.imagePullSecrets",
    writes: ["spec.template.imagePullSecret", "spec.template.imagePullSecrets"],
  },
  {
    spec: { autoscaling: { minReplicas: 1 } },
    path: "spec.autoscaling",
    fix: "move it to spec.scaling",
    writes: ["spec.autoscaling", "spec.scaling"],
  },
  {
    spec: { baseRef: { name: "a" } },
    path: "spec.baseRef",
    fix: "move it into the list spec.baseRefs",
    writes: ["spec.baseRef", "spec.baseRefs"],
  },
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
