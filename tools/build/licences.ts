/**
 * The licences that a released file may hold code under: they ask for no more than that their text comes with it, which
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
  // Data of SPDX' own lists, not code.
  "CC0-1.0",
  "CC-BY-3.0",
];

/** Whether an SPDX expression can be met with allowed licences: one of those that `OR` joins, all of those that `AND` joins. */
export function isAllowed(expression: unknown): boolean {
  if (typeof expression !== "string") return false;
  const plain = expression.replaceAll(/[()]/g, "");
  return plain
    .split(" OR ")
    .some((choice) => choice.split(" AND ").every((licence) => ALLOWED_LICENCES.includes(licence.trim())));
}
