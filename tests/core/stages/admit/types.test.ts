import assert from "node:assert/strict";
import { DEFAULT_SETTINGS } from "../../../../core/contract/options/settings.ts";
import { presets } from "../../../../core/knowledge/stacks/stacks.ts";
import { plan } from "../../../../core/plan.ts";

const main = (fields: object) => ({ template: { containers: [{ name: "main", ...fields }] } });
const MAIN = "spec.template.containers[0]";
const inline = "plugins:\n- type: queue-scorer\n";

/** Values of another type than their field's, and what to write instead. */
const CASES: readonly [spec: object, path: string, fix: string][] = [
  [{ replicas: "3" }, "spec.replicas", "remove the quotes: 3"],
  [{ replicas: "three" }, "spec.replicas", "write a whole number"],
  [{ parallelism: { expert: "true" } }, "spec.parallelism.expert", "remove the quotes: true"],
  [{ parallelism: { expert: "Yes" } }, "spec.parallelism.expert", "write true"],
  [{ parallelism: { expert: 1 } }, "spec.parallelism.expert", "write true"],
  [{ storageInitializer: { enabled: "off" } }, "spec.storageInitializer.enabled", "write false"],
  [{ parallelism: { expert: "maybe" } }, "spec.parallelism.expert", "write true or false"],
  [{ router: true }, "spec.router", "write router: {route: {}, gateway: {}, scheduler: {}}, which turns it on"],
  [{ router: { route: "yes" } }, "spec.router.route", "write route: {}, which turns it on"],
  [{ prefill: false }, "spec.prefill", "remove it: prefill is off if it is not set"],
  [{ tracing: "on" }, "spec.tracing", "write tracing: {}, which turns it on"],
  [{ router: { gateway: "my-gw" } }, "spec.router.gateway", "write a mapping: {refs: [{name: my-gw}]}"],
  [{ router: { gateway: 5 } }, "spec.router.gateway", "write a mapping with refs"],
  [{ storageInitializer: false }, "spec.storageInitializer", 'write a mapping: {"enabled":false}'],
  [
    { operations: { monitoring: true } },
    "spec.operations.monitoring",
    "write a mapping with one or more of: podMonitor: true, serviceMonitor: true",
  ],
  [{ scaling: true }, "spec.scaling", "write a mapping with one or more of: minReplicas, maxReplicas, wva, keda"],
  [{ template: { terminationGracePeriodSeconds: "5m" } }, "spec.template.terminationGracePeriodSeconds", "write 300"],
  [main({ command: "vllm" }), `${MAIN}.command`, 'write a list: ["vllm"]'],
  [main({ args: [8000] }), `${MAIN}.args[0]`, 'put it in quotes: "8000"'],
  [
    { router: { scheduler: { config: { inline } } } },
    "spec.router.scheduler.config.inline",
    "write it as a mapping: remove the | before it",
  ],
  [
    { router: { scheduler: "default" } },
    "spec.router.scheduler",
    "write a mapping with one or more of: pool, labels, annotations, template, config, replicas, tokenizer",
  ],
  [main({ env: "A=b" }), `${MAIN}.env`, 'write a list: [{"name":"A","value":"b"}]'],
  [main({ env: ["A=b"] }), `${MAIN}.env[0]`, 'write a mapping: {"name":"A","value":"b"}'],
  [{ labels: ["a=b", "c=d"] }, "spec.labels", 'write a mapping: {"a":"b","c":"d"}'],
  [{ baseRefs: "a" }, "spec.baseRefs", 'write a list: [{"name":"a"}]'],
  [
    { template: { volumes: [{ name: "a", hostPath: "/data" }] } },
    "spec.template.volumes[0].hostPath",
    'write a mapping: {"path":"/data"}',
  ],
  [
    { template: { volumes: [{ name: "a", configMap: "b" }] } },
    "spec.template.volumes[0].configMap",
    "write a mapping: {name: b}",
  ],
  [main({ env: { A: "b" } }), `${MAIN}.env`, 'write a list: [{"name":"A","value":"b"}]'],
  [main({ ports: [8000] }), `${MAIN}.ports[0]`, 'write a mapping: {"containerPort":8000}'],
  [main({ livenessProbe: { httpGet: "/health" } }), `${MAIN}.livenessProbe.httpGet`, "write a mapping: {port: …}"],
  [{ router: { gateway: [{ name: "a" }] } }, "spec.router.gateway", 'write a mapping: {"refs":[{"name":"a"}]}'],
  [{ baseRefs: { name: "a" } }, "spec.baseRefs", 'write a list: [{"name":"a"}]'],
  [{ model: "hf://org/model" }, "spec.model", 'write a mapping: {"uri":"hf://org/model"}'],
];

describe("a value of another type than its field's", () => {
  for (const [spec, path, fix] of CASES) {
    it(`${JSON.stringify(spec)} is refused with the fix: ${fix}`, () => {
      const service = {
        apiVersion: "serving.kserve.io/v1alpha2",
        kind: "LLMInferenceService",
        metadata: { name: "chat" },
        spec: { model: { uri: "hf://Qwen/Qwen2.5-7B-Instruct", name: "qwen" }, ...spec },
      };
      const configs = presets({ namespace: DEFAULT_SETTINGS.systemNamespace });
      const issue = plan({ service, configs, settings: DEFAULT_SETTINGS }).issues.find((one) => one.path === path);
      assert.deepEqual([issue?.code, issue?.fix], ["WrongType", fix]);
    });
  }
});
