/**
 * Addresses and ranges of them as the API server reads them. Source: IsValidIPForLegacyField and IsValidCIDRForLegacyField,
 * apimachinery/pkg/util/validation v0.36, with StrictIPCIDRValidation, which is on since Kubernetes 1.36.
 */
export function addressProblem(text: string): string | undefined {
  const number = numberOf(text);
  if (number === undefined) return "it is not an IP address, or a part of it starts with 0";
  return isMapped(text, number) ? "it is an IPv4 address written as an IPv6 address" : undefined;
}

export function rangeProblem(text: string): string | undefined {
  const range = rangeOf(text);
  if (range === undefined) return "it is not a CIDR, or a part of it starts with 0";
  if (isMapped(text.slice(0, text.indexOf("/")), range.first)) return "it is an IPv4 range written as an IPv6 range";
  return range.first % range.size === 0n
    ? undefined
    : `it has bits that are not zero after the prefix of ${range.bits} bits`;
}

/** Whether a range lies in another one, and is smaller; true if one of them cannot be read. */
export function isInside(part: string, whole: string): boolean {
  const [inner, outer] = [rangeOf(part), rangeOf(whole)];
  if (inner === undefined || outer === undefined) return true;
  if (inner.width !== outer.width) return false;
  return inner.bits > outer.bits && inner.first / outer.size === outer.first / outer.size;
}

interface Range {
  first: bigint;
  /** The number of addresses in it. */
  size: bigint;
  bits: number;
  width: number;
}

function rangeOf(text: string): Range | undefined {
  const [, address = "", length = ""] = /^([^/]+)\/(0|[1-9]\d{0,2})$/.exec(text) ?? [];
  const first = numberOf(address);
  const width = address.includes(":") ? 128 : 32;
  const bits = Number(length);
  if (first === undefined || bits > width) return undefined;
  return { first, bits, width, size: 1n << BigInt(width - bits) };
}

function isMapped(text: string, number: bigint): boolean {
  return text.includes(":") && number >> 32n === 0xffffn;
}

/** An address as a number; undefined if the text is not an address. */
function numberOf(text: string): bigint | undefined {
  if (!text.includes(":")) return numberOfFour(text);
  const parts = text.split("::");
  const [front, back] = [groupsOf(parts[0] ?? ""), groupsOf(parts[1] ?? "")];
  if (parts.length > 2 || front === undefined || back === undefined) return undefined;
  const missing = 8 - front.length - back.length;
  if (parts.length === 1 ? missing !== 0 : missing < 1) return undefined;
  return joined([...front, ...Array.from({ length: missing }, () => 0n), ...back], 16n);
}

function numberOfFour(text: string): bigint | undefined {
  const parts = text.split(".");
  const isByte = (part: string): boolean => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256;
  return parts.length === 4 && parts.every(isByte) ? joined(parts.map(BigInt), 8n) : undefined;
}

/** The groups of sixteen bits of a part of an IPv6 address, whose end may be written as an IPv4 address. */
function groupsOf(part: string): bigint[] | undefined {
  const groups = part === "" ? [] : part.split(":");
  const four = groups.at(-1)?.includes(".") ? numberOfFour(groups.pop() ?? "") : 0n;
  if (four === undefined || !groups.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))) return undefined;
  const numbers = groups.map((group) => BigInt(`0x${group}`));
  return part.includes(".") ? [...numbers, four >> 16n, four & 0xffffn] : numbers;
}

function joined(parts: readonly bigint[], bits: bigint): bigint {
  return parts.reduce((number, part) => (number << bits) | part, 0n);
}
