import { tableOf } from "../table.ts";

/**
 * Patterns of CRDs, which are written for RE2. RE2 never backtracks; JavaScript does, so a pattern that is harmless
 * there can hang here. All patterns are known in advance, so a test proves that each is linear and matches as in RE2;
 * one that does not gets an entry here with an equivalent pattern.
 */
const LINEAR = tableOf({
  // Gateway API, values of HTTP headers: the optional space allows one run of characters to be split in 2^n ways.
  "^[!-~]+([\\t ]?[!-~]+)*$": "^[!-~]+([\\t ][!-~]+)*$",
});

const compiled = new Map<string, RegExp>();

/**
 * Whether a text matches a pattern of a CRD. Throws for a pattern that neither engine accepts, which is a fault of the
 * schema.
 */
export function matchesPattern(text: string, pattern: string): boolean {
  const expression = compiled.get(pattern) ?? linearPattern(pattern);
  compiled.set(pattern, expression);
  return expression.test(text);
}

/** The JavaScript form of an RE2 pattern: by code points, and with RE2's dot, which excludes only a line feed. */
export function linearPattern(pattern: string): RegExp {
  const source = LINEAR.get(pattern) ?? pattern;
  return new RegExp(source.replace(/\\.|\[(?:\\.|[^[\]\\])*\]|\./g, withDot), "u");
}

function withDot(part: string): string {
  return part === "." ? "[^\\n]" : part;
}
