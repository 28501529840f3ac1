import { z } from "zod";

/** A number of pods (or groups), or a percentage of those that are wanted. */
export const amount = z.union([
  z.int().min(0),
  z.string().regex(/^(100|[1-9]?\d)%$/, 'write a number or a percentage such as "25%"'),
]);
export type Amount = z.infer<typeof amount>;

/** How many of so many pods an amount is; `round` says which way percentages go. */
export function share(value: number | string, pods: number, round: (value: number) => number): number {
  if (typeof value === "number") return value;
  return round((Number.parseFloat(value) / 100) * pods);
}
