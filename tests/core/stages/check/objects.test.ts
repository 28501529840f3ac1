import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { DEFAULT_SETTINGS } from "../../../../core/contract/options/settings.ts";
import type { Plan } from "../../../../core/contract/plan.ts";
import { presets } from "../../../../core/knowledge/stacks/stacks.ts";
import { plan } from "../../../../core/plan.ts";
import { startsWithVerb } from "../../../docs/verbs.ts";

function planNamed(spec: object, name = "chat", compat?: "kserve-0.20"): Plan {
  const service = {
    apiVersion: "serving.kserve.io/v1alpha2",
    kind: "LLMInferenceService",
    metadata: { name, namespace: "team" },
    spec: { model: { uri: "hf://o/m" }, accelerator: "nvidia-l4", ...spec },
  };
  const configs = presets({ namespace: DEFAULT_SETTINGS.systemNamespace });
  return plan({ service, configs, settings: DEFAULT_SETTINGS, ...(compat && { compat }) });
}

function errorsOf(...input: Parameters<typeof planNamed>): string[] {
  const { issues } = planNamed(...input);
  return issues.filter(({ severity }) => severity === "error").map(({ code, path }) => `${code} ${path}`);
}
const main = (fields: object, pod: object = {}): object => ({
  template: { ...pod, containers: [{ name: "main", ...fields }] },
});
const GROUPS = { parallelism: { data: 2, dataLocal: 1 }, worker: {} };
const ROUTER = { route: {}, gateway: {}, scheduler: {} };
const AT = "spec.template.containers[0]";
const TERMS = "spec.template.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms";
const affinity = (nodeSelectorTerms: object[]): object => ({
  affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } },
});
const secretWithMode = (defaultMode: number): object => ({
  volumes: [{ name: "a", secret: { secretName: "a", defaultMode } }],
});

/** More inputs, each with the one error that counts. */
const REFUSED = parse(readFileSync(join(import.meta.dirname, "refused.yaml"), "utf8")) as {
  title: string;
  spec: object;
  error: string;
}[];
/** The neighbours of a refused value. */
const ACCEPTED: [title: string, spec: object][] = [
  ["a block of IPv6 addresses", { operations: { networkPolicy: { from: [{ ipBlock: { cidr: "fd00::/8" } }] } } }],
  [
    "a variable of the pod's label",
    main({ env: [{ name: "A", valueFrom: { fieldRef: { fieldPath: "metadata.labels['a.b/c']" } } }] }),
  ],
  ["a variable named a.b-c", main({ env: [{ name: "a.b-c", value: "d" }] })],
  [
    "a user of id 0",
    main({ securityContext: { runAsUser: 0, runAsNonRoot: false } }, { securityContext: { fsGroup: 2147483647 } }),
  ],
  ["a file mode of 0777", main({}, { volumes: [{ name: "v", secret: { secretName: "a", defaultMode: 0o777 } }] })],
  ["a host path of no type", main({}, { volumes: [{ name: "v", hostPath: { path: "/a", type: "" } }] })],
  ["a toleration of every taint", main({}, { tolerations: [{ operator: "Exists" }] })],
  ["a limit without a request", main({ resources: { limits: { "example.com/nic": "2" } } })],
  [
    "a preference of the weight 100",
    main(
      {},
      {
        affinity: {
          nodeAffinity: {
            preferredDuringSchedulingIgnoredDuringExecution: [
              { weight: 100, preference: { matchExpressions: [{ key: "a", operator: "Exists" }] } },
            ],
          },
        },
      },
    ),
  ],
];

describe("objects that the API server refuses", () => {
  const refused: [title: string, spec: object, errors: string[], name?: string][] = [
    ["a service with a dot in its name", {}, ["InvalidValue metadata.name"], "chat-3.1"],
    ["a service of more than 63 characters", {}, ["InvalidValue metadata.name"], "x".repeat(64)],
    ["a service of 41 characters with worker", GROUPS, ["InvalidValue metadata.name"], "x".repeat(41)],
    ["a service with worker that starts with a digit", GROUPS, ["InvalidValue metadata.name"], "7b"],
    ["a label with a space", { labels: { team: "has space" } }, ["InvalidValue spec.labels[team]"]],
    ["an annotation's key with a space", { annotations: { "a b": "c" } }, ["InvalidValue spec.annotations[a b]"]],
    [
      "a mode of decimal digits",
      main({}, secretWithMode(644)),
      [`InvalidValue spec.template.volumes[0].secret.defaultMode`],
    ],
    [
      "a file outside of its volume",
      main({}, { volumes: [{ name: "a", configMap: { name: "a", items: [{ key: "a", path: "../b" }] } }] }),
      ["InvalidValue spec.template.volumes[0].configMap.items[0].path"],
    ],
    [
      "a path of the host that leads back",
      main({}, { volumes: [{ name: "a", hostPath: { path: "/a/../b" } }] }),
      ["InvalidValue spec.template.volumes[0].hostPath.path"],
    ],
    ["a user below 0", main({ securityContext: { runAsUser: -1 } }), [`InvalidValue ${AT}.securityContext.runAsUser`]],
    [
      "a privileged container that may not raise its privileges",
      main({ securityContext: { privileged: true, allowPrivilegeEscalation: false } }),
      [`InvalidValue ${AT}.securityContext.allowPrivilegeEscalation`],
    ],
    [
      "a seccomp profile of the node without its name",
      main({}, { securityContext: { seccompProfile: { type: "Localhost" } } }),
      ["MissingField spec.template.securityContext.seccompProfile.localhostProfile"],
    ],
    [
      "pods that have a deadline",
      main({}, { activeDeadlineSeconds: 5 }),
      ["InvalidValue spec.template.activeDeadlineSeconds"],
    ],
    ["a host name with a dot", main({}, { hostname: "a.b" }), ["InvalidValue spec.template.hostname"]],
    [
      "pods without a name server",
      main({}, { dnsPolicy: "None" }),
      ["MissingField spec.template.dnsConfig.nameservers"],
    ],
    [
      "ephemeral containers",
      main({}, { ephemeralContainers: [{ name: "a", image: "b" }] }),
      ["InvalidValue spec.template.ephemeralContainers"],
    ],
    [
      "a spread with no skew",
      main({}, { topologySpreadConstraints: [{ maxSkew: 0, topologyKey: "a", whenUnsatisfiable: "DoNotSchedule" }] }),
      ["InvalidValue spec.template.topologySpreadConstraints[0].maxSkew"],
    ],
    ["an affinity without a term", main({}, affinity([])), [`MissingField ${TERMS}`]],
    [
      "an affinity with an operator that Kubernetes does not have",
      main({}, affinity([{ matchExpressions: [{ key: "a", operator: "in", values: ["b"] }] }])),
      [`InvalidValue ${TERMS}[0].matchExpressions[0].operator`],
    ],
    [
      "an init container with a probe",
      main({}, { initContainers: [{ name: "a", image: "b", livenessProbe: { httpGet: { port: 80 } } }] }),
      ["InvalidValue spec.template.initContainers[0].livenessProbe"],
    ],
    ["a hook without a handler", main({ lifecycle: { postStart: {} } }), [`MissingField ${AT}.lifecycle.postStart`]],
    [
      "a sleep before the end that is longer than the time to end",
      main({ lifecycle: { preStop: { sleep: { seconds: 100 } } } }),
      [`InvalidValue ${AT}.lifecycle.preStop.sleep.seconds`],
    ],
    ["another operating system", main({}, { os: { name: "bsd" } }), ["InvalidValue spec.template.os.name"]],
    [
      "a CSI volume without a driver",
      main({}, { volumes: [{ name: "a", csi: { driver: "" } }] }),
      ["MissingField spec.template.volumes[0].csi.driver"],
    ],
    ["variables that come from nothing", main({ envFrom: [{}] }), [`MissingField ${AT}.envFrom[0]`]],
    [
      "a variable of a field that the downward API does not give",
      main({ env: [{ name: "A", valueFrom: { fieldRef: { fieldPath: "metadata.foo" } } }] }),
      [`InvalidValue ${AT}.env[0].valueFrom.fieldRef.fieldPath`],
    ],
    [
      "a claim of devices that comes from nothing",
      main({}, { resourceClaims: [{ name: "a" }] }),
      ["MissingField spec.template.resourceClaims[0]"],
    ],
    [
      "a node selector with ~",
      main({}, { nodeSelector: { pool: "a~b" } }),
      ["InvalidValue spec.template.nodeSelector[pool]"],
    ],
    [
      "an environment variable with =",
      main({ env: [{ name: "A=B", value: "c" }] }),
      [`InvalidValue ${AT}.env[0].name`],
    ],
    [
      "a mount without a volume",
      main({ volumeMounts: [{ name: "nope", mountPath: "/a" }] }),
      [`InvalidValue ${AT}.volumeMounts[0].name`],
    ],
    ["a port above 65535", main({ ports: [{ containerPort: 70000 }] }), [`InvalidValue ${AT}.ports[0].containerPort`]],
    [
      "a resource without a domain",
      main({ resources: { limits: { gpu: "1" } } }),
      [`InvalidValue ${AT}.resources.limits[gpu]`],
    ],
    [
      "a request above its limit",
      main({ resources: { limits: { memory: "64Gi" }, requests: { memory: "128Gi" } } }),
      [`InvalidValue ${AT}.resources.requests[memory]`],
    ],
    [
      "a negative amount",
      main({ resources: { requests: { memory: "-1Gi" } } }),
      [`InvalidValue ${AT}.resources.requests[memory]`],
    ],
    ["an unknown pull policy", main({ imagePullPolicy: "Sometimes" }), [`InvalidValue ${AT}.imagePullPolicy`]],
    ["an unknown DNS policy", main({}, { dnsPolicy: "nope" }), ["InvalidValue spec.template.dnsPolicy"]],
    [
      "a volume of two kinds",
      main({}, { volumes: [{ name: "v", emptyDir: {}, hostPath: { path: "/a" } }] }),
      ["InvalidValue spec.template.volumes[0]"],
    ],
    [
      "a toleration with Exists and a value",
      main({}, { tolerations: [{ key: "a", operator: "Exists", value: "b" }] }),
      ["InvalidValue spec.template.tolerations[0].value"],
    ],
  ];
  for (const [title, spec, errors, name] of refused) {
    it(`${title} is an error at the field that it comes from`, () => {
      const found = errorsOf(spec, name);
      for (const error of errors)
        assert.ok(
          found.some((one) => sameField(one, error)),
          found.join("\n"),
        );
    });
  }

  it("a volume without a source is fine: the API server makes it an emptyDir", () =>
    assert.deepEqual(errorsOf(main({}, { volumes: [{ name: "a" }] })), []));

  it("a grace period below 0 is fine: Kubernetes reads it as 1", () =>
    assert.deepEqual(errorsOf(main({}, { terminationGracePeriodSeconds: -1 })), []));

  for (const { title, spec, error } of REFUSED) {
    it(`the spec "${title}" is an error at its field`, () => {
      const found = errorsOf(spec).map((one) => one.trim());
      assert.ok(
        found.some((one) => sameField(one, error)),
        found.join("\n"),
      );
      for (const { fix = "" } of planNamed(spec).issues) assert.ok(startsWithVerb(fix), fix);
    });
  }

  it("a probe's port in quotes gets the number as its fix", () => {
    const { issues } = planNamed(main({ livenessProbe: { tcpSocket: { port: "8000" } } }));
    const found = issues.find(({ path }) => path.endsWith("livenessProbe.tcpSocket.port"));
    assert.equal(found?.fix, "remove the quotes: 8000");
  });

  const FIXED: [title: string, spec: object, path: string, fix: string, value?: string][] = [
    [
      "a GPU in the resources of the pod belongs into those of the container",
      main({}, { resources: { limits: { "nvidia.com/gpu": "1" } } }),
      "spec.template.resources.limits[nvidia.com/gpu]",
      "move it to the resources of the container",
    ],
    [
      "a medium in other letters gets the kubelet's word",
      main({}, { volumes: [{ name: "v", emptyDir: { medium: "memory" } }] }),
      "spec.template.volumes[0].emptyDir.medium",
      "write Memory",
      "Memory",
    ],
    [
      "a medium that the kubelet does not have gets the one that people mean, and the default",
      main({}, { volumes: [{ name: "v", emptyDir: { medium: "tmpfs" } }] }),
      "spec.template.volumes[0].emptyDir.medium",
      "write Memory, or remove medium for a directory on the node's disk",
    ],
    [
      "containers without an item are one error, whose fix is to remove them",
      { template: { containers: null } },
      "spec.template.containers",
      "remove containers if it is empty, or add the container `main`",
    ],
  ];
  for (const [title, spec, path, fix, value] of FIXED) {
    it(title, () => {
      const errors = planNamed(spec).issues.filter(({ severity }) => severity === "error");
      assert.deepEqual(
        errors.map((one) => `${one.path}: ${one.fix}`),
        [`${path}: ${fix}`],
      );
      assert.deepEqual(
        errors.flatMap(({ fixes = [] }) => fixes.map((one) => one.value)),
        value === undefined ? [] : [value],
      );
    });
  }

  it("media of memory and of huge pages are fine", () => {
    const media = ["", "Memory", "HugePages", "HugePages-2Mi", "HugePages-512Mi"];
    for (const medium of media)
      assert.deepEqual(errorsOf(main({}, { volumes: [{ name: "v", emptyDir: { medium } }] })), [], medium);
  });

  it("a path that leads out of a claim is an error at the URI, and not at the mount that follows from it", () =>
    assert.deepEqual(errorsOf({ model: { uri: "pvc://claim/../x" } }), ["InvalidValue spec.model.uri"]));

  for (const [title, spec] of ACCEPTED) {
    it(`${title} is fine, because the API server accepts it`, () => assert.deepEqual(errorsOf(spec), []));
  }

  const ROLES: [role: string, at: string, spec: (pod: object) => object][] = [
    ["the leaders of groups", "spec.template", (pod) => ({ ...GROUPS, template: pod })],
    ["the workers of groups", "spec.worker", (pod) => ({ ...GROUPS, ...main({}), worker: pod })],
    [
      "prefill",
      "spec.prefill.template",
      (pod) => ({ router: ROUTER, prefill: { accelerator: "nvidia-l4", template: pod } }),
    ],
    [
      "the scheduler",
      "spec.router.scheduler.template",
      (pod) => ({ router: { ...ROUTER, scheduler: { template: pod } } }),
    ],
  ];
  for (const [role, at, spec] of ROLES) {
    it(`a pod of ${role} is judged as any other, at its own field`, () => {
      const side = { name: "side", image: "a", env: [{ name: "A=B", value: "c" }] };
      const pod = { hostname: "A", tolerations: [{ operator: "Equal" }], containers: [{ name: "main" }, side] };
      const errors = errorsOf(spec(pod)).sort();
      assert.deepEqual(errors, [
        `InvalidValue ${at}.containers[1].env[0].name`,
        `InvalidValue ${at}.hostname`,
        `InvalidValue ${at}.tolerations[0].operator`,
      ]);
    });
  }

  it("pods of groups must have restartPolicy Always, because StatefulSets create them", () =>
    assert.deepEqual(errorsOf({ ...GROUPS, template: { restartPolicy: "Never", containers: [{ name: "main" }] } }), [
      "InvalidValue spec.template.restartPolicy",
    ]));

  it("annotations of more than 256 KiB are an error at the map", () =>
    assert.deepEqual(errorsOf({ annotations: { a: "x".repeat(262_144) } }), ["InvalidValue spec.annotations"]));

  const LONG_GROUP = "a-rather-long-group-name";
  const SET = { operations: { pairedRollout: { disaggregatedSet: true } }, router: ROUTER };
  const TOO_LONG: [title: string, spec: object][] = [
    ["groups", GROUPS],
    ["twelve groups", { ...GROUPS, replicas: 12 }],
    ["groups that prefill", { router: ROUTER, prefill: { accelerator: "nvidia-l4", ...GROUPS } }],
    ["a replica group of groups", { router: ROUTER, groups: { [LONG_GROUP]: GROUPS } }],
    ["two replica groups, one of which ends as the other", { router: ROUTER, groups: { x: GROUPS, ax: GROUPS } }],
    ["a set of prefill and decode", { ...SET, prefill: { accelerator: "nvidia-l4" } }],
    ["a set of groups", { ...SET, ...GROUPS, replicas: 20, prefill: { accelerator: "nvidia-l4", ...GROUPS } }],
  ];
  for (const [title, spec] of TOO_LONG)
    for (const length of [41, 50, 63]) {
      it(`the fix of a service of ${length} characters with ${title} names a length that fits, and the longest that does`, () => {
        const errors = planNamed(spec, "x".repeat(length)).issues.filter(({ severity }) => severity === "error");
        const rooms = errors.map(({ fix }) => Number(/at most (\d+) characters/.exec(fix ?? "")?.[1]));
        const most = Math.min(...rooms);
        assert.deepEqual(errorsOf(spec, "x".repeat(most)), []);
        assert.deepEqual(new Set(errorsOf(spec, "x".repeat(most + 1))), new Set(["InvalidValue metadata.name"]));
      });
    }

  it("the fix of a name that is too long for a replica group also names a length of the group that fits", () => {
    const spec = (group: string): object => ({ router: ROUTER, groups: { [group]: GROUPS } });
    const [issue] = planNamed(spec(LONG_GROUP), "x".repeat(30)).issues.filter(({ severity }) => severity === "error");
    const most = Number(/the group a-rather-long-group-name to at most (\d+)/.exec(issue?.fix ?? "")?.[1]);
    assert.deepEqual(errorsOf(spec("g".repeat(most)), "x".repeat(30)), []);
    assert.deepEqual(errorsOf(spec("g".repeat(most + 1)), "x".repeat(30)), ["InvalidValue metadata.name"]);
  });

  it("a name that leaves no room for the numbers of groups that an autoscaler adds is a warning", () => {
    const scaled = (maxReplicas: number): object => ({ ...GROUPS, scaling: { maxReplicas, wva: { hpa: {} } } });
    const found = (spec: object): string[] =>
      planNamed(spec, "x".repeat(40))
        .issues.filter(({ path }) => path === "metadata.name")
        .map(({ severity, fix }) => `${severity} ${/at most \d+/.exec(fix ?? "")?.[0]}`);
    assert.deepEqual(found(scaled(10)), []);
    assert.deepEqual(found(scaled(11)), ["warning at most 39"]);
  });

  it("a name that starts with a digit is one warning: a cluster before Kubernetes 1.36 refuses its Services", () => {
    const { issues } = planNamed({ router: ROUTER }, "7b");
    assert.deepEqual(
      issues.filter(({ path }) => path === "metadata.name").map(({ severity }) => severity),
      ["warning"],
    );
  });

  it("a service of 40 characters with worker is fine", () => assert.deepEqual(errorsOf(GROUPS, "x".repeat(40)), []));

  it("are refused under compat too, because KServe's reconcile fails on them", () => {
    assert.deepEqual(errorsOf({ labels: { team: "has space" } }, "chat", "kserve-0.20"), [
      "InvalidValue spec.labels[team]",
    ]);
  });
});

/** Whether two paths differ at most in the indexes of lists: the merge may put other items in front. */
function sameField(one: string, other: string): boolean {
  const plain = (text: string): string => text.replaceAll(/\[\d+\]/g, "[]");
  return plain(one) === plain(other);
}
