import assert from "node:assert/strict";
import { KSERVE_0_20 } from "../../../../../core/contract/behaviour.ts";
import type { JsonObject } from "../../../../../core/kubernetes/json.ts";
import type { KubernetesObject } from "../../../../../core/kubernetes/objects.ts";
import { type Given, issuesIn, make, objectIn } from "../given.ts";

const SERVICE = { group: "", kind: "Service", name: "chat-kserve-workload-svc", port: 8000, weight: 1 };
const RULES = [
  { matches: [{ path: { value: "/team/chat/v1" } }], backendRefs: [SERVICE] },
  { matches: [{ path: { value: "/team/chatty" } }], backendRefs: [SERVICE] },
  { matches: [{ path: { value: "/own" } }], backendRefs: [{ name: "mine", port: 80 }] },
];
const backend = (kind: string, name: string, weight: number, group?: string) => ({
  ...(group !== undefined && { group }),
  kind,
  name,
  port: 8000,
  weight,
});
const V1 = "inference.networking.k8s.io";

const RUNNING = {
  conditions: [{ type: "RouterReady", status: "True" }],
  workloads: { primary: { readyReplicas: 1 } },
};
function peer(
  name: string,
  weight: number,
  { spec = {}, router = {}, metadata = {}, ...rest }: { [part: string]: object } = {},
) {
  return {
    apiVersion: "serving.kserve.io/v1alpha2",
    kind: "LLMInferenceService",
    metadata: { name, namespace: "team", ...metadata },
    spec: {
      model: { uri: "hf://org/model", name: "chat" },
      router: { route: { group: "g", weight }, ...router },
      ...spec,
    },
    ...rest,
  } as KubernetesObject;
}

function group(given: Given & { router?: object } = {}) {
  const { router, ...rest } = given;
  const route = { group: "g", weight: 5, http: { spec: { rules: RULES } } };
  return make({ ...rest, spec: { ...rest.spec, router: { route, ...router } } });
}
const rulesOf = (made: ReturnType<typeof group>): JsonObject[] => objectIn(made, "HTTPRoute").spec.rules;
const shared = (made: ReturnType<typeof group>) => rulesOf(made)[1]?.["backendRefs"];

describe("services of one routing group", () => {
  it("share traffic by weight, sorted by name, except on the paths and backends of the planned service", () => {
    const made = group({ known: [peer("a", 70), peer("z", 25)] });
    assert.deepEqual(shared(made), [
      backend("Service", "a-kserve-workload-svc", 70),
      backend("Service", "chat-kserve-workload-svc", 5),
      backend("Service", "z-kserve-workload-svc", 25),
    ]);
    const [own, , users] = rulesOf(made);
    assert.deepEqual([own, users], [RULES[0], RULES[2]]);
    assert.equal(objectIn(made, "HTTPRoute").metadata.labels["serving.kserve.io/routing-group"], "g");
    assert.deepEqual(issuesIn(made), []);
  });

  it("are reached through their pools if they have a scheduler", () => {
    const scheduler = { template: { containers: [{ name: "main" }] } };
    const known = [
      peer("a", 70, { router: { scheduler: {} } }),
      peer("b", 1, { router: { scheduler: { pool: { ref: { name: "ext" } } } } }),
    ];
    assert.deepEqual(shared(group({ known, router: { scheduler } })), [
      backend("InferencePool", "a-inference-pool", 70, V1),
      backend("InferencePool", "ext", 1, V1),
      backend("InferencePool", "chat-inference-pool", 5, V1),
    ]);
  });

  it("are left out while they are stopped", () => {
    const stopped = peer("a", 70, { metadata: { annotations: { "serving.kserve.io/stop": "true" } } });
    assert.deepEqual(shared(group({ known: [stopped] })), [backend("Service", "chat-kserve-workload-svc", 5)]);
  });

  it("are all services of the namespace in the group, including those of the older API", () => {
    const known = [
      peer("other-group", 1, {
        router: { route: { group: "h", weight: 1 } },
        spec: { model: { uri: "hf://x/y", name: "y" } },
      }),
      peer("other-namespace", 1, { metadata: { name: "other-namespace", namespace: "else" } }),
      { ...peer("old", 1), apiVersion: "serving.kserve.io/v1alpha1" },
    ];
    assert.deepEqual(shared(group({ known })), [
      backend("Service", "chat-kserve-workload-svc", 5),
      backend("Service", "old-kserve-workload-svc", 1),
    ]);
  });

  it("that serve another model are left out and reported", () => {
    const made = group({
      known: [peer("a", 70, { spec: { model: { uri: "hf://org/other", name: "other" } } }), peer("b", 1)],
    });
    assert.deepEqual(shared(made), [
      backend("Service", "b-kserve-workload-svc", 1),
      backend("Service", "chat-kserve-workload-svc", 5),
    ]);
    assert.deepEqual(issuesIn(made), ["warning Conflict spec.router.route.group"]);
  });

  it("are reported as missing when none is known", () => {
    const made = group();
    assert.deepEqual(shared(made), [backend("Service", "chat-kserve-workload-svc", 5)]);
    assert.deepEqual(issuesIn(made), ["warning UnusedField spec.router.route.group"]);
  });

  describe("under compat", () => {
    const behaviour = KSERVE_0_20;

    it("are members while their status reports that they run", () => {
      const ready = (readyReplicas: number) => ({ ...RUNNING, workloads: { primary: { readyReplicas } } });
      const pool = { group: V1, kind: "InferencePool", name: "merged-pool" };
      const known = [
        peer("a", 1),
        peer("b", 1, { status: ready(0) }),
        peer("c", 1, { status: ready(2), router: { scheduler: {} } }),
        peer("d", 1, { status: { ...RUNNING, router: { scheduler: { inferencePool: pool } } } }),
        peer("e", 1, { status: RUNNING, router: { scheduler: { pool: { ref: { name: "ext" } } } } }),
      ];
      assert.deepEqual(shared(group({ known, behaviour })), [
        backend("Service", "c-kserve-workload-svc", 1),
        backend("Service", "chat-kserve-workload-svc", 5),
        backend("InferencePool", "merged-pool", 1, V1),
        backend("InferencePool", "ext", 1, "inference.networking.x-k8s.io"),
      ]);
    });

    it("have the models that their status lists", () => {
      const addresses = [{ models: [{ name: "chat" }] }];
      const merged = peer("a", 1, {
        status: { ...RUNNING, addresses },
        spec: { model: { uri: "hf://org/raw", name: "raw" } },
      });
      assert.deepEqual((shared(group({ known: [merged], behaviour })) as object[]).length, 2);
    });
  });
});

describe("services of one model name", () => {
  it("are reported, because a gateway reaches only one of them by that name", () => {
    const known = [peer("a", 1, { router: { route: { group: "h", weight: 1 } } }), peer("b", 1)];
    assert.deepEqual(issuesIn(group({ known })), ["warning Conflict spec.model.name"]);
  });
});
