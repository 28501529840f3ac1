/**
 * A Gateway with its HTTPRoutes as a configuration of Envoy. It does what an implementation of the Gateway API does
 * with these objects, as far as the plan renders them: matches of path and header, the rewrite of a prefix, timeouts,
 * weights; a Service is the addresses of its EndpointSlices, an InferencePool is the address that its endpoint picker
 * returns to Envoy's external processing.
 */

export interface HttpRoute {
  metadata: { name: string; namespace: string };
  spec: { parentRefs?: { namespace?: string; name: string }[]; rules?: Rule[] };
}

interface Rule {
  matches?: Match[];
  filters?: { type: string; urlRewrite?: { path?: { replacePrefixMatch?: string } } }[];
  backendRefs?: BackendRef[];
  timeouts?: { request?: string };
}

interface Match {
  path?: { type?: string; value?: string };
  headers?: { name: string; value: string }[];
}

interface BackendRef {
  group?: string;
  kind?: string;
  name: string;
  port?: number;
  weight?: number;
}

/** The addresses behind a Service or an InferencePool. */
export interface Backends {
  /** Addresses behind a port of a Service. */
  service(namespace: string, name: string, port: number): Endpoint[];
  pool(namespace: string, name: string): { picker: { name: string; port: number }; failsOpen: boolean };
}

export interface Endpoint {
  address: string;
  port: number;
}

interface Target {
  cluster: string;
  weight: number;
  /** Set if a picker chooses. */
  picker?: { cluster: string; failsOpen: boolean };
}

type Config = Record<string, unknown>;

const TYPE = "type.googleapis.com/";
const EXT_PROC = "envoy.filters.http.ext_proc";
/** The picker reads whole requests and answers, piece by piece. Source: the protocol of the Gateway API inference extension, docs/proposals/004. */
const PROCESSING = {
  ...{ request_header_mode: "SEND", request_body_mode: "FULL_DUPLEX_STREAMED", request_trailer_mode: "SEND" },
  ...{ response_header_mode: "SEND", response_body_mode: "FULL_DUPLEX_STREAMED", response_trailer_mode: "SEND" },
};

/** Envoy's configuration for the objects that are attached to the listener. */
export function envoyConfig(listener: Endpoint, routes: readonly HttpRoute[], backends: Backends): Config {
  const clusters = new Map<string, Config>();
  const rows = routes.flatMap((route) =>
    (route.spec.rules ?? []).flatMap((rule) => {
      const targets = targetsOf(rule, route.metadata.namespace, backends, clusters);
      return (rule.matches ?? [{ path: { type: "PathPrefix", value: "/" } }]).map((match) => ({
        match,
        rule,
        targets,
      }));
    }),
  );
  rows.sort((a, b) => precedence(b.match) - precedence(a.match));
  return {
    static_resources: {
      listeners: [
        listenerOf(
          listener,
          rows.map((row) => routeOf(row.match, row.rule, row.targets)),
        ),
      ],
      clusters: [...clusters.values()],
    },
  };
}

/** An exact path, then the longer prefix, then more headers. Source: HTTPRouteRule of the Gateway API. */
function precedence({ path, headers = [] }: Match): number {
  const exact = path?.type === "Exact" ? 1_000_000 : 0;
  return exact + (path?.value ?? "/").length * 100 + headers.length;
}

function targetsOf(rule: Rule, namespace: string, backends: Backends, clusters: Map<string, Config>): Target[] {
  const refs = (rule.backendRefs ?? []).filter(({ weight = 1 }) => weight > 0);
  return refs.map(({ kind = "Service", name, port = 0, weight = 1 }) => {
    const cluster = `${kind}.${namespace}.${name}`;
    if (kind !== "InferencePool") {
      clusters.set(cluster, staticCluster(cluster, backends.service(namespace, name, port)));
      return { cluster, weight };
    }
    const { picker, failsOpen } = backends.pool(namespace, name);
    const asked = `picker.${namespace}.${picker.name}`;
    clusters.set(cluster, chosenCluster(cluster));
    clusters.set(asked, pickerCluster(asked, backends.service(namespace, picker.name, picker.port)));
    return { cluster, weight, picker: { cluster: asked, failsOpen } };
  });
}

function routeOf({ path, headers = [] }: Match, { filters = [], timeouts }: Rule, targets: readonly Target[]): Config {
  const value = path?.value ?? "/";
  const prefix = value === "/" ? { prefix: "/" } : { path_separated_prefix: value.replace(/\/$/, "") };
  const replaced = filters
    .map(({ urlRewrite }) => urlRewrite?.path?.replacePrefixMatch)
    .find((one) => one !== undefined);
  return {
    match: {
      ...(path?.type === "Exact" ? { path: value } : prefix),
      headers: headers.map((one) => ({ name: one.name, string_match: { exact: one.value } })),
    },
    route: {
      weighted_clusters: { clusters: targets.map(weighted) },
      timeout: timeouts?.request ?? "0s",
      ...(replaced !== undefined && rewriteOf(value, replaced)),
    },
  };
}

/** A prefix that is replaced by the root would leave two slashes. */
function rewriteOf(prefix: string, replaced: string): Config {
  if (replaced !== "/") return { prefix_rewrite: replaced };
  const literal = prefix.replaceAll(/[^\w/-]/g, (sign) => `\\${sign}`);
  return { regex_rewrite: { pattern: { regex: `^${literal}/*` }, substitution: "/" } };
}

function weighted({ cluster, weight, picker }: Target): Config {
  if (picker === undefined) return { name: cluster, weight };
  const overrides = {
    grpc_service: { envoy_grpc: { cluster_name: picker.cluster } },
    processing_mode: PROCESSING,
    failure_mode_allow: picker.failsOpen,
  };
  const perRoute = { "@type": `${TYPE}envoy.extensions.filters.http.ext_proc.v3.ExtProcPerRoute`, overrides };
  return { name: cluster, weight, typed_per_filter_config: { [EXT_PROC]: perRoute } };
}

function listenerOf({ address, port }: Endpoint, routes: readonly Config[]): Config {
  const filter = {
    name: EXT_PROC,
    disabled: true,
    typed_config: {
      "@type": `${TYPE}envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor`,
      grpc_service: { envoy_grpc: { cluster_name: "none" } },
      processing_mode: PROCESSING,
      message_timeout: "30s",
    },
  };
  const router = {
    name: "envoy.filters.http.router",
    typed_config: { "@type": `${TYPE}envoy.extensions.filters.http.router.v3.Router` },
  };
  const manager = {
    "@type": `${TYPE}envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager`,
    stat_prefix: "gateway",
    route_config: { virtual_hosts: [{ name: "all", domains: ["*"], routes }] },
    http_filters: [filter, router],
    access_log: [
      { name: "stdout", typed_config: { "@type": `${TYPE}envoy.extensions.access_loggers.stream.v3.StdoutAccessLog` } },
    ],
  };
  const filters = [{ name: "envoy.filters.network.http_connection_manager", typed_config: manager }];
  return {
    name: "gateway",
    address: { socket_address: { address, port_value: port } },
    filter_chains: [{ filters }],
  };
}

/** The address that the picker wrote into the request's header. */
function chosenCluster(name: string): Config {
  return {
    name,
    type: "ORIGINAL_DST",
    lb_policy: "CLUSTER_PROVIDED",
    connect_timeout: "5s",
    original_dst_lb_config: { use_http_header: true, http_header_name: "x-gateway-destination-endpoint" },
  };
}

function staticCluster(name: string, endpoints: readonly Endpoint[]): Config {
  const lbEndpoints = endpoints.map(({ address, port }) => ({
    endpoint: { address: { socket_address: { address, port_value: port } } },
  }));
  return {
    name,
    type: "STATIC",
    connect_timeout: "5s",
    load_assignment: { cluster_name: name, endpoints: [{ lb_endpoints: lbEndpoints }] },
  };
}

/** The picker serves TLS with a certificate that it signs itself. */
function pickerCluster(name: string, endpoints: readonly Endpoint[]): Config {
  const http = {
    "@type": `${TYPE}envoy.extensions.upstreams.http.v3.HttpProtocolOptions`,
    explicit_http_config: { http2_protocol_options: {} },
  };
  const tls = {
    "@type": `${TYPE}envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext`,
    common_tls_context: {
      alpn_protocols: ["h2"],
      validation_context: { trust_chain_verification: "ACCEPT_UNTRUSTED" },
    },
  };
  return {
    ...staticCluster(name, endpoints),
    typed_extension_protocol_options: { "envoy.extensions.upstreams.http.v3.HttpProtocolOptions": http },
    transport_socket: { name: "envoy.transport_sockets.tls", typed_config: tls },
  };
}
