import { subdomainProblem } from "../../../../kubernetes/dns.ts";
import type { JsonObject } from "../../../../kubernetes/json.ts";
import { rememberingOf } from "../../../../kubernetes/remember.ts";
import { entryOf } from "../../../../kubernetes/table.ts";
import { NO_CONTAINERS } from "../../../../kubernetes/workloads/pods.ts";
import { addressProblem } from "../addresses.ts";
import {
  all,
  each,
  exactlyOne,
  fields,
  hasText,
  most,
  never,
  ofSet,
  oneOf,
  optional,
  type Place,
  Pod,
  type Rule,
  range,
  required,
  text,
  uniqueKey,
} from "../fields.ts";
import { invalid, missing, type Refusal } from "../rule.ts";
import { LABELS } from "../selectors.ts";
import { LABEL_NAME, OBJECT_NAME, QUALIFIED_NAME, SEARCH_DOMAIN } from "../texts.ts";
import { CONTAINER, INIT_CONTAINER } from "./containers.ts";
import { AFFINITY, SPREAD, TOLERATIONS } from "./placement.ts";
import { WHOLE_POD } from "./podrules.ts";
import { OVERHEAD, POD_RESOURCES } from "./resources.ts";
import { POD_SECURITY } from "./security.ts";
import { STARTS } from "./starts.ts";
import { USERS } from "./users.ts";
import { VOLUMES } from "./volumes.ts";

const ADDRESS = text(addressProblem, "write an IP address");
const HOST_NAME = text(subdomainProblem, "write a host name in lower-case letters, digits, - and .");
const NAME = optional(OBJECT_NAME);
/** The former name of serviceAccountName, which counts if that is not set. */
const FORMER_ACCOUNT = ofSet((value, place) => (hasText(place.holder, "serviceAccountName") ? [] : NAME(value, place)));

const DNS = fields({
  nameservers: all(most(3, "name servers"), each(ADDRESS)),
  searches: all(most(32, "search domains"), each(SEARCH_DOMAIN), shortEnough),
  options: each(fields({ name: required() })),
});
const LONGEST_SEARCH = 2048;

function shortEnough(...[value, { path }]: Parameters<Rule>): Refusal[] {
  const length = Array.isArray(value) ? value.join(" ").length : 0;
  if (length <= LONGEST_SEARCH) return [];
  return [
    invalid(
      path,
      `the search domains have ${length} characters, but at most ${LONGEST_SEARCH} are allowed`,
      "remove some",
    ),
  ];
}

/** With the policy None a pod has only the name servers that its spec lists. */
function hasServer(...[value, { path, pod }]: Parameters<Rule>): Refusal[] {
  const servers = (value as JsonObject | null | undefined)?.["nameservers"];
  if (pod.spec["dnsPolicy"] !== "None" || (Array.isArray(servers) && servers.length > 0)) return [];
  const message = "dnsPolicy is None, so the pod has no name server";
  return [missing(`${path}.nameservers`, message, "add a name server, or remove dnsPolicy")];
}

function hasContainers(...[value, { path }]: Parameters<Rule>): Refusal[] {
  if (Array.isArray(value) && value.length > 0) return [];
  return [missing(path, NO_CONTAINERS.message, NO_CONTAINERS.fix)];
}

const CLAIM = fields(
  { name: required(LABEL_NAME), resourceClaimName: OBJECT_NAME, resourceClaimTemplateName: OBJECT_NAME },
  exactlyOne("resourceClaimName", "resourceClaimTemplateName"),
);
const NO_HOST = (field: string) => (place: Place) => entryOf(place.pod.spec, field) === true;

/** Fields of a pod's spec. Source: ValidatePodSpec, pkg/apis/core/validation, Kubernetes 1.36. */
const POD = {
  volumes: VOLUMES,
  containers: all(hasContainers, each(CONTAINER)),
  initContainers: each(INIT_CONTAINER),
  ephemeralContainers: ofSet((value, { path }) => {
    if (!Array.isArray(value) || value.length === 0) return [];
    const message = "a pod template cannot have ephemeral containers: kubectl debug adds them to a running pod";
    return [invalid(path, message, "remove it")];
  }),
  resourceClaims: all(each(CLAIM), uniqueKey("name", "name of a resource claim")),
  resources: POD_RESOURCES,
  overhead: OVERHEAD,
  dnsPolicy: optional(oneOf("ClusterFirst", "ClusterFirstWithHostNet", "Default", "None")),
  dnsConfig: all(hasServer, DNS),
  hostAliases: each(fields({ ip: (value, place) => ADDRESS(value ?? "", place), hostnames: each(HOST_NAME) })),
  nodeSelector: LABELS,
  nodeName: NAME,
  serviceAccountName: NAME,
  serviceAccount: FORMER_ACCOUNT,
  priorityClassName: NAME,
  runtimeClassName: OBJECT_NAME,
  hostname: optional(LABEL_NAME),
  subdomain: optional(LABEL_NAME),
  hostnameOverride: all(
    OBJECT_NAME,
    text((name) => (name.length > 64 ? "it has more than 64 characters" : undefined), "write a shorter name"),
    never("hostNetwork excludes hostnameOverride", "remove hostNetwork or hostnameOverride", NO_HOST("hostNetwork")),
    never(
      "setHostnameAsFQDN excludes hostnameOverride",
      "remove setHostnameAsFQDN or hostnameOverride",
      NO_HOST("setHostnameAsFQDN"),
    ),
  ),
  preemptionPolicy: oneOf("Never", "PreemptLowerPriority"),
  tolerations: TOLERATIONS,
  affinity: AFFINITY,
  topologySpreadConstraints: SPREAD,
  readinessGates: each(fields({ conditionType: (value, place) => QUALIFIED_NAME(value ?? "", place) })),
  schedulingGates: all(
    each(fields({ name: (value, place) => QUALIFIED_NAME(value ?? "", place) })),
    uniqueKey("name", "scheduling gate"),
  ),
  os: fields({ name: required(oneOf("linux", "windows")) }),
  securityContext: POD_SECURITY,
  activeDeadlineSeconds: range(1, 2 ** 31 - 1),
};

/** A pod's spec; `restarts` are the restart policies that its workload permits. */
export function judgePod(pod: JsonObject, path: string, restarts: readonly string[]): Refusal[] {
  return podRule(restarts)(pod, { path, holder: pod, pod: new Pod(pod) });
}

/** Made once for each list of policies. */
const podRule = rememberingOf((restarts: readonly string[]): Rule => {
  const isForever = restarts.length === 1;
  const ofWorkload = {
    restartPolicy: optional(oneOf(...restarts)),
    ...(isForever && {
      activeDeadlineSeconds: never(
        "activeDeadlineSeconds is not allowed in pods that are always restarted",
        "remove it",
      ),
    }),
  };
  return fields({ ...POD, ...ofWorkload }, ...WHOLE_POD, USERS, STARTS);
});
