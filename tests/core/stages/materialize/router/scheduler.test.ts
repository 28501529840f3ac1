import assert from "node:assert/strict";
import { parse } from "yaml";
import { KSERVE_0_20, OWN } from "../../../../../core/contract/behaviour.ts";
import type { Container, KubernetesObject, PodSpec } from "../../../../../core/kubernetes/objects.ts";
import { type Given, issuesIn, make, objectIn, serviceAccount } from "../given.ts";

const NAME = "chat-kserve-router-scheduler";
const IDENTITY = {
  "app.kubernetes.io/name": "chat",
  "app.kubernetes.io/part-of": "llminferenceservice",
  "app.kubernetes.io/component": "llminferenceservice-router-scheduler",
};
const TEMPLATE: PodSpec = { containers: [{ name: "main", image: "epp" }] };

function schedule(scheduler: object = {}, given: Given = {}) {
  const router = { scheduler: { template: TEMPLATE, ...scheduler } };
  return make({ ...given, spec: { router, ...given.spec } });
}
function podOf(made: ReturnType<typeof schedule>): PodSpec {
  return objectIn(made, "Deployment", NAME).spec.template.spec;
}
function mainOf(made: ReturnType<typeof schedule>): Container {
  return podOf(made).containers?.find(({ name }) => name === "main") as Container;
}
const withMain = (main: object) => ({ template: { containers: [{ name: "main", ...main }] } });

describe("the scheduler", () => {
  it("comes with its access, its Service and its pool", () => {
    const own = schedule().objects.filter(
      ({ metadata }) => metadata.labels?.["app.kubernetes.io/component"] === IDENTITY["app.kubernetes.io/component"],
    );
    assert.deepEqual(
      own.map(({ kind, metadata: { namespace, name } }) => [kind, namespace, name]),
      [
        ["ServiceAccount", "team", "chat-epp-sa"],
        ["ClusterRoleBinding", undefined, "team-chat-epp-auth-rb"],
        ["Role", "team", "chat-epp-role"],
        ["RoleBinding", "team", "chat-epp-rb"],
        ["Deployment", "team", NAME],
        ["Service", "team", "chat-epp-service"],
        ["InferencePool", "team", "chat-inference-pool"],
      ],
    );
  });

  it("is not created for an existing pool", () => {
    const made = schedule({ pool: { ref: { name: "theirs" } } });
    assert.equal(objectIn(made, "Deployment", NAME), undefined);
    assert.equal(objectIn(made, "InferencePool"), undefined);
  });

  it("is selected by fixed labels; the user's labels are only on its pods", () => {
    const { metadata, spec } = objectIn(schedule({ labels: { tier: "gold" } }), "Deployment", NAME);
    assert.deepEqual([metadata.labels, spec.selector.matchLabels], [IDENTITY, IDENTITY]);
    assert.deepEqual(spec.template.metadata.labels, { tier: "gold", ...IDENTITY });
  });

  it("keeps its identifying labels, and reports a user's label of the same key", () => {
    const made = schedule({ labels: { "app.kubernetes.io/name": "other" } });
    assert.deepEqual(objectIn(made, "Deployment", NAME).spec.template.metadata.labels, IDENTITY);
    assert.deepEqual(issuesIn(made), ["warning UnusedField spec.router.scheduler.labels[app.kubernetes.io/name]"]);
  });

  it("has the user's labels in its selector under compat", () => {
    const made = schedule({ labels: { tier: "gold" } }, { behaviour: KSERVE_0_20 });
    const { metadata, spec } = objectIn(made, "Deployment", NAME);
    const all = { ...IDENTITY, tier: "gold" };
    assert.deepEqual([metadata.labels, spec.selector.matchLabels, spec.template.metadata.labels], [all, all, all]);
  });

  it("serves the ports that have a name for it, by that name", () => {
    const sidecar = { name: "sidecar", ports: [{ name: "http", containerPort: 80 }] };
    const ports = [
      { name: "metrics", containerPort: 9090 },
      { name: "grpc", containerPort: 9002, protocol: "TCP" },
    ];
    const pool = { spec: { endpointPickerRef: { name: "picker" } } };
    const made = schedule({ template: { containers: [{ name: "main", ports }, sidecar] }, pool });
    const service = objectIn(made, "Service", "picker");
    assert.deepEqual(service.spec, {
      selector: IDENTITY,
      ports: [
        { name: "grpc", port: 9002, targetPort: "grpc", protocol: "TCP" },
        { name: "metrics", port: 9090, targetPort: "metrics" },
      ],
    });
  });
});

describe("the scheduler's account", () => {
  const secrets = [{ name: "hub" }];
  const annotated = {
    ...serviceAccount("engines", { secrets }),
    metadata: { name: "engines", namespace: "team", annotations: { role: "r" } },
  };
  const ENGINES = { template: { containers: [{ name: "main" }], serviceAccountName: "engines" } };

  it("takes over the secrets of the namespace's default one", () => {
    const made = schedule(
      {},
      { known: [serviceAccount("default", { secrets, imagePullSecrets: [{ name: "pull" }] })] },
    );
    const account = objectIn(made, "ServiceAccount", "chat-epp-sa");
    assert.deepEqual([account.secrets, account.imagePullSecrets], [secrets, [{ name: "pull" }]]);
  });

  it("copies secrets and annotations of the engines' account", () => {
    const account = objectIn(schedule({}, { spec: ENGINES, known: [annotated] }), "ServiceAccount", "chat-epp-sa");
    assert.deepEqual([account.secrets, account.metadata.annotations], [secrets, { role: "r" }]);
  });

  it("is the one that the template names, which must exist under compat", () => {
    const named = { template: { ...TEMPLATE, serviceAccountName: "mine" } };
    const made = schedule(named, { known: [serviceAccount("mine")], behaviour: KSERVE_0_20 });
    assert.equal(objectIn(made, "ServiceAccount", "chat-epp-sa"), undefined);
    for (const kind of ["ClusterRoleBinding", "RoleBinding"]) {
      assert.deepEqual(objectIn(made, kind).subjects, [{ kind: "ServiceAccount", name: "mine", namespace: "team" }]);
    }
    const path = "spec.router.scheduler.template.serviceAccountName";
    assert.ok(issuesIn(schedule(named, { behaviour: KSERVE_0_20 })).includes(`error NotFound ${path}`));
    assert.ok(issuesIn(schedule(named)).includes(`warning NotFound ${path}`));
  });
});

describe("the scheduler's arguments", () => {
  const INLINE = { kind: "EndpointPickerConfig", plugins: [{ type: "b" }], apiVersion: "v1" };
  const inline = (config: unknown = INLINE) => ({ config: { inline: config } });

  it("have leader election before the configuration, and tracing after it", () => {
    const args = mainOf(schedule({ replicas: 2, ...inline() }, { spec: { tracing: {} } })).args;
    assert.deepEqual(
      [args?.[0], args?.[1], args?.[3]],
      ["--ha-enable-leader-election", "--config-text", "--tracing=true"],
    );
    const once = mainOf(
      schedule(
        { replicas: 2, ...withMain({ args: ["-ha-enable-leader-election", "-tracing"] }) },
        { spec: { tracing: {} } },
      ),
    ).args;
    assert.deepEqual(once?.slice(0, 3), ["-ha-enable-leader-election", "-tracing", "--config-text"]);
    assert.equal(once?.length, 4);
    assert.ok(!mainOf(schedule({ replicas: 1 })).args?.includes("--ha-enable-leader-election"));
  });

  it("keep a leader election that is switched off, unlike in KServe", () => {
    const scheduler = { replicas: 2, ...withMain({ args: ["--ha-enable-leader-election=false"] }) };
    const electing = (given: Partial<Given> = {}): string[] =>
      (mainOf(schedule(scheduler, given)).args ?? []).filter((arg) => arg.includes("leader-election"));
    assert.deepEqual(electing(), ["--ha-enable-leader-election=false"]);
    assert.equal(electing({ behaviour: KSERVE_0_20 }).length, 2);
  });

  it("have the inline configuration as JSON with sorted keys for a release that is not migrated", () => {
    const text = '{"apiVersion":"v1","kind":"EndpointPickerConfig","plugins":[{"type":"b"}]}';
    assert.deepEqual(mainOf(schedule(inline())).args, ["--config-text", text]);
  });

  it("have the inline configuration as YAML for a release that is migrated", () => {
    const annotations = { "app.kubernetes.io/version": "0.9.0" };
    const text = "apiVersion: v1\nkind: EndpointPickerConfig\nplugins:\n- type: b\n";
    assert.deepEqual(mainOf(schedule({ annotations, ...inline() })).args, ["--config-text", text]);
    const fromMap = mainOf(schedule({ annotations, ...inline("kind: K\nb: yes\na: 1") })).args;
    assert.deepEqual(fromMap, ["--config-text", "a: 1\nb: true\nkind: K\n"]);
  });

  it("keep a text without kind, or that is not YAML, unchanged", () => {
    const annotations = { "app.kubernetes.io/version": "0.9.0" };
    const bomb = [
      "a0: &a0 x",
      ...Array.from({ length: 9 }, (_, i) => `a${i + 1}: &a${i + 1} [${`*a${i},`.repeat(9)}]`),
    ];
    for (const text of ["plugins: []", "{", "- a", ["kind: K", ...bomb].join("\n")]) {
      assert.deepEqual(mainOf(schedule({ annotations, ...inline(text) })).args, ["--config-text", text]);
    }
  });

  it("leave a configuration of the template alone", () => {
    for (const flag of ["--config-file", "-configFile", "--configText"]) {
      assert.deepEqual(mainOf(schedule(withMain({ args: [flag, "x"] }))).args, [flag, "x"]);
    }
    assert.deepEqual(mainOf(schedule(withMain({ args: ["--config-file=x"] }))).args, ["--config-file=x"]);
    const overlooked = schedule(withMain({ args: ["--config-file=x"] }), { behaviour: KSERVE_0_20 });
    assert.equal(mainOf(overlooked).args?.length, 3);
  });

  it("keep the configuration of a running scheduler under compat", () => {
    const running: KubernetesObject = {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: NAME, namespace: "team" },
      spec: { template: { spec: { containers: [{ name: "main", args: ["-v", "2", "-configFile", "old"] }] } } },
    };
    const behaviour = KSERVE_0_20;
    const known = [running];
    assert.deepEqual(mainOf(schedule({}, { known, behaviour })).args, ["-configFile", "old"]);
    assert.equal(mainOf(schedule(inline(), { known, behaviour })).args?.[0], "--config-text");
    assert.equal(mainOf(schedule({}, { known })).args?.[0], "--config-text");
  });

  const profilesOf = (spec: object) => {
    const config = parse(mainOf(schedule({}, { spec })).args?.[1] ?? "");
    return [
      config.plugins.map(({ type }: { type: string }) => type),
      Object.fromEntries(
        config.schedulingProfiles.map(({ name, plugins }: { name: string; plugins: { pluginRef: string }[] }) => [
          name,
          plugins.map(({ pluginRef }) => pluginRef),
        ]),
      ),
    ];
  };
  const LORA = { model: { uri: "hf://a/b", name: "chat", lora: { adapters: [{ name: "x", uri: "hf://c/d" }] } } };

  it("default to one profile, or to one for prefill and one for decode", () => {
    assert.deepEqual(Object.keys(profilesOf({})[1]), ["default"]);
    const prefill = { prefill: { template: TEMPLATE } };
    const [plugins, profiles] = profilesOf(prefill);
    assert.deepEqual(Object.keys(profiles), ["prefill", "decode"]);
    assert.ok(plugins.indexOf("always-disagg-pd-decider") < plugins.indexOf("disagg-profile-handler"));
  });

  it("prefer engines that have an adapter loaded, after the filters", () => {
    const [plugins, { default: profile }] = profilesOf(LORA);
    assert.deepEqual([plugins.at(-1), profile[0]], ["lora-affinity-scorer", "lora-affinity-scorer"]);
    const { prefill, decode } = profilesOf({ ...LORA, prefill: { template: TEMPLATE } })[1];
    assert.deepEqual(
      [prefill.slice(0, 2), decode.slice(0, 2)],
      [
        ["prefill-filter", "lora-affinity-scorer"],
        ["decode-filter", "lora-affinity-scorer"],
      ],
    );
  });
});

describe("the tokenizer of the scheduler", () => {
  const PRECISE = { kind: "EndpointPickerConfig", plugins: [{ type: "precise-prefix-cache-scorer" }] };
  const OTHER = { kind: "EndpointPickerConfig", plugins: [{ type: "queue-scorer" }] };
  const annotations = { "app.kubernetes.io/version": "0.9.0" };
  const template = { containers: [{ name: "main" }, { name: "tokenizer" }] };
  const containers = (made: ReturnType<typeof schedule>) => podOf(made).containers?.map(({ name }) => name);
  const initializers = (made: ReturnType<typeof schedule>) => podOf(made).initContainers?.map(({ name }) => name) ?? [];

  it("is added for the precise prefix scorer, with the model's files and its socket in the configuration", () => {
    const made = schedule({ annotations, config: { inline: PRECISE } });
    assert.deepEqual(containers(made), ["main", "tokenizer"]);
    assert.deepEqual(initializers(made), ["storage-initializer"]);
    const tokenizer = podOf(made).containers?.[1];
    assert.deepEqual(tokenizer?.volumeMounts?.at(-1), {
      name: "kserve-provision-location",
      mountPath: "/mnt/models/base",
      readOnly: true,
    });
    const [plugin] = parse(mainOf(made).args?.[1] ?? "").plugins;
    assert.deepEqual(plugin.parameters.indexerConfig.tokenizersPoolConfig, {
      modelName: "base",
      uds: { socketFile: "/tmp/tokenizer/tokenizer-uds.socket" },
    });
  });

  it("is not added if no plugin uses it", () => {
    assert.deepEqual(containers(schedule({ annotations, config: { inline: OTHER } })), ["main"]);
  });

  it("stays if the user sets it", () => {
    assert.deepEqual(containers(schedule({ annotations, template, config: { inline: OTHER } })), ["main", "tokenizer"]);
  });

  it("is never added under compat, and only its container is removed if no plugin uses it", () => {
    const behaviour = KSERVE_0_20;
    assert.deepEqual(containers(schedule({ annotations, config: { inline: PRECISE } }, { behaviour })), ["main"]);
    assert.deepEqual(containers(schedule({ annotations, template, config: { inline: PRECISE } }, { behaviour })), [
      "main",
      "tokenizer",
    ]);
    const idle = schedule({ annotations, template, config: { inline: OTHER } }, { behaviour });
    assert.deepEqual([containers(idle), initializers(idle)], [["main"], ["storage-initializer"]]);
    const older = { "app.kubernetes.io/version": "0.8.2" };
    assert.deepEqual(containers(schedule({ annotations: older, template, config: { inline: OTHER } }, { behaviour })), [
      "main",
      "tokenizer",
    ]);
  });
});

describe("the scheduler's release", () => {
  const versioned = (version: string, main: object = {}, behaviour = OWN) =>
    schedule({ annotations: { "app.kubernetes.io/version": version }, ...withMain(main) }, { behaviour });

  it("is refused when it is not a version", () => {
    for (const version of ["abc", "v0.9.0", "0.9"]) {
      const path = "spec.router.scheduler.annotations[app.kubernetes.io/version]";
      assert.deepEqual(issuesIn(versioned(version)), [`error InvalidValue ${path}`]);
    }
  });

  const FLAGS = ["--total-queued-requests-metric=q", "-v", "2", "--lora-info-metric", "l"];

  it("moves flags that it no longer has into the configuration", () => {
    const { args } = mainOf(versioned("0.9.0", { args: FLAGS }));
    assert.deepEqual(args?.slice(0, 3), ["-v", "2", "--config-text"]);
    const extractor = parse(args?.[3] ?? "").plugins.at(-1);
    assert.equal(extractor.type, "core-metrics-extractor");
    assert.deepEqual(extractor.parameters.engineConfigs, [{ name: "vllm", queuedRequestsSpec: "q", loraSpec: "l" }]);
    assert.deepEqual(mainOf(versioned("0.6.0", { args: FLAGS })).args?.slice(0, 5), FLAGS);
  });

  it("refuses them together with a configuration in a file", () => {
    const made = versioned("0.9.0", { args: [...FLAGS, "--config-file", "x"] });
    assert.deepEqual(issuesIn(made), ["error Conflict spec.router.scheduler.template"]);
  });
});
