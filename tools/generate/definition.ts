import type { z } from "zod";

/** The parts of a zod schema that the generators read. */
export interface Definition {
  type: string;
  innerType?: z.ZodType;
  element?: z.ZodType;
  valueType?: z.ZodType;
  options?: readonly z.ZodType[];
  entries?: Readonly<Record<string, string>>;
  values?: readonly unknown[];
  catchall?: z.ZodType;
  shape?: Readonly<Record<string, z.ZodType>>;
}

export function definitionOf(schema: z.ZodType): Definition {
  return schema.def as Definition;
}
