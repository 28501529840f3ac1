import { createHash } from "node:crypto";

/**
 * Work of the kind that a plan does (maps are copied, sorted, written and read), and that no change of this project makes faster or
 * slower. Figures beside it say the same on a fast machine and on a slow one.
 */
export function referenceWork(): string {
  const hash = createHash("sha256");
  for (let round = 0; round < ROUNDS; round++) {
    const entries = Array.from({ length: 64 }, (_, index): [string, unknown] => [
      `field-${(index * 37) % 64}`,
      { name: `name-${index}`, values: [index, String(index), { round }] },
    ]);
    const sorted = Object.fromEntries(entries.sort(([one], [other]) => (one < other ? -1 : 1)));
    const copied = structuredClone(sorted);
    hash.update(JSON.stringify(JSON.parse(JSON.stringify({ ...sorted, copied }))));
  }
  return hash.digest("hex");
}

/** About as much as a plan of a few milliseconds. */
const ROUNDS = 8;
