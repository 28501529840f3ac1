import assert from "node:assert/strict";
import { KSERVE_0_20 } from "../../../../../core/contract/behaviour.ts";
import type { KubernetesObject } from "../../../../../core/kubernetes/objects.ts";
import { issuesIn, make, namesIn } from "../given.ts";
import { rendered } from "../rendered.ts";

const COMPONENT = "app.kubernetes.io/component";
const isRouters = ({ kind, metadata }: KubernetesObject) =>
  kind === "HTTPRoute" || metadata.labels?.[COMPONENT] === "llminferenceservice-router-scheduler";
const ALL = { route: {}, gateway: {}, scheduler: {} };

describe("the router with the presets", () => {
  it("leads to the Service if no scheduler runs", () => {
    const { objects } = rendered({ router: { route: {}, gateway: {} } });
    assert.deepEqual(
      objects.filter(isRouters).map(({ kind }) => kind),
      ["HTTPRoute"],
    );
    const text = JSON.stringify(objects);
    assert.ok(!text.includes("InferencePool"));
    assert.ok(text.includes('"name":"chat-kserve-workload-svc","port":8000'));
  });

  it("has no empty arguments and no older API, with TLS off and on", () => {
    for (const enableTLS of [false, true]) {
      const { objects } = rendered({ router: ALL, prefill: {} }, { enableTLS });
      const routers = JSON.stringify(objects.filter(({ kind }) => kind !== "Role"));
      assert.doesNotMatch(routers, /"(command|args)":\[[^\]]*""/);
      assert.doesNotMatch(routers, /networking\.x-k8s\.io\/v1alpha2/);
    }
  });
});

describe("what the router refers to", () => {
  const gateway = (name: string, namespace: string) => ({
    apiVersion: "gateway.networking.k8s.io/v1",
    kind: "Gateway",
    metadata: { name, namespace },
  });
  const httpRoute = (spec: object) => ({
    apiVersion: "gateway.networking.k8s.io/v1",
    kind: "HTTPRoute",
    metadata: { name: "mine", namespace: "team" },
    spec,
  });
  const managed = (parentRefs: object[]) => ({ router: { route: { http: { spec: { parentRefs } } } } });

  const GATEWAYS = { router: { gateway: { refs: [{ name: "a", namespace: "infra" }, { name: "b" }] } } };
  const ROUTES = { router: { route: { http: { refs: [{ name: "mine" }] } } } };
  const POOL = { router: { scheduler: { pool: { ref: { name: "theirs" } } } } };
  const cases: [situation: string, spec: object, known: KubernetesObject[], paths: string[]][] = [
    ["gateways", GATEWAYS, [], ["gateway.refs[0]", "gateway.refs[1]"]],
    ["a gateway of another namespace", GATEWAYS, [gateway("a", "infra"), gateway("b", "other")], ["gateway.refs[1]"]],
    ["a route", ROUTES, [], ["route.http.refs[0]"]],
    ["a route's gateway", ROUTES, [httpRoute({ parentRefs: [{ name: "a" }] })], ["route.http.refs[0]"]],
    ["a pool", POOL, [], ["scheduler.pool.ref"]],
    ["a parent of the own route", managed([{ name: "a" }]), [], ["route.http.spec.parentRefs[0]"]],
  ];
  for (const [situation, spec, known, paths] of cases) {
    const expected = (severity: string) => paths.map((path) => `${severity} NotFound spec.router.${path}`);
    it(`is refused by KServe if it does not exist: ${situation}`, () => {
      assert.deepEqual(issuesIn(make({ spec, known, behaviour: KSERVE_0_20 })), expected("error"));
    });
    it(`is reported as unknown, and trusted: ${situation}`, () => {
      assert.deepEqual(issuesIn(make({ spec, known })), expected("warning"));
    });
  }

  it("is not reported when every object is known", () => {
    const known = [gateway("a", "infra"), gateway("b", "team"), httpRoute({ parentRefs: [{ name: "b" }] })];
    const pool = { apiVersion: "inference.networking.k8s.io/v1", kind: "InferencePool" };
    const theirs = { ...pool, metadata: { name: "theirs", namespace: "team" } };
    for (const spec of [GATEWAYS, ROUTES, POOL]) {
      assert.deepEqual(issuesIn(make({ spec, known: [...known, theirs], behaviour: KSERVE_0_20 })), []);
    }
  });

  it("leaves the platform's own gateway to the platform", () => {
    const parents = managed([{ name: "kserve-ingress-gateway", namespace: "kserve" }]);
    assert.deepEqual(issuesIn(make({ spec: parents })), []);
    const path = "spec.router.route.http.spec.parentRefs[0]";
    assert.deepEqual(issuesIn(make({ spec: parents, behaviour: KSERVE_0_20 })), [`error NotFound ${path}`]);
  });

  it("a route that no gateway serves is refused under compat, and reported by default", () => {
    const known = [httpRoute({})];
    const path = "spec.router.route.http.refs[0]";
    assert.deepEqual(issuesIn(make({ spec: ROUTES, known })), [`warning InvalidValue ${path}`]);
    const strict = make({ spec: ROUTES, known, behaviour: KSERVE_0_20 });
    assert.deepEqual(issuesIn(strict), [`error InvalidValue ${path}`]);
  });

  it("creates neither a scheduler nor a route", () => {
    assert.deepEqual(
      namesIn(make({ spec: { ...POOL, template: undefined } })).filter((name) => /Route|Pool|epp/.test(name)),
      [],
    );
  });
});
