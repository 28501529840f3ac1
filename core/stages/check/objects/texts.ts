import { labelProblem, qualifiedNameProblem, subdomainProblem } from "../../../kubernetes/dns.ts";
import { text } from "./fields.ts";

/** Rules of texts that several fields share. Source: apimachinery/pkg/util/validation and pkg/apis/core/validation, Kubernetes 1.36. */

export const LABEL_NAME = text(labelProblem, "write lower-case letters, digits and - only, at most 63");
export const OBJECT_NAME = text(subdomainProblem, "write a valid object name");
export const QUALIFIED_NAME = text(qualifiedNameProblem, "write a name, or a domain, a slash and a name");
export const LABEL_KEY = text(qualifiedNameProblem, "write the key of a label");

export const PORT_NAME = text(portNameProblem, "choose another name");

/** Source: IsValidPortName. */
function portNameProblem(name: string): string | undefined {
  if (name.length > 15) return "a port name may have at most 15 characters";
  if (!/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(name))
    return "a port name may contain only lower-case letters, digits and -, and must start and end with a letter or digit";
  if (name.includes("--")) return "a port name cannot contain two dashes in a row";
  return /[a-z]/.test(name) ? undefined : "a port name must contain at least one letter";
}

/** Source: IsRelaxedEnvVarName. */
export const VARIABLE_NAME = text((name) => {
  if (name === "") return "the name of a variable cannot be empty";
  if (name.includes("=")) return "the name of a variable cannot contain =";
  return /^[\x20-\x7e]+$/.test(name) ? undefined : "the name of a variable may contain only printable ASCII characters";
}, "choose another name");

/** Source: IsConfigMapKey. */
export const DATA_KEY = text((key) => {
  if (key.length > 253) return "the key has more than 253 characters";
  if (key === "." || key.startsWith("..")) return "a key cannot be . or start with ..";
  return /^[-._a-zA-Z0-9]+$/.test(key) ? undefined : "a key may contain only letters, digits, -, _ and .";
}, "write a key of the ConfigMap or Secret");

const isUpward = (path: string): boolean => path.split("/").includes("..");

/** Source: validatePathNoBacksteps. */
export const NOT_UPWARD = text((path) => (isUpward(path) ? "it contains .." : undefined), "write a path without ..");

/** Source: validateLocalDescendingPath. */
export const INSIDE = text((path) => {
  if (path.startsWith("/")) return "it is an absolute path";
  return isUpward(path) ? "it leads out of the volume" : undefined;
}, "write a path inside the volume");

/** Source: ValidateLocalNonReservedPath. */
export const FILE = text((path) => {
  if (path.startsWith("/")) return "it is an absolute path";
  if (isUpward(path)) return "it leads out of the volume";
  return path.startsWith("..") ? "it starts with .." : undefined;
}, "write a path inside the volume");

export const ABSOLUTE = text(
  (path) => (path.startsWith("/") ? undefined : "it is not an absolute path"),
  "write a path that starts with /",
);

/** Source: IsHTTPHeaderName. */
export const HEADER_NAME = text(
  (name) => (/^[-A-Za-z0-9]+$/.test(name) ? undefined : "a header name may contain only letters, digits and -"),
  "write a header name such as X-Header",
);

/** Source: IsDNS1123SubdomainWithUnderscore; a trailing dot is ignored. */
export const SEARCH_DOMAIN = text((domain) => {
  if (domain === ".") return undefined;
  if (domain.length > 253) return "it has more than 253 characters";
  const isLabel = (label: string): boolean => /^_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?$/.test(label);
  return domain.replace(/\.$/, "").split(".").every(isLabel) ? undefined : "it is not a domain";
}, "write a domain such as team.svc.cluster.local");

/** Source: IsValidSysctlName. */
export const SYSCTL = text((name) => {
  if (name.length > 253) return "it has more than 253 characters";
  const isSegment = (segment: string): boolean => /^[a-z0-9]([-_a-z0-9]*[a-z0-9])?$/.test(segment);
  return name.split(/[./]/).every(isSegment) ? undefined : "it is not the name of a kernel parameter";
}, "write a name such as net.core.somaxconn");
