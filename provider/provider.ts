import type { provider } from "@pulumi/pulumi";

/**
 * The provider, registered by hand: its schema was generated at build time, so a start reads one file. The planning
 * code is loaded with the first component or function, because most starts only return the schema.
 */
export function createProvider(schema: string): provider.Provider {
  const { version } = JSON.parse(schema) as { version: string };
  return {
    version,
    schema,
    construct: async (...args) => (await import("./construct.ts")).construct(...args),
    invoke: async (...args) => (await import("./invoke.ts")).invoke(...args),
  };
}
