import type { z } from "zod";

/** What people are told about an option besides its description. */
export interface OptionFacts {
  /** What holds where the option is not set: a value, or how it is found. */
  byDefault?: string | number | boolean;
  /** What a number counts, for example `bytes per second`. */
  unit?: string;
}

/**
 * Describes an option once. The description becomes the comment in the TypeScript arguments, the text in the SDKs, the line in
 * `--help` and the row in the docs, so it is written for all of them: complete sentences, the subject first.
 */
export function described<T extends z.ZodType>(schema: T, text: string, facts: OptionFacts = {}): T {
  const { byDefault } = facts;
  const description = byDefault === undefined ? text : `${text} Default: ${byDefault}.`;
  return schema.meta({ ...schema.meta(), description, text, ...facts });
}

/** An option that may be left out. */
export function option<T extends z.ZodType>(schema: T, text: string, facts: OptionFacts = {}): z.ZodOptional<T> {
  return described(schema.optional(), text, facts);
}

/** What {@link described} noted down, also where the schema was made optional afterwards. */
export function factsOf(schema: z.ZodType): OptionFacts & { text?: string; description?: string } {
  const own = schema.meta();
  if (own?.description !== undefined) return own as OptionFacts & { text?: string };
  const { innerType } = schema.def as { innerType?: z.ZodType };
  return innerType === undefined ? {} : factsOf(innerType);
}
