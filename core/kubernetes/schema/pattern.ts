import { tableOf } from "../table.ts";

/**
 * Patterns of CRDs, which are written for RE2. RE2 never backtracks; JavaScript does, so a pattern that is harmless there can hang
 * here. Each one is known beforehand, so a test proves each to be linear, and the same as in RE2; one that is not gets an entry
 * here, a pattern that accepts the same texts.
 */
const LINEAR = tableOf({
  // Gateway API, values of HTTP headers: the optional space lets one run of characters be cut in 2^n ways.
  "^[!-~]+([\\t ]?[!-~]+)*$": "^[!-~]+([\\t ][!-~]+)*$",
});

const compiled = new Map<string, RegExp>();

/** Whether a text matches a pattern of a CRD. Throws for a pattern that neither engine takes: a fault of the schema. */
export function matchesPattern(text: string, pattern: string): boolean {
  const expression = compiled.get(pattern) ?? linearPattern(pattern);
  compiled.set(pattern, expression);
  return expression.test(text);
}

/** What stands for a pattern of RE2 here: by code points, and with its dot, which is all but a line feed. */
export function linearPattern(pattern: string): RegExp {
  const source = LINEAR.get(pattern) ?? pattern;
  return new RegExp(source.replace(/\\.|\[(?:\\.|[^[\]\\])*\]|\./g, withDot), "u");
}

function withDot(part: string): string {
  return part === "." ? "[^\\n]" : part;
}
