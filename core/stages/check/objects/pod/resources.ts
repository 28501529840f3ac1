import { labelProblem, qualifiedNameProblem } from "../../../../kubernetes/dns.ts";
import type { Json, JsonObject } from "../../../../kubernetes/json.ts";
import { asText } from "../../../../kubernetes/json.ts";
import {
  canonicalQuantity,
  compareQuantities,
  quantityNumber,
  quantityValue,
} from "../../../../kubernetes/quantity.ts";
import { entryOf } from "../../../../kubernetes/table.ts";
import { all, each, fields, isSet, ofSet, optional, type Rule, required, text } from "../fields.ts";
import { invalid, itemsOf, mapping, missing, type Refusal, shown } from "../rule.ts";

/** Amounts of resources. Source: validateResourceRequirements, pkg/apis/core/validation, and pkg/apis/core/helper, Kubernetes 1.36. */
const STANDARD: readonly string[] = ["cpu", "memory", "ephemeral-storage"];
const OF_PODS: readonly string[] = ["cpu", "memory"];
const PAGES = "hugepages-";

type Kind = "container" | "pod";

function requirements(kind: Kind): Rule {
  return ofSet((value, { path }) => {
    const resources = mapping(value);
    const [limits, requests] = [mapping(resources["limits"]), mapping(resources["requests"])];
    return [
      ...Object.entries(limits).flatMap(([name, amount]) => judgeAmount(kind, name, amount, `${path}.limits[${name}]`)),
      ...Object.entries(requests).flatMap(([name, amount]) =>
        judgeAmount(kind, name, amount, `${path}.requests[${name}]`),
      ),
      ...Object.keys(requests).flatMap((name) => judgePair(name, entryOf(limits, name), entryOf(requests, name), path)),
      ...judgePages([...Object.keys(limits), ...Object.keys(requests)], path),
    ];
  });
}

function judgeAmount(kind: Kind, name: string, amount: Json | undefined, path: string): Refusal[] {
  const problem = kind === "pod" ? podNameProblem(name) : nameProblem(name);
  if (problem !== undefined) {
    return [invalid(path, `${shown(name)} is not a valid resource name: ${problem}`, nameFix(kind, name))];
  }
  if (!isAmount(amount)) return [];
  const value = quantityNumber(amount);
  if (value < 0) return [invalid(path, `${amount} is below 0`, "write 0 or more")];
  if (isExtended(name) && !Number.isInteger(value))
    return [invalid(path, `${amount} is not a whole number of ${name}`, "write a whole number")];
  return name.startsWith(PAGES) ? judgeSize(name, amount, path) : judgeScale(name, amount, path);
}

/** Resources in bytes, below which no container starts: container runtimes need some megabytes themselves. */
const BYTES: readonly string[] = ["memory", "ephemeral-storage"];
const FEWEST_BYTES = 2 ** 20;
/** More than any node has. */
const MOST_GIGABYTES = 32_768;
/** More CPUs than any node has. */
const MOST_CPUS = 10_000;

/** Amounts whose unit was probably forgotten, or confused: `32` is 32 bytes, and `32m` is a fraction of one. */
function judgeScale(name: string, amount: string | number, path: string): Refusal[] {
  const value = quantityNumber(amount);
  if (BYTES.includes(name) && value > 0 && value < FEWEST_BYTES) {
    const [digits = ""] = /^[0-9.]+/.exec(String(amount)) ?? [];
    const isLarge = Number(digits) > MOST_GIGABYTES;
    const message = `${amount} of ${name} is ${value < 1 ? "less than a byte" : `${value} bytes`}, in which no container starts`;
    const fix = isLarge ? "write the amount with a unit, for example 32Gi" : `did you mean ${digits}Gi?`;
    return [{ ...invalid(path, message, fix), severity: "warning" }];
  }
  if (name !== "cpu" || value < MOST_CPUS) return [];
  const fix = "write a number of CPUs, for example 8, or of thousandths, for example 8000m";
  return [{ ...invalid(path, `no node has ${value} CPUs`, fix), severity: "warning" }];
}

function judgeSize(name: string, amount: string | number, path: string): Refusal[] {
  const size = name.slice(PAGES.length);
  const page = canonicalQuantity(size) === undefined ? 0n : quantityValue(size);
  const isWhole = canonicalQuantity(size) !== undefined && Number.isInteger(quantityNumber(size));
  if (page <= 0n || !isWhole)
    return [invalid(path, `${name} does not name a page size`, "write hugepages-2Mi or hugepages-1Gi")];
  if (quantityValue(amount) % page === 0n) return [];
  return [invalid(path, `${amount} is not a multiple of the page size ${size}`, `write a multiple of ${size}`)];
}

function nameProblem(name: string): string | undefined {
  if (name.startsWith("requests.")) return "it is the name of a quota";
  const problem = qualifiedNameProblem(name);
  if (problem !== undefined || name.includes("/")) return problem;
  return STANDARD.includes(name) || name.startsWith(PAGES)
    ? undefined
    : "it is neither a standard resource nor a name with a domain";
}

/** A name that a whole pod cannot have may still be one for a container. */
function nameFix(kind: Kind, name: string): string {
  if (kind === "container")
    return "write cpu, memory, ephemeral-storage, or a name with a domain, such as nvidia.com/gpu";
  return nameProblem(name) === undefined
    ? "move it to the resources of the container"
    : "write cpu or memory, or move it to the resources of the container under a valid name";
}

function podNameProblem(name: string): string | undefined {
  return OF_PODS.includes(name) || name.startsWith(PAGES)
    ? undefined
    : "the resources of a whole pod can only be cpu, memory and huge pages";
}

function judgePair(name: string, limit: Json | undefined, request: Json | undefined, at: string): Refusal[] {
  const path = `${at}.requests[${name}]`;
  if (!isAmount(request)) return [];
  if (isExact(name) && !isSet(limit)) {
    const message = `${name} has a request but no limit, which it requires`;
    return [missing(`${at}.limits[${name}]`, message, `set the limit to ${request}`, request)];
  }
  if (!isAmount(limit)) return [];
  const order = compareQuantities(request, limit);
  if (isExact(name) && order !== 0) {
    const message = `the request ${request} and the limit ${limit} of ${name} must be equal`;
    return [invalid(path, message, `write ${limit}, or remove the request`)];
  }
  if (order <= 0) return [];
  return [invalid(path, `the request ${request} is above the limit ${limit}`, "raise the limit, or lower the request")];
}

function judgePages(names: readonly string[], path: string): Refusal[] {
  const hasPages = names.some((name) => name.startsWith(PAGES));
  if (!hasPages || names.some((name) => OF_PODS.includes(name))) return [];
  return [missing(path, "huge pages require an amount of cpu or memory", "set a request or limit of memory")];
}

/** Resources whose request and limit must be equal. */
function isExact(name: string): boolean {
  return isExtended(name) || name.startsWith(PAGES);
}

/** Resources of a vendor; those of kubernetes.io are Kubernetes' own. */
function isExtended(name: string): boolean {
  return name.includes("/") && !name.includes("kubernetes.io/");
}

function isAmount(value: Json | undefined): value is string | number {
  return (typeof value === "string" || typeof value === "number") && canonicalQuantity(value) !== undefined;
}

/** The claims of devices that a container uses must exist in the pod. Source: validateResourceClaimNames. */
const CLAIMS: Rule = all(
  each(
    fields({
      name: required((name, { path, pod }) => {
        const known = itemsOf(pod.spec, "resourceClaims", "").map(({ item }) => item["name"]);
        if (known.includes(name) || typeof name !== "string") return [];
        const fix = `add it to resourceClaims, or write one of ${known.join(", ") || "none"}`;
        return [invalid(path, `the pod has no resource claim ${shown(name)}`, fix)];
      }),
      request: optional(text(labelProblem, "write the name of a request of the claim")),
    }),
  ),
  ofSet(twice),
);

function twice(...[claims, { path }]: Parameters<Rule>): Refusal[] {
  const seen: JsonObject[] = [];
  return (Array.isArray(claims) ? claims : []).flatMap((item, index) => {
    const { name, request = "" } = mapping(item);
    const clash = seen.some(
      (other) => other["name"] === name && (request === "" || ["", request].includes(other["request"] as string)),
    );
    seen.push({ name, request });
    if (!clash || (name ?? "") === "") return [];
    return [
      invalid(
        `${path}[${index}].name`,
        `the claim ${shown(asText(name))} is used twice`,
        "remove one of the two entries of claims",
      ),
    ];
  });
}

export const CONTAINER_RESOURCES: Rule = all(requirements("container"), fields({ claims: CLAIMS }));
export const POD_RESOURCES: Rule = requirements("pod");
export const OVERHEAD: Rule = ofSet((value, place) =>
  Object.entries(mapping(value)).flatMap(([name, amount]) =>
    judgeAmount("container", name, amount, `${place.path}[${name}]`),
  ),
);
