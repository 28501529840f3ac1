import assert from "node:assert/strict";
import { KSERVE_0_20, OWN } from "../../../../core/contract/behaviour.ts";
import { ENGINE, engineIn, issuesIn, make, namesIn, objectIn, podIn, serviceAccount } from "./given.ts";

const DECODE = { ...ENGINE, initContainers: [{ name: "llm-d-routing-sidecar", image: "sidecar" }] };
const PREFILL = { prefill: { template: ENGINE }, template: DECODE };
const GROUPS = { worker: ENGINE, parallelism: { data: 8, dataLocal: 2 } };

describe("the workload of a service", () => {
  it("is a Deployment with a Service if an engine is one pod", () => {
    const made = make({ spec: { replicas: 2 } });
    assert.deepEqual(namesIn(made), ["Deployment/chat-kserve", "Service/chat-kserve-workload-svc"]);
    assert.equal(objectIn(made, "Deployment").spec.replicas, 2);
    assert.deepEqual(issuesIn(made), []);
  });

  it("has one replica by default, and no replicas field with an autoscaler", () => {
    assert.equal(objectIn(make({}), "Deployment").spec.replicas, 1);
    const scaled = make({ spec: { scaling: { maxReplicas: 3, wva: { hpa: {} } } } });
    assert.equal(objectIn(scaled, "Deployment").spec.replicas, undefined);
  });

  it("has no objects while the service is stopped", () => {
    const stopped = { annotations: { "serving.kserve.io/stop": "True" } };
    assert.deepEqual(make({ metadata: stopped }).objects, []);
    const going = { annotations: { "serving.kserve.io/stop": "false" } };
    assert.equal(make({ metadata: going }).objects.length, 2);
  });

  it("has a second Deployment for prefill, and an account for the decode pods' sidecar", () => {
    const made = make({ spec: PREFILL });
    assert.deepEqual(namesIn(made), [
      "ServiceAccount/chat-kserve",
      "Role/chat-kserve-role",
      "RoleBinding/chat-kserve-rb",
      "Deployment/chat-kserve",
      "Deployment/chat-kserve-prefill",
      "Service/chat-kserve-workload-svc",
    ]);
    assert.equal(podIn(made).serviceAccountName, "chat-kserve");
    assert.equal(podIn(made, "chat-kserve-prefill").serviceAccountName, undefined);
    const roles = ["chat-kserve", "chat-kserve-prefill"].map(
      (name) => objectIn(made, "Deployment", name).spec.template.metadata.labels["llm-d.ai/role"],
    );
    assert.deepEqual(roles, ["decode", "prefill"]);
  });
});

describe("data-parallel copies", () => {
  const replicas = (spec: object, behaviour = OWN) => objectIn(make({ spec, behaviour }), "Deployment").spec.replicas;

  it("are pods: replicas × data / dataLocal", () => {
    assert.equal(replicas({ replicas: 2, parallelism: { data: 8, dataLocal: 4 } }), 4);
    assert.equal(replicas({ parallelism: { data: 3 } }), 3);
    assert.equal(replicas({ replicas: 0, parallelism: { data: 3 } }), 0);
  });

  it("do not add pods under compat", () => {
    assert.equal(replicas({ replicas: 2, parallelism: { data: 8, dataLocal: 4 } }, KSERVE_0_20), 2);
  });

  it("are decided by the autoscaler if there is one, and data is reported", () => {
    const made = make({ spec: { scaling: { maxReplicas: 3 }, parallelism: { data: 2 } } });
    assert.equal(objectIn(made, "Deployment").spec.replicas, undefined);
    assert.deepEqual(issuesIn(made), ["warning UnusedField spec.parallelism.data"]);
  });
});

describe("the port of data parallelism", () => {
  it("has no effect without groups, which is reported", () => {
    const issue = "warning UnusedField spec.parallelism.dataRPCPort";
    assert.deepEqual(issuesIn(make({ spec: { parallelism: { dataRPCPort: 5555 } } })), [issue]);
    assert.deepEqual(issuesIn(make({ spec: { worker: ENGINE, parallelism: { data: 2, dataRPCPort: 5555 } } })), []);
  });
});

describe("groups", () => {
  const sizes = (parallelism: object) =>
    objectIn(make({ spec: { worker: ENGINE, parallelism } }), "LeaderWorkerSet").spec.leaderWorkerTemplate.size;

  it("have data / dataLocal pods, or one pod for each pipeline stage", () => {
    assert.equal(sizes({ data: 8, dataLocal: 2 }), 4);
    assert.equal(sizes({ data: 8 }), 8);
    assert.equal(sizes({ pipeline: 3 }), 3);
  });

  it("have their own ServiceAccount, for leader and workers", () => {
    const made = make({ spec: { ...GROUPS, replicas: 2 } });
    assert.deepEqual(namesIn(made), [
      "ServiceAccount/chat-kserve-mn",
      "LeaderWorkerSet/chat-kserve-mn",
      "Service/chat-kserve-workload-svc",
    ]);
    const { replicas, leaderWorkerTemplate } = objectIn(made, "LeaderWorkerSet").spec;
    assert.equal(replicas, 2);
    const { leaderTemplate, workerTemplate } = leaderWorkerTemplate;
    assert.equal(leaderTemplate.spec.serviceAccountName, "chat-kserve-mn");
    assert.equal(workerTemplate.spec.serviceAccountName, "chat-kserve-mn");
  });

  it("serve through their leader, and through all pods if the leader has no template", () => {
    const served = (spec: object) => {
      const { leaderTemplate, workerTemplate } = objectIn(make({ spec }), "LeaderWorkerSet").spec.leaderWorkerTemplate;
      return [leaderTemplate, workerTemplate].map((pod) => pod?.metadata.labels["kserve.io/component"]);
    };
    assert.deepEqual(served(GROUPS), ["workload", undefined]);
    assert.deepEqual(served({ ...GROUPS, template: undefined }), [undefined, "workload"]);
  });

  it("of prefill are one subgroup only under compat", () => {
    const spec = { ...PREFILL, prefill: { template: ENGINE, ...GROUPS } };
    const subgroup = (behaviour = OWN) =>
      objectIn(make({ spec, behaviour }), "LeaderWorkerSet").spec.leaderWorkerTemplate.subGroupPolicy;
    assert.equal(subgroup(), undefined);
    assert.deepEqual(subgroup(KSERVE_0_20), { subGroupSize: 4 });
  });

  it("have the sidecar's rights once, and also KServe's unused ones under compat", () => {
    const spec = { ...PREFILL, ...GROUPS };
    const access = (behaviour = OWN) =>
      namesIn(make({ spec, behaviour })).filter((name) => /^(Service|Role)/.test(name));
    assert.deepEqual(access(), [
      "ServiceAccount/chat-kserve-mn",
      "Role/chat-kserve-mn-role",
      "RoleBinding/chat-kserve-mn-rb",
      "Service/chat-kserve-workload-svc",
    ]);
    assert.deepEqual(access(KSERVE_0_20), [
      "ServiceAccount/chat-kserve",
      "Role/chat-kserve-role",
      "RoleBinding/chat-kserve-rb",
      ...access(),
    ]);
  });
});

describe("labels and annotations", () => {
  const metadata = {
    labels: { "kueue.x-k8s.io/queue-name": "gpus", other: "x" },
    annotations: {
      "prometheus.io/scrape": "true",
      "leaderworkerset.sigs.k8s.io/exclusive-topology": "rack",
      other: "x",
    },
  };
  const identity = {
    "app.kubernetes.io/name": "chat",
    "app.kubernetes.io/part-of": "llminferenceservice",
    "app.kubernetes.io/component": "llminferenceservice-workload",
  };

  it("are not in selectors, so that labels and roles change in place", () => {
    const { spec } = objectIn(make({ metadata, spec: { labels: { team: "a" } } }), "Deployment");
    assert.deepEqual(spec.selector.matchLabels, identity);
    assert.deepEqual(spec.template.metadata.labels, {
      ...identity,
      "kueue.x-k8s.io/queue-name": "gpus",
      team: "a",
      "kserve.io/component": "workload",
      "llm-d.ai/role": "both",
    });
  });

  it("are all in selectors under compat", () => {
    const made = make({ metadata, spec: { labels: { team: "a" } }, behaviour: KSERVE_0_20 });
    const { spec } = objectIn(made, "Deployment");
    assert.deepEqual(spec.selector.matchLabels, spec.template.metadata.labels);
    assert.equal(spec.selector.matchLabels.team, "a");
  });

  it("cannot override an identifying label, which is reported", () => {
    const made = make({ spec: { labels: { "llm-d.ai/role": "prefill", "kserve.io/component": "workload" } } });
    assert.equal(objectIn(made, "Deployment").spec.template.metadata.labels["llm-d.ai/role"], "both");
    assert.deepEqual(issuesIn(made), ["warning UnusedField spec.labels[llm-d.ai/role]"]);
    const component = { "app.kubernetes.io/component": "llminferenceservice-workload" };
    assert.deepEqual(issuesIn(make({ spec: { ...GROUPS, labels: component } })).length, 2);
  });

  it("pass on annotations for other controllers; those of LeaderWorkerSet only on groups", () => {
    const asked = { annotations: { note: "n", "serving.kserve.io/model-based-routing-enabled": "true" } };
    const deployment = objectIn(make({ metadata, spec: asked }), "Deployment");
    assert.deepEqual(deployment.metadata.annotations, { "prometheus.io/scrape": "true" });
    assert.deepEqual(deployment.spec.template.metadata.annotations, { "prometheus.io/scrape": "true", note: "n" });
    const groups = objectIn(make({ metadata, spec: { ...asked, ...GROUPS } }), "LeaderWorkerSet");
    assert.deepEqual(Object.keys(groups.metadata.annotations), [
      "prometheus.io/scrape",
      "leaderworkerset.sigs.k8s.io/exclusive-topology",
    ]);
  });
});

describe("accounts", () => {
  it("take over the secrets of the namespace's default one", () => {
    const secrets = [{ name: "hf" }];
    const known = [serviceAccount("default", { secrets, imagePullSecrets: [{ name: "pull" }] })];
    const secret = { apiVersion: "v1", kind: "Secret", metadata: { name: "hf", namespace: "team" } };
    const made = make({ spec: PREFILL, known: [...known, secret] });
    const { secrets: copied, imagePullSecrets } = objectIn(made, "ServiceAccount");
    assert.deepEqual([copied, imagePullSecrets], [secrets, [{ name: "pull" }]]);
    assert.deepEqual(issuesIn(made), []);
  });

  it("that pods name are not created, and get the sidecar's rights", () => {
    const spec = { ...PREFILL, template: { ...DECODE, serviceAccountName: "mine" } };
    const made = make({ spec, known: [serviceAccount("mine")] });
    assert.equal(objectIn(made, "ServiceAccount"), undefined);
    assert.deepEqual(objectIn(made, "RoleBinding").subjects, [
      { kind: "ServiceAccount", name: "mine", namespace: "team" },
    ]);
    assert.equal(podIn(made).serviceAccountName, "mine");
    const kserve = make({ spec, known: [serviceAccount("mine")], behaviour: KSERVE_0_20 });
    assert.ok(namesIn(kserve).includes("RoleBinding/chat-kserve-mn-rb"));
  });

  it("that are unknown cause a warning, and are refused under compat", () => {
    const spec = { template: { ...ENGINE, serviceAccountName: "ghost" } };
    const at = "NotFound spec.template.serviceAccountName";
    assert.deepEqual(issuesIn(make({ spec })), [`warning ${at}`]);
    assert.deepEqual(issuesIn(make({ spec, behaviour: KSERVE_0_20 })), [`error ${at}`]);
  });

  it("of a group are the leader's; another account of the workers is reported", () => {
    const spec = {
      ...GROUPS,
      template: { ...ENGINE, serviceAccountName: "a" },
      worker: { ...ENGINE, serviceAccountName: "b" },
    };
    const made = make({ spec, known: [serviceAccount("a"), serviceAccount("b")] });
    const { workerTemplate } = objectIn(made, "LeaderWorkerSet").spec.leaderWorkerTemplate;
    assert.equal(workerTemplate.spec.serviceAccountName, "a");
    assert.deepEqual(issuesIn(made), ["warning UnusedField spec.worker.serviceAccountName"]);
  });
});

describe("the routing sidecar", () => {
  const poolName = (router: object | undefined) => {
    const [sidecar] = podIn(make({ spec: { ...PREFILL, router } })).initContainers ?? [];
    return sidecar?.env;
  };

  it("has the name of its pool as a flag when the service has a router", () => {
    assert.equal(poolName(undefined), undefined);
    assert.deepEqual(poolName({}), [{ name: "INFERENCE_POOL_NAME", value: "chat-inference-pool" }]);
    const ref = { scheduler: { pool: { ref: { name: "shared" } } } };
    assert.deepEqual(poolName(ref), [{ name: "INFERENCE_POOL_NAME", value: "shared" }]);
  });
});

describe("the certificate", () => {
  it("has a Secret with TLS, always under compat, and otherwise none", () => {
    assert.equal(objectIn(make({}), "Secret"), undefined);
    for (const given of [{ settings: { enableTLS: true } }, { behaviour: KSERVE_0_20 }]) {
      const secret = objectIn(make(given), "Secret");
      assert.equal(secret.type, "kubernetes.io/tls");
      assert.deepEqual(Object.keys(secret.stringData), ["ca.crt", "tls.crt", "tls.key"]);
      assert.deepEqual(Object.keys(secret.metadata.annotations), ["certificates.kserve.io/expiration"]);
    }
  });

  it("comes with https on the Service", () => {
    const ports = (enableTLS: boolean) => objectIn(make({ settings: { enableTLS } }), "Service").spec.ports;
    assert.deepEqual(ports(true), [
      { name: "https", protocol: "TCP", appProtocol: "https", port: 8000, targetPort: 8000 },
    ]);
    assert.equal(ports(false)[0].name, "http");
  });
});

describe("managed devices", () => {
  it("have a claim template with the class, number and selectors of the annotations", () => {
    const prefix = "serving.kserve.io/exp-dra-";
    const annotations = {
      [`${prefix}device-class`]: " gpu.nvidia.com ",
      [`${prefix}device-count`]: "2",
      [`${prefix}cel-selector`]: "device.a\n\n  device.b ",
    };
    const { metadata, spec } = objectIn(make({ metadata: { annotations } }), "ResourceClaimTemplate");
    assert.deepEqual(metadata, { name: "chat-managed-dra", namespace: "team" });
    assert.deepEqual(spec.spec.devices.requests, [
      {
        name: "device",
        exactly: {
          deviceClassName: "gpu.nvidia.com",
          count: 2,
          selectors: [{ cel: { expression: "device.a" } }, { cel: { expression: "device.b" } }],
        },
      },
    ]);
  });
});

describe("traces", () => {
  const tracing = { exporterEndpoint: "http://collector:4317", exporter: "otlp" };

  it("get no flag that the command or the args have in another form; KServe knows only its text", () => {
    const command = ["vllm", "serve", "/mnt/models", "--otlp_traces_endpoint=http://mine"];
    const template = { containers: [{ name: "main", command, args: ["--collect_detailed_traces", "model"] }] };
    assert.deepEqual(engineIn(make({ spec: { tracing, template } })).args, ["--collect_detailed_traces", "model"]);
    const added = ["--otlp-traces-endpoint", "http://collector:4317", "--collect-detailed-traces", "all"];
    const made = make({ spec: { tracing, template }, behaviour: KSERVE_0_20 });
    assert.deepEqual(engineIn(made).args?.slice(-4), added);
  });

  it("are sent by the engine, under its role's name, and what the user wrote stays", () => {
    const env = [{ name: "OTEL_TRACES_EXPORTER", value: "console" }];
    const template = { containers: [{ name: "main", args: ["--otlp-traces-endpoint=http://mine"], env }] };
    const made = make({ spec: { tracing, template } });
    const engine = engineIn(made);
    assert.deepEqual(engine.args, ["--otlp-traces-endpoint=http://mine", "--collect-detailed-traces", "all"]);
    const values = Object.fromEntries((engine.env ?? []).map(({ name, value }) => [name, value]));
    assert.equal(values["OTEL_TRACES_EXPORTER"], "console");
    assert.equal(values["OTEL_SERVICE_NAME"], "inference-server");
    const names = (behaviour: typeof OWN, spec: object) =>
      ["chat-kserve", "chat-kserve-prefill"].map((name) => {
        const made = make({ spec: { tracing, ...spec }, behaviour });
        if (podIn(made, name) === undefined) return undefined;
        return engineIn(made, name).env?.find((one) => one.name === "OTEL_SERVICE_NAME")?.value;
      });
    assert.deepEqual(names(OWN, PREFILL), ["inference-server-decode", "inference-server-prefill"]);
    assert.deepEqual(names(KSERVE_0_20, {}), ["inference-server-decode", undefined]);
  });

  it("are not exported without an endpoint, which is reported", () => {
    const made = make({ spec: { tracing: { exporter: "otlp" } } });
    assert.equal(engineIn(made).args, undefined);
    assert.deepEqual(issuesIn(made), ["warning UnusedField spec.tracing"]);
  });
});
