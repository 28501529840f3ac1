import { z } from "zod";

/** A number of pods (or groups), or a percentage of those that are wanted. */
export const amount = z.union([
  z.int().min(0),
  z.string().regex(/^(100|[1-9]?\d)%$/, 'write a number or a percentage such as "25%"'),
]);
