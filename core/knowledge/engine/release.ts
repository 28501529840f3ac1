import { remembering } from "../../kubernetes/remember.ts";

/** Releases of vLLM, and spans of releases. */

/** A release in a comparable form: 0.11.2 is below 0.12. Undefined for a text that is not a release. */
export const releaseNumber = remembering((release): number | undefined => {
  const found = /^v?(\d+)\.(\d+)(?:\.(\d+))?(?:\.(?:post)?(\d+))?/.exec(release);
  if (found === null) return undefined;
  const [major = 0, minor = 0, patch = 0, post = 0] = found.slice(1).map((part) => Number(part ?? 0));
  return ((major * 1000 + minor) * 1000 + patch) * 1000 + post;
}, 1024);

/** From a release on, and before another one; a missing bound is open. */
export interface Span {
  from?: string;
  until?: string;
}

/** Where a release is relative to a span. */
export function positionIn({ from, until }: Span, release: number): "before" | "inside" | "after" {
  if (from !== undefined && release < (releaseNumber(from) ?? 0)) return "before";
  return until !== undefined && release >= (releaseNumber(until) ?? 0) ? "after" : "inside";
}

/** Reads `NAME` or `NAME@FROM-UNTIL`, as the tables write it. */
export function readSpan(token: string): { name: string } & Span {
  const [name = "", range = "-"] = token.split("@");
  const [from, until] = range.split("-");
  return { name, ...(from && { from }), ...(until && { until }) };
}
