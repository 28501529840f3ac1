import { qualifiedNameProblem } from "../../../kubernetes/dns.ts";
import type { Json, JsonObject } from "../../../kubernetes/json.ts";
import { canonicalQuantity, quantityNumber } from "../../../kubernetes/quantity.ts";
import { entryOf } from "../../../kubernetes/table.ts";
import { invalid, mapping, missing, type Refusal } from "./rule.ts";

const STANDARD: readonly string[] = ["cpu", "memory", "ephemeral-storage"];

/** Source: ValidateContainerResourceName, validateResourceRequirements, pkg/apis/core/validation, Kubernetes 1.36. */
export function judgeResources({ resources }: JsonObject, path: string): Refusal[] {
  const { limits, requests } = mapping(resources);
  const at = `${path}.resources`;
  const [upper, lower] = [mapping(limits), mapping(requests)];
  return [
    ...Object.entries(upper).flatMap(([name, amount]) => judgeAmount(name, amount, `${at}.limits[${name}]`)),
    ...Object.entries(lower).flatMap(([name, amount]) => judgeAmount(name, amount, `${at}.requests[${name}]`)),
    ...Object.keys(lower).flatMap((name) => judgePair(name, entryOf(upper, name), entryOf(lower, name), at)),
  ];
}

function judgeAmount(name: string, amount: Json | undefined, path: string): Refusal[] {
  const problem = nameProblem(name);
  if (problem !== undefined) {
    const fix = "write cpu, memory, ephemeral-storage, or a name with a domain, such as nvidia.com/gpu";
    return [invalid(path, `${JSON.stringify(name)} is not a valid resource name: ${problem}`, fix)];
  }
  if (!isAmount(amount)) return [];
  const value = quantityNumber(amount);
  if (value < 0) return [invalid(path, `${amount} is below 0`, "write 0 or more")];
  if (isExtended(name) && !Number.isInteger(value))
    return [invalid(path, `${amount} is not a whole number of ${name}`, "write a whole number")];
  return [];
}

function nameProblem(name: string): string | undefined {
  if (STANDARD.includes(name) || name.startsWith("hugepages-")) return undefined;
  if (!name.includes("/")) return "it is neither a standard resource nor a name with a domain";
  return qualifiedNameProblem(name);
}

function judgePair(name: string, limit: Json | undefined, request: Json | undefined, at: string): Refusal[] {
  const path = `${at}.requests[${name}]`;
  if (!isAmount(request)) return [];
  if (isExtended(name) && limit === undefined)
    return [
      missing(
        `${at}.limits[${name}]`,
        `${name} has a request but no limit, which an extended resource requires`,
        `set the limit to ${request}`,
      ),
    ];
  if (!isAmount(limit)) return [];
  const [most, wanted] = [quantityNumber(limit), quantityNumber(request)];
  if (isExtended(name) && most !== wanted)
    return [
      invalid(
        path,
        `the request ${request} and the limit ${limit} of ${name} must be equal`,
        `write ${limit}, or remove the request`,
      ),
    ];
  if (wanted <= most) return [];
  return [invalid(path, `the request ${request} is above the limit ${limit}`, "raise the limit, or lower the request")];
}

function isExtended(name: string): boolean {
  return name.includes("/") && !/(^|\.)kubernetes\.io\//.test(name);
}

function isAmount(value: Json | undefined): value is string | number {
  return (typeof value === "string" || typeof value === "number") && canonicalQuantity(value) !== undefined;
}
