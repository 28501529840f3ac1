import { isOpen } from "./credentials.ts";

/** Fields of probes, hooks and filters of routes that hold headers which are sent. */
const FIELDS: readonly string[] = ["httpHeaders", "requestHeaderModifier", "responseHeaderModifier"];

/** Headers that hold other things than credentials. Source: the field names of RFC 9110, and headers of proxies. */
const SHOWN: readonly string[] = [
  ...["accept", "accept-charset", "accept-encoding", "accept-language", "cache-control", "connection", "content-type"],
  ...["content-length", "expect", "host", "origin", "range", "referer", "user-agent", "via", "forwarded"],
  ...["x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-forwarded-port", "x-gateway-model-name"],
];

/** Whether a field, as a step of a path, holds headers. */
export function hasHeaders(field: string): boolean {
  return FIELDS.includes(field);
}

/** Whether the value of a header may be shown: other headers than the ordinary ones may hold a credential under any name. */
export function isHeaderShown(name: unknown, value: unknown): boolean {
  if (typeof value === "string" && isOpen(value)) return true;
  return typeof name === "string" && SHOWN.includes(name.toLowerCase());
}
