/**
 * The permitted licences for code in a released file: they only require that their text is included, which
 * THIRD_PARTY_NOTICES.txt does. By their SPDX names.
 */
const ALLOWED_LICENCES: readonly string[] = [
  "Apache-2.0",
  "MIT",
  "ISC",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "0BSD",
  "BlueOak-1.0.0",
  "Python-2.0",
  // Data of SPDX lists, not code.
  "CC0-1.0",
  "CC-BY-3.0",
];

/**
 * Whether permitted licences can satisfy an SPDX expression: one of those joined by `OR`, all of those joined by `AND`.
 */
export function isAllowed(expression: unknown): boolean {
  if (typeof expression !== "string") return false;
  const plain = expression.replaceAll(/[()]/g, "");
  return plain
    .split(" OR ")
    .some((choice) => choice.split(" AND ").every((licence) => ALLOWED_LICENCES.includes(licence.trim())));
}
