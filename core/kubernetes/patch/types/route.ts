/**
 * HTTPRoute (`gw.`: Gateway API v1.5) and InferencePool (`pool.`: inference.networking.k8s.io/v1, v1.5). The notation is
 * that of {@link ../schema.ts}.
 */
export const ROUTE_TYPES = `
gw.HTTPRouteSpec: parentRefs[gw.ParentReference] useDefaultGateways hostnames[] rules[gw.HTTPRouteRule]
gw.HTTPRouteRule: name? matches[gw.HTTPRouteMatch] filters[gw.HTTPRouteFilter] backendRefs[gw.HTTPBackendRef]
  timeouts?:gw.HTTPRouteTimeouts retry?:gw.HTTPRouteRetry sessionPersistence?:gw.SessionPersistence
gw.BackendObjectReference: group? kind? name! namespace? port?
gw.CookieConfig: lifetimeType?
gw.ForwardBodyConfig: maxSize
gw.Fraction: numerator!0 denominator?
gw.GRPCAuthConfig: allowedHeaders[]
gw.HTTPAuthConfig: path allowedHeaders[] allowedResponseHeaders[]
gw.HTTPBackendRef: group? kind? name! namespace? port? weight? filters[gw.HTTPRouteFilter]
gw.HTTPCORSFilter: allowOrigins[] allowCredentials? allowMethods[] allowHeaders[] exposeHeaders[] maxAge
gw.HTTPExternalAuthFilter: protocol backendRef:gw.BackendObjectReference grpc?:gw.GRPCAuthConfig
  http?:gw.HTTPAuthConfig forwardBody?:gw.ForwardBodyConfig
gw.HTTPHeader: name! value!
gw.HTTPHeaderFilter: set[gw.HTTPHeader] add[gw.HTTPHeader] remove[]
gw.HTTPHeaderMatch: type? name! value!
gw.HTTPPathMatch: type? value?
gw.HTTPPathModifier: type! replaceFullPath? replacePrefixMatch?
gw.HTTPQueryParamMatch: type? name! value!
gw.HTTPRequestMirrorFilter: backendRef:gw.BackendObjectReference percent? fraction?:gw.Fraction
gw.HTTPRequestRedirectFilter: scheme? hostname? path?:gw.HTTPPathModifier port? statusCode?
gw.HTTPRouteFilter: type! requestHeaderModifier?:gw.HTTPHeaderFilter responseHeaderModifier?:gw.HTTPHeaderFilter
  requestMirror?:gw.HTTPRequestMirrorFilter requestRedirect?:gw.HTTPRequestRedirectFilter
  urlRewrite?:gw.HTTPURLRewriteFilter cors?:gw.HTTPCORSFilter externalAuth?:gw.HTTPExternalAuthFilter
  extensionRef?:gw.LocalObjectReference
gw.HTTPRouteMatch: path?:gw.HTTPPathMatch headers[gw.HTTPHeaderMatch] queryParams[gw.HTTPQueryParamMatch] method?
gw.HTTPRouteRetry: codes[] attempts? backoff?
gw.HTTPRouteTimeouts: request? backendRequest?
gw.HTTPURLRewriteFilter: hostname? path?:gw.HTTPPathModifier
gw.LocalObjectReference: group! kind! name!
gw.ParentReference: group? kind? namespace? name! sectionName? port?
gw.SessionPersistence: sessionName? absoluteTimeout? idleTimeout? type? cookieConfig?:gw.CookieConfig
pool.EndpointPickerRef: group? kind name port?:pool.Port failureMode
pool.InferencePoolSpec: selector:pool.LabelSelector targetPorts[pool.Port] appProtocol
  endpointPickerRef:pool.EndpointPickerRef
pool.LabelSelector: matchLabels{}
pool.Port: number
`;
