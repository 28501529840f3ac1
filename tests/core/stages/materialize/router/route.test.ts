import assert from "node:assert/strict";
import { KSERVE_0_20, OWN } from "../../../../../core/contract/behaviour.ts";
import type { Settings } from "../../../../../core/contract/options/settings.ts";
import type { JsonObject } from "../../../../../core/kubernetes/json.ts";
import type { KubernetesObject } from "../../../../../core/kubernetes/objects.ts";
import { type Given, issuesIn, make, objectIn } from "../given.ts";

const HEADER = "X-Gateway-Model-Name";
const POOL = { group: "inference.networking.k8s.io", kind: "InferencePool", name: "chat-inference-pool", port: 8000 };
const named = (model: string) => [{ name: HEADER, value: `publishers/team/models/${model}` }];
const BY_PATH = { path: { value: "/team/chat" } };
const BY_HEADER = { path: { value: "/v1" }, headers: named("chat") };
const RULES = [
  { name: "path", matches: [BY_PATH], backendRefs: [POOL] },
  { name: "header", matches: [BY_HEADER], backendRefs: [POOL] },
  { name: "both", matches: [BY_PATH, BY_HEADER], backendRefs: [{ name: "mine" }] },
];
const ANNOTATED = { annotations: { "serving.kserve.io/model-based-routing-enabled": "true" } };
const TEMPLATE = { containers: [{ name: "main" }] };

function routeOf(given: Given & { router?: object; rules?: object[] } = {}) {
  const { rules = RULES, router, ...rest } = given;
  const route = { http: { spec: { parentRefs: [{ name: "kserve-ingress-gateway", namespace: "kserve" }], rules } } };
  const spec = { ...ANNOTATED, ...rest.spec, router: { scheduler: { template: TEMPLATE }, route, ...router } };
  return make({ ...rest, spec });
}
const rulesOf = (made: ReturnType<typeof routeOf>): JsonObject[] => objectIn(made, "HTTPRoute").spec.rules;
const namesOf = (made: ReturnType<typeof routeOf>) => rulesOf(made).map(({ name }) => name);
const matchesOf = (made: ReturnType<typeof routeOf>) =>
  rulesOf(made).map(({ matches }) => (matches as object[]).length);

describe("the HTTPRoute", () => {
  it("keeps the other fields of the spec", () => {
    const { metadata, spec } = objectIn(routeOf(), "HTTPRoute");
    assert.equal(metadata.name, "chat-kserve-route");
    assert.equal(metadata.labels["app.kubernetes.io/component"], "llminferenceservice-router");
    assert.deepEqual(spec.parentRefs, [{ name: "kserve-ingress-gateway", namespace: "kserve" }]);
    assert.deepEqual(spec.rules, RULES);
  });

  it("is not made for a service without a route, or with routes that exist", () => {
    assert.equal(objectIn(make({ spec: { router: { gateway: {} } } }), "HTTPRoute"), undefined);
    const refs = { route: { http: { refs: [{ name: "mine" }] } } };
    assert.equal(objectIn(make({ spec: { router: refs } }), "HTTPRoute"), undefined);
  });

  it("leads to the older pool first under compat, but keeps a referenced pool", () => {
    const groups = (made: ReturnType<typeof routeOf>) =>
      rulesOf(made).flatMap(({ backendRefs }) => (backendRefs as JsonObject[]).map(({ group }) => group));
    const alpha = "inference.networking.x-k8s.io";
    assert.deepEqual(groups(routeOf({ behaviour: KSERVE_0_20 })), [alpha, alpha, undefined]);
    const referred = { scheduler: { pool: { ref: { name: "chat-inference-pool" } } } };
    assert.deepEqual(groups(routeOf({ router: referred, behaviour: KSERVE_0_20 })), [
      POOL.group,
      POOL.group,
      undefined,
    ]);
  });

  describe("of a running service, under compat", () => {
    const ALPHA = "inference.networking.x-k8s.io";
    const live = (group: string, resolved?: { status: string; reason: string }, annotation?: string) => ({
      apiVersion: "gateway.networking.k8s.io/v1",
      kind: "HTTPRoute",
      metadata: {
        name: "chat-kserve-route",
        namespace: "team",
        ...(annotation && { annotations: { "serving.kserve.io/inference-pool-migrated": annotation } }),
      },
      spec: { parentRefs: [{ name: "gw" }], rules: [{ backendRefs: [{ ...POOL, group }] }] },
      status: {
        parents: [
          {
            parentRef: { name: "gw", namespace: "team" },
            conditions: resolved && [{ type: "ResolvedRefs", ...resolved }],
          },
          {
            parentRef: { name: "former" },
            conditions: [{ type: "ResolvedRefs", status: "True", reason: "ResolvedRefs" }],
          },
        ],
      },
    });
    const OK = { status: "True", reason: "ResolvedRefs" };
    const INVALID = { status: "False", reason: "InvalidKind" };
    const cases: [situation: string, known: KubernetesObject, moves: boolean][] = [
      ["a gateway refused the older pool", live(ALPHA, INVALID), true],
      ["a gateway resolved the newer pool", live(POOL.group, OK), true],
      ["the route has moved before", live(ALPHA, OK, "v1"), true],
      ["a gateway resolved the older pool", live(ALPHA, OK), false],
      ["a gateway refused the newer pool", live(POOL.group, INVALID), false],
      ["no gateway has said anything", live(ALPHA), false],
    ];
    for (const [situation, known, moves] of cases) {
      it(`${moves ? "leads to the newer pool and reports it" : "leads to the older pool"} where ${situation}`, () => {
        const { metadata, spec } = objectIn(routeOf({ known: [known], behaviour: KSERVE_0_20 }), "HTTPRoute");
        assert.equal(spec.rules[0].backendRefs[0].group, moves ? POOL.group : ALPHA);
        assert.equal(metadata.annotations?.["serving.kserve.io/inference-pool-migrated"], moves ? "v1" : undefined);
      });
    }
  });

  it("has at most as many matches as its API allows", () => {
    const adapters = Array.from({ length: 64 }, (_, i) => ({ name: `a${i}`, uri: "hf://a/b" }));
    const model = { uri: "hf://org/model", name: "chat", lora: { adapters } };
    const path = "spec.model.lora.adapters";
    const made = routeOf({ spec: { model } });
    // 65 in one rule and 66 in another are too many each, and 132 together.
    assert.deepEqual(
      made.issues.filter((issue) => issue.path === path).map(({ severity, code }) => `${severity} ${code}`),
      ["error InvalidValue", "error InvalidValue"],
    );
    const rules = Array.from({ length: 3 }, () => ({ matches: Array.from({ length: 50 }, () => BY_PATH) }));
    assert.deepEqual(issuesIn(routeOf({ rules })), ["error InvalidValue spec.router.route.http.spec.rules"]);
  });
});

describe("routing by the model's name", () => {
  const gateway = (annotation: string): KubernetesObject => ({
    apiVersion: "gateway.networking.k8s.io/v1",
    kind: "Gateway",
    metadata: {
      name: "mine",
      namespace: "team",
      annotations: { "serving.kserve.io/model-based-routing-enabled": annotation },
    },
  });
  const refs = { gateway: { refs: [{ name: "mine" }] } };
  const mode = (modelBasedRoutingMode: Settings["modelBasedRoutingMode"]) => ({ settings: { modelBasedRoutingMode } });
  const off: [situation: string, given: Parameters<typeof routeOf>[0]][] = [
    ["the settings disable it", mode("disabled")],
    ["the workload does not answer to the name", { spec: { annotations: {} } }],
    ["a gateway opts out", { router: refs, known: [gateway("false")] }],
  ];
  for (const [situation, given] of off) {
    for (const behaviour of [OWN, KSERVE_0_20]) {
      it(`is removed from the rules if ${situation} (${behaviour === OWN ? "own" : "KServe"})`, () => {
        const made = routeOf({ ...given, behaviour });
        assert.deepEqual(namesOf(made), ["path", "both"]);
        assert.deepEqual(matchesOf(made), [1, 1]);
      });
    }
  }

  it("stays unless a gateway opts out, and even then if the settings force it", () => {
    assert.equal(namesOf(routeOf({ router: refs, known: [gateway("true")] })).length, 3);
    assert.equal(namesOf(routeOf({ router: refs, known: [gateway("false")], ...mode("forced") })).length, 3);
  });

  it("leaves rules without matches alone", () => {
    assert.deepEqual(namesOf(routeOf({ ...mode("disabled"), rules: [{ name: "all" }] })), ["all"]);
  });

  it("matches the model, then the adapters sorted by name", () => {
    const adapters = [{ name: "z", uri: "hf://a/z" }, { uri: "hf://a/none" }, { name: "b", uri: "hf://a/b" }];
    const model = { uri: "hf://org/model", name: "chat", lora: { adapters } };
    const made = routeOf({ spec: { model } });
    const adapted = [
      { ...BY_HEADER, headers: named("b") },
      { ...BY_HEADER, headers: named("z") },
    ];
    assert.deepEqual(
      rulesOf(made).map(({ matches }) => matches),
      [[BY_PATH], [BY_HEADER, ...adapted], [BY_PATH, BY_HEADER, ...adapted]],
    );
  });
});
