import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { DEFAULT_SETTINGS } from "../../../../core/contract/settings.ts";
import { presets } from "../../../../core/knowledge/presets/presets.ts";
import { plan } from "../../../../core/plan.ts";

function errorsOf(spec: object, name = "chat", compat?: "kserve-0.20"): string[] {
  const service = {
    apiVersion: "serving.kserve.io/v1alpha2",
    kind: "LLMInferenceService",
    metadata: { name, namespace: "team" },
    spec: { model: { uri: "hf://o/m" }, accelerator: "nvidia-l4", ...spec },
  };
  const configs = presets({ namespace: DEFAULT_SETTINGS.systemNamespace });
  const { issues } = plan({ service, configs, settings: DEFAULT_SETTINGS, ...(compat && { compat }) });
  return issues.filter(({ severity }) => severity === "error").map(({ code, path }) => `${code} ${path}`);
}
const main = (fields: object, pod: object = {}): object => ({
  template: { ...pod, containers: [{ name: "main", ...fields }] },
});
const GROUPS = { parallelism: { data: 2, dataLocal: 1 }, worker: {} };
const AT = "spec.template.containers[0]";

/** More of them, each with the one error that counts. */
const REFUSED = parse(readFileSync(join(import.meta.dirname, "refused.yaml"), "utf8")) as {
  title: string;
  spec: object;
  error: string;
}[];
/** What lies next to a refused value. */
const ACCEPTED: [title: string, spec: object][] = [
  ["a block of IPv6 addresses", { operations: { networkPolicy: { from: [{ ipBlock: { cidr: "fd00::/8" } }] } } }],
  [
    "a variable of the pod's label",
    main({ env: [{ name: "A", valueFrom: { fieldRef: { fieldPath: "metadata.labels['a.b/c']" } } }] }),
  ],
  ["a variable named a.b-c", main({ env: [{ name: "a.b-c", value: "d" }] })],
  ["a user of id 0", main({ securityContext: { runAsUser: 0 } }, { securityContext: { fsGroup: 2147483647 } })],
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

  for (const { title, spec, error } of REFUSED) {
    it(`the spec "${title}" is an error at its field`, () => {
      const found = errorsOf(spec).map((one) => one.trim());
      assert.ok(
        found.some((one) => sameField(one, error)),
        found.join("\n"),
      );
    });
  }

  for (const [title, spec] of ACCEPTED) {
    it(`${title} is fine, for the API server takes it`, () => assert.deepEqual(errorsOf(spec), []));
  }

  it("a service of 40 characters with worker is fine", () => assert.deepEqual(errorsOf(GROUPS, "x".repeat(40)), []));

  it("under compat the verdict is KServe's", () => {
    assert.deepEqual(errorsOf({ labels: { team: "has space" } }, "chat", "kserve-0.20"), []);
  });
});

/** Whether two paths differ in the indexes of lists at most: the merge may put other items in front. */
function sameField(one: string, other: string): boolean {
  const plain = (text: string): string => text.replaceAll(/\[\d+\]/g, "[]");
  return plain(one) === plain(other);
}
