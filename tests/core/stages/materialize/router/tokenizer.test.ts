import assert from "node:assert/strict";
import { KSERVE_0_21 } from "../../../../../core/contract/behaviour.ts";
import { stackNamed } from "../../../../../core/knowledge/stacks/stacks.ts";
import { containerIn, type Given, issuesIn, type Made, make, namesIn, objectIn, podIn } from "../given.ts";

const VERSION = "app.kubernetes.io/version";
const TOKENIZER = { template: { containers: [{ name: "main", image: "vllm" }] } };
const STACK = stackNamed("llm-d-0.9");
assert.ok(STACK);

/** A service whose scheduler, of this release, has these plugins. */
function scheduled(version: string, plugins: object[], scheduler: object = { tokenizer: TOKENIZER }): Given {
  const inline = { apiVersion: "llm-d.ai/v1alpha1", kind: "EndpointPickerConfig", plugins };
  const template = { containers: [{ name: "main", image: "epp" }] };
  const all = { annotations: { [VERSION]: version }, config: { inline }, template, ...scheduler };
  return { stack: STACK as NonNullable<typeof STACK>, spec: { router: { scheduler: all } } };
}

function configIn(made: Made): string {
  return containerIn(podIn(made, "chat-kserve-router-scheduler").containers, "main").args?.at(-1) ?? "";
}

describe("a separate tokenizer", () => {
  it("is a Deployment and a Service, with the model at the path that its command reads", () => {
    const made = make(scheduled("0.10.0", [{ type: "token-producer" }]));
    assert.deepEqual(issuesIn(made), []);
    const names = namesIn(made).filter((name) => name.endsWith("-tokenizer"));
    assert.deepEqual(names, ["Deployment/chat-tokenizer", "Service/chat-tokenizer"]);
    const pod = podIn(made, "chat-tokenizer");
    assert.deepEqual(containerIn(pod.containers, "main").volumeMounts?.at(-1)?.mountPath, "/mnt/models/base");
    assert.equal(pod.initContainers?.[0]?.name, "storage-initializer");
    assert.equal(objectIn(made, "Service", "chat-tokenizer").spec.ports[0].port, 8000);
  });

  it("is called by the token producer, over TLS if TLS is on", () => {
    const given = scheduled("0.10.0", [{ type: "token-producer" }]);
    assert.match(configIn(make(given)), /url: http:\/\/chat-tokenizer\.team\.svc\.cluster\.local:8000\n/);
    assert.match(configIn(make({ ...given, settings: { enableTLS: true } })), /url: https:\/\/chat-tokenizer/);
  });

  it("is not made for a scheduler of another pool, or one that cannot call it", () => {
    const elsewhere = scheduled("0.10.0", [], { tokenizer: TOKENIZER, pool: { ref: { name: "other" } } });
    for (const given of [elsewhere, scheduled("0.8.0", [])])
      assert.ok(!namesIn(make(given)).some((name) => name.endsWith("-tokenizer")));
  });

  it("causes a warning if a plugin needs it and no layer adds it", () => {
    const made = make(scheduled("0.10.0", [{ type: "token-producer" }], {}));
    assert.deepEqual(issuesIn(made), ["warning MissingField spec.router.scheduler.tokenizer"]);
  });
});

describe("the scheduler's flags for the metrics of engines", () => {
  const flags = ["--model-server-metrics-scheme=https", "--model-server-metrics-port", "9000"];
  const flagged = (version: string, args: string[] = flags): Given =>
    scheduled(version, [], { template: { containers: [{ name: "main", image: "epp", args }] } });
  const commandOf = (made: Made): string[] =>
    containerIn(podIn(made, "chat-kserve-router-scheduler").containers, "main").args ?? [];

  it("become parameters of a plugin for a scheduler that no longer has them", () => {
    const made = make(flagged("0.10.0"));
    assert.ok(!commandOf(made).some((arg) => arg.startsWith("--model-server") || arg === "9000"));
    assert.match(configIn(made), /parameters:\n {4}port: 9000\n {4}scheme: https\n {2}type: metrics-data-source\n/);
    assert.deepEqual(issuesIn(made), []);
  });

  it("stay for an older scheduler", () => {
    assert.deepEqual(commandOf(make(flagged("0.9.0"))).slice(0, flags.length), flags);
  });

  it("lose the port as in KServe v0.21, with a warning", () => {
    const made = make({ ...flagged("0.10.0"), behaviour: KSERVE_0_21 });
    assert.doesNotMatch(configIn(made), /9000/);
    assert.deepEqual(issuesIn(made), ["warning UnusedField spec.router.scheduler.template"]);
  });

  it("are refused if the port is none", () => {
    const made = make(flagged("0.10.0", ["--model-server-metrics-port=70000"]));
    assert.deepEqual(issuesIn(made), ["error InvalidValue spec.router.scheduler.template"]);
  });

  it("are refused if a switch is neither true nor false", () => {
    const made = make(flagged("0.10.0", ["--model-server-metrics-https-insecure-skip-verify=maybe"]));
    assert.deepEqual(issuesIn(made), ["error InvalidValue spec.router.scheduler.template"]);
  });

  it("complete a plugin that the user declares, unlike in KServe", () => {
    const declared = { type: "metrics-data-source", parameters: { path: "/m" } };
    const template = { containers: [{ name: "main", image: "epp", args: flags }] };
    const given = scheduled("0.10.0", [declared], { template });
    assert.match(configIn(make(given)), /path: \/m\n {4}port: 9000\n {4}scheme: https/);
    assert.doesNotMatch(configIn(make({ ...given, behaviour: KSERVE_0_21 })), /scheme: https/);
  });
});
