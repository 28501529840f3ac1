import assert from "node:assert/strict";
import { type Backends, envoyConfig, type HttpRoute } from "../../../tools/serving/gateway.ts";
import { NAMESPACE, rendered } from "../../../tools/serving/services.ts";

interface Route {
  match: { path?: string; prefix?: string; path_separated_prefix?: string; headers: { name: string }[] };
  route: {
    weighted_clusters: { clusters: { name: string; weight: number; typed_per_filter_config?: object }[] };
    prefix_rewrite?: string;
    regex_rewrite?: { pattern: { regex: string }; substitution: string };
    timeout: string;
  };
}

interface Config {
  static_resources: {
    listeners: {
      filter_chains: { filters: { typed_config: { route_config: { virtual_hosts: { routes: Route[] }[] } } }[] }[];
    }[];
    clusters: { name: string; type: string }[];
  };
}

const BACKENDS: Backends = {
  service: (_namespace, _name, port) => [{ address: "10.0.0.9", port }],
  pool: (_namespace, name) => ({ picker: { name: `${name}-picker`, port: 9002 }, failsOpen: true }),
};

function translated(routes: readonly HttpRoute[]): {
  routes: Route[];
  clusters: Config["static_resources"]["clusters"];
} {
  const config = envoyConfig({ address: "10.0.255.1", port: 80 }, routes, BACKENDS) as unknown as Config;
  const [listener] = config.static_resources.listeners;
  const host = listener?.filter_chains[0]?.filters[0]?.typed_config.route_config.virtual_hosts[0];
  return { routes: host?.routes ?? [], clusters: config.static_resources.clusters };
}

const routesOf = (name: string): HttpRoute[] =>
  rendered().filter(
    (object) => object.kind === "HTTPRoute" && object.metadata.name === `${name}-kserve-route`,
  ) as unknown as HttpRoute[];

describe("an HTTPRoute as a configuration of Envoy", () => {
  const { routes, clusters } = translated(routesOf("copies"));
  const byPrefix = (prefix: string): Route =>
    routes.find(({ match }) => match.path_separated_prefix === prefix) ?? assert.fail(`no route for ${prefix}`);

  it("leads completions to the pool by its picker, and replaces the prefix", () => {
    const { route } = byPrefix(`/${NAMESPACE}/copies/v1/completions`);
    const [target] = route.weighted_clusters.clusters;
    assert.equal(target?.name, `InferencePool.${NAMESPACE}.copies-inference-pool`);
    assert.match(JSON.stringify(target?.typed_per_filter_config), /copies-inference-pool-picker/);
    assert.equal(route.prefix_rewrite, "/v1/completions");
    assert.equal(route.timeout, "0s");
  });

  it("leads everything else to the Service, without its prefix and with one slash", () => {
    const { route } = byPrefix(`/${NAMESPACE}/copies`);
    const { pattern, substitution } = route.regex_rewrite ?? assert.fail("no rewrite");
    assert.equal(`/${NAMESPACE}/copies/v1/models`.replace(new RegExp(pattern.regex), substitution), "/v1/models");
    assert.equal(route.weighted_clusters.clusters[0]?.typed_per_filter_config, undefined);
  });

  it("tries exact paths first, then longer prefixes", () => {
    const exact = routes.map(({ match }) => match.path !== undefined);
    assert.equal(exact.lastIndexOf(true), exact.filter(Boolean).length - 1);
    const lengths = routes.flatMap(({ match }) => match.path_separated_prefix?.length ?? []);
    assert.deepEqual(
      lengths,
      [...lengths].sort((a, b) => b - a),
    );
  });

  it("has each backend and each picker once", () => {
    const names = clusters.map(({ name }) => name);
    assert.equal(new Set(names).size, names.length);
    assert.deepEqual(clusters.map(({ type }) => type).sort(), ["ORIGINAL_DST", "STATIC", "STATIC"]);
  });

  it("divides the shared model of a group by weight, and leaves out a backend without any", () => {
    const shared = translated(routesOf("stable")).routes.find(
      ({ match }) => match.path_separated_prefix === `/publishers/${NAMESPACE}/models/grouped/v1/completions`,
    );
    const weights = shared?.route.weighted_clusters.clusters.map(({ name, weight }) => [
      name.split(".").at(-1),
      weight,
    ]);
    assert.deepEqual(weights, [
      ["canary-inference-pool", 1],
      ["stable-inference-pool", 3],
    ]);
    const rules = [
      {
        backendRefs: [
          { name: "a", port: 80, weight: 0 },
          { name: "b", port: 80 },
        ],
      },
    ];
    const [only] = translated([{ metadata: { name: "r", namespace: "n" }, spec: { rules } }]).routes;
    assert.deepEqual(
      only?.route.weighted_clusters.clusters.map(({ name }) => name),
      ["Service.n.b"],
    );
  });
});
