import { labelProblem, qualifiedNameProblem, subdomainProblem } from "../../../kubernetes/dns.ts";
import type { Json, JsonObject } from "../../../kubernetes/json.ts";
import { entryOf } from "../../../kubernetes/table.ts";
import { invalid, itemsOf, judgeChoice, judgeNumber, judgeText, mapping, missing, type Refusal } from "./rule.ts";

const LARGEST_ID = 2 ** 31 - 1;
const LARGEST_MODE = 0o777;

/** Fields of a pod as a whole. Source: ValidatePodSpec and ValidatePodTemplateSpec, pkg/apis/core/validation, Kubernetes 1.36. */
export function judgePodFields(pod: JsonObject, path: string): Refusal[] {
  return [
    ...judgeText(optional(pod["hostname"]), `${path}.hostname`, labelProblem, "write one DNS label"),
    ...judgeText(optional(pod["subdomain"]), `${path}.subdomain`, labelProblem, "write one DNS label"),
    ...judgeText(optional(pod["nodeName"]), `${path}.nodeName`, subdomainProblem, "write the name of a node"),
    ...judgeChoice(mapping(pod["os"])["name"], `${path}.os.name`, ["linux", "windows"]),
    ...judgeDns(pod, path),
    ...judgeSleep(pod, path),
    ...judgeEphemeral(pod, path),
    ...itemsOf(pod, "resourceClaims", path).flatMap(({ item, at }) => judgeClaim(item, at)),
    ...itemsOf(pod, "volumes", path).flatMap(({ item, at }) => judgeFiles(item, at)),
    ...judgeInitContainers(pod, path),
    ...itemsOf(pod, "topologySpreadConstraints", path).flatMap(({ item, at }) => judgeSpread(item, at)),
    ...judgeNodeTerms(pod, path),
    ...judgeSecurity(mapping(pod["securityContext"]), `${path}.securityContext`),
  ];
}

/** An empty text counts as not set. */
function optional(value: Json | undefined): Json | undefined {
  return value === "" ? undefined : value;
}

function judgeDns(pod: JsonObject, path: string): Refusal[] {
  const servers = mapping(pod["dnsConfig"])["nameservers"];
  if (pod["dnsPolicy"] !== "None" || (Array.isArray(servers) && servers.length > 0)) return [];
  const message = "the dnsPolicy None leaves the pod without a name server";
  return [missing(`${path}.dnsConfig.nameservers`, message, "add a name server, or remove dnsPolicy")];
}

const DEFAULT_GRACE_SECONDS = 30;

/** A pod that is to end does not sleep longer than it may live. */
function judgeSleep(pod: JsonObject, path: string): Refusal[] {
  const grace = pod["terminationGracePeriodSeconds"] ?? DEFAULT_GRACE_SECONDS;
  return itemsOf(pod, "containers", path).flatMap(({ item, at }) => {
    const { seconds } = mapping(mapping(mapping(item["lifecycle"])["preStop"])["sleep"]);
    if (typeof seconds !== "number" || typeof grace !== "number" || grace < 0 || seconds <= grace) return [];
    const message = `preStop sleeps ${seconds} s, and terminationGracePeriodSeconds is ${grace}`;
    return [invalid(`${at}.lifecycle.preStop.sleep.seconds`, message, "raise terminationGracePeriodSeconds above it")];
  });
}

function judgeEphemeral(pod: JsonObject, path: string): Refusal[] {
  if (itemsOf(pod, "ephemeralContainers", path).length === 0) return [];
  const message = "a template of pods has no ephemeral containers: kubectl debug adds them to a running pod";
  return [invalid(`${path}.ephemeralContainers`, message, "remove it")];
}

function judgeClaim({ name, ...sources }: JsonObject, path: string): Refusal[] {
  const given = ["resourceClaimName", "resourceClaimTemplateName"].filter(
    (field) => (entryOf(sources, field) ?? "") !== "",
  );
  return [
    ...judgeText(name, `${path}.name`, labelProblem, "choose another name"),
    ...(given.length === 1
      ? []
      : [
          invalid(
            path,
            "a claim comes from a ResourceClaim or from a ResourceClaimTemplate",
            "set resourceClaimName or resourceClaimTemplateName",
          ),
        ]),
  ];
}

function judgeSpread(constraint: JsonObject, path: string): Refusal[] {
  const { maxSkew, whenUnsatisfiable } = constraint;
  return [
    ...judgeNumber(maxSkew, `${path}.maxSkew`, 1, LARGEST_ID),
    ...judgeChoice(whenUnsatisfiable, `${path}.whenUnsatisfiable`, ["DoNotSchedule", "ScheduleAnyway"]),
  ];
}

const NODE_OPERATORS = ["In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt"];

function judgeNodeTerms(pod: JsonObject, path: string): Refusal[] {
  const field = "requiredDuringSchedulingIgnoredDuringExecution";
  const required = mapping(mapping(mapping(pod["affinity"])["nodeAffinity"])[field]);
  const at = `${path}.affinity.nodeAffinity.${field}`;
  const terms = entryOf(required, "nodeSelectorTerms");
  if (Array.isArray(terms) && terms.length === 0)
    return [missing(`${at}.nodeSelectorTerms`, "no term selects a node", "add a term, or remove the affinity")];
  return itemsOf(required, "nodeSelectorTerms", at)
    .flatMap(({ item, at: term }) => itemsOf(item, "matchExpressions", term))
    .flatMap(({ item, at: expression }) => [
      ...judgeText(item["key"], `${expression}.key`, qualifiedNameProblem, "write the key of a label of nodes"),
      ...judgeChoice(item["operator"], `${expression}.operator`, NODE_OPERATORS),
    ]);
}

/** The security context of a pod or of a container. */
export function judgeSecurity(context: JsonObject, path: string): Refusal[] {
  const ids = (["runAsUser", "runAsGroup"] as const).flatMap((field) =>
    judgeNumber(context[field], `${path}.${field}`, 0, LARGEST_ID),
  );
  const { type, localhostProfile } = mapping(context["seccompProfile"]);
  const needsProfile = type === "Localhost" && (localhostProfile ?? "") === "";
  return [
    ...ids,
    ...judgeChoice(type, `${path}.seccompProfile.type`, ["Localhost", "RuntimeDefault", "Unconfined"]),
    ...(needsProfile
      ? [missing(`${path}.seccompProfile.localhostProfile`, "nothing names the profile", "set localhostProfile")]
      : []),
    ...(context["privileged"] === true && context["allowPrivilegeEscalation"] === false
      ? [
          invalid(
            `${path}.allowPrivilegeEscalation`,
            "a privileged container may always raise its privileges",
            "remove allowPrivilegeEscalation, or privileged",
          ),
        ]
      : []),
  ];
}

const FILES = ["configMap", "secret", "downwardAPI", "projected"] as const;

/** The files that a volume is made of: modes, and paths that stay inside of it. */
function judgeFiles(volume: JsonObject, path: string): Refusal[] {
  const host = mapping(volume["hostPath"])["path"];
  const ofHost = judgeText(host, `${path}.hostPath.path`, backwardProblem, "write the path without ..");
  const ofFiles = FILES.flatMap((kind) => {
    const source = mapping(volume[kind]);
    const items = itemsOf(source, "items", `${path}.${kind}`);
    return [
      ...judgeMode(source["defaultMode"], `${path}.${kind}.defaultMode`),
      ...items.flatMap(({ item, at }) => [
        ...judgeMode(item["mode"], `${at}.mode`),
        ...judgeText(item["path"], `${at}.path`, insideProblem, "write a path inside of the volume"),
      ]),
    ];
  });
  const { driver } = mapping(volume["csi"]);
  const ofDriver = driver === "" ? [missing(`${path}.csi.driver`, "nothing names the CSI driver", "set driver")] : [];
  return [...ofHost, ...ofDriver, ...ofFiles];
}

function backwardProblem(path: string): string | undefined {
  return path.split("/").includes("..") ? "it holds .." : undefined;
}

function judgeMode(mode: Json | undefined, path: string): Refusal[] {
  if (typeof mode !== "number" || (mode >= 0 && mode <= LARGEST_MODE)) return [];
  const octal = /^[0-7]{3}$/.test(String(mode)) ? Number.parseInt(String(mode), 8) : undefined;
  const fix = octal === undefined ? "write a number from 0 to 511" : `write 0${mode} in YAML, or ${octal} elsewhere`;
  return [invalid(path, `${mode} is not a file mode: the largest is 0777, which is 511`, fix)];
}

/** Why a path leads out of the volume that it is relative to. */
export function insideProblem(path: string): string | undefined {
  if (path.startsWith("/")) return "it is an absolute path";
  return path.split("/").includes("..") ? "it leads out of the volume" : undefined;
}

const PROBES = ["livenessProbe", "readinessProbe", "startupProbe", "lifecycle"] as const;

/** A container that runs before the others has no probes, unless it goes on as a sidecar. */
function judgeInitContainers(pod: JsonObject, path: string): Refusal[] {
  return itemsOf(pod, "initContainers", path).flatMap(({ item, at }) =>
    PROBES.filter((field) => item["restartPolicy"] !== "Always" && (item[field] ?? null) !== null).map((field) =>
      invalid(
        `${at}.${field}`,
        `an init container has ${field} only as a sidecar`,
        "remove it, or set restartPolicy: Always",
      ),
    ),
  );
}
