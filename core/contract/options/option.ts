import { globalRegistry, type z } from "zod";

/** What documentation shows about an option in addition to its description. */
export interface OptionFacts {
  /** The default of the option: a value, or how it is found. */
  byDefault?: string | number | boolean;
  /** What a number counts, for example `bytes per second`. */
  unit?: string;
}

/**
 * Describes an option once. The description becomes the comment in the TypeScript arguments, the text in the SDKs,
 * the line in `--help` and the row in the docs, so it must suit all of them: complete sentences, with the subject
 * first.
 */
export function described<T extends z.ZodType>(schema: T, text: string, facts: OptionFacts = {}): T {
  return schema.meta({ ...schema.meta(), ...recordOf(text, facts) });
}

function recordOf(text: string, facts: OptionFacts): Record<string, unknown> {
  const { byDefault } = facts;
  return { description: byDefault === undefined ? text : `${text} Default: ${byDefault}.`, text, ...facts };
}

/** An option that may be left out. */
export function option<T extends z.ZodType>(schema: T, text: string, facts: OptionFacts = {}): z.ZodOptional<T> {
  // Nothing else refers to this schema, so it need not be copied to be described.
  const optional = schema.optional();
  globalRegistry.add(optional, recordOf(text, facts));
  return optional;
}

/** The options that {@link described} recorded, also if the schema was made optional afterwards. */
export function factsOf(schema: z.ZodType): OptionFacts & { text?: string; description?: string } {
  const own = schema.meta();
  if (own?.description !== undefined) return own as OptionFacts & { text?: string };
  const { innerType } = schema.def as { innerType?: z.ZodType };
  return innerType === undefined ? {} : factsOf(innerType);
}
