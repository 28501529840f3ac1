import { qualifiedNameProblem } from "../../../../kubernetes/dns.ts";
import { asText } from "../../../../kubernetes/json.ts";
import { canonicalQuantity, quantityNumber } from "../../../../kubernetes/quantity.ts";
import { fields, isSet, oneOf, optional, type Rule, required, text } from "../fields.ts";
import { invalid, mapping, missing, type Refusal } from "../rule.ts";

/** The downward API. Source: validateObjectFieldSelector, validateContainerResourceFieldSelector, Kubernetes 1.36. */
const OF_ENV = [
  "metadata.name",
  "metadata.namespace",
  "metadata.uid",
  "spec.nodeName",
  // The former name of the field; the API server still reads it.
  "spec.host",
  "spec.serviceAccountName",
  "status.hostIP",
  "status.hostIPs",
  "status.podIP",
  "status.podIPs",
];
const OF_FILES = ["metadata.name", "metadata.namespace", "metadata.uid", "metadata.labels", "metadata.annotations"];
const MAP = /^metadata\.(labels|annotations)\['(.*)'\]$/s;

function fieldRef(known: readonly string[], what: string): Rule {
  const problem = (path: string): string | undefined => {
    const [, map, key] = MAP.exec(path) ?? [];
    if (key === undefined) return known.includes(path) ? undefined : `${what} cannot have this field of the pod`;
    return qualifiedNameProblem(map === "annotations" ? key.toLowerCase() : key);
  };
  const fix = `write a field such as ${known[0]}, or a label or annotation such as metadata.labels['app']`;
  return fields({ apiVersion: optional(oneOf("v1")), fieldPath: required(text(problem, fix)) });
}

const UNITS = ["1", "1k", "1M", "1G", "1T", "1P", "1E", "1Ki", "1Mi", "1Gi", "1Ti", "1Pi", "1Ei"];
const NAME = /^(limits|requests)\.(cpu|memory|ephemeral-storage|hugepages-.*)$/;

const RESOURCE = fields({
  resource: required(
    text(
      (name) => (NAME.test(name) ? undefined : "the downward API does not provide this resource"),
      "write limits or requests of cpu, memory or ephemeral-storage, such as limits.memory",
    ),
  ),
  divisor: (value, { path, holder }) => {
    if (typeof value !== "string" && typeof value !== "number") return [];
    const allowed = /\.cpu$/.test(asText(holder["resource"])) ? ["1", "1m"] : UNITS;
    if (quantityNumber(value) === 0 || allowed.includes(canonicalQuantity(value) ?? "")) return [];
    return [invalid(path, `${value} is not an allowed divisor`, `write one of ${allowed.join(", ")}`)];
  },
});

export const ENV_FIELD = fieldRef(OF_ENV, "a variable");
export const ENV_RESOURCE = RESOURCE;
export const FILE_FIELD = fieldRef(OF_FILES, "a file");
export const FILE_RESOURCE: Rule = (value, place) => [
  ...RESOURCE(value, place),
  ...(isSet(value) && (mapping(value)["containerName"] ?? "") === "" ? noContainer(place.path) : []),
];

function noContainer(path: string): Refusal[] {
  return [missing(`${path}.containerName`, "a required field is not set", "set containerName")];
}
