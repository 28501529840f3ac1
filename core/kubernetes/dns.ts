import { remembering } from "./remember.ts";

/**
 * Names in Kubernetes: why a text is not a valid name; undefined if it is. Source:
 * k8s.io/apimachinery/pkg/util/validation v0.35.
 */
/** The form of a DNS label, whatever its length. */
export const DNS_LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const LONGEST_SUBDOMAIN = 253;
const QUALIFIED = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;
const LABEL_VALUE = /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/;

export function labelProblem(text: string): string | undefined {
  if (text.length > 63) return "it has more than 63 characters";
  return DNS_LABEL.test(text) ? undefined : NO_LABEL;
}
const NO_LABEL = "it may contain only lower-case letters, digits and -, and must start and end with a letter or digit";

/** The problem of a name that becomes the beginning of DNS labels: it offers no dots, which those cannot contain. */
export function beginningProblem(text: string): string | undefined {
  const problem = subdomainProblem(text);
  return problem === undefined || text.length > LONGEST_SUBDOMAIN ? problem : NO_LABEL;
}

export function subdomainProblem(text: string): string | undefined {
  if (text.length > LONGEST_SUBDOMAIN) return `it has more than ${LONGEST_SUBDOMAIN} characters`;
  return SUBDOMAIN.test(text)
    ? undefined
    : "it may contain only lower-case letters, digits, - and ., and must start and end with a letter or digit";
}

export function labelValueProblem(text: string): string | undefined {
  if (text.length > 63) return "it has more than 63 characters";
  return LABEL_VALUE.test(text)
    ? undefined
    : "it may contain only letters, digits, -, _ and ., and must start and end with a letter or digit";
}

/**
 * A key of a label or annotation: a name, after an optional domain and a slash. Results are kept, because most objects
 * have the same keys.
 */
export const qualifiedNameProblem = remembering((text): string | undefined => {
  const parts = text.split("/");
  const name = parts.at(-1) ?? "";
  if (parts.length > 2) return "it has more than one slash";
  const domain = parts.length === 2 ? (parts[0] ?? "") : undefined;
  if (domain === "") return "the part before the slash is empty";
  const domainProblem = domain === undefined ? undefined : subdomainProblem(domain);
  if (domainProblem !== undefined) return `the part before the slash is not a domain: ${domainProblem}`;
  if (name === "") return "the name is empty";
  if (name.length > 63) return "the name has more than 63 characters";
  return QUALIFIED.test(name) ? undefined : "the name may contain only letters, digits, -, _ and .";
});
