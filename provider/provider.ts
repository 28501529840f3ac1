import type { provider } from "@pulumi/pulumi";
import { construct } from "./construct.ts";
import { invoke } from "./invoke.ts";

/** The provider, registered by hand: its schema was made at build time, so that a start reads one file. */
export function createProvider(schema: string): provider.Provider {
  const { version } = JSON.parse(schema) as { version: string };
  return { version, schema, construct, invoke };
}
