/** The version of this package; a test holds it against package.json, which the core does not read. */
export const PACKAGE = { name: "pulumi-kserve-llm", version: "0.1.0" } as const;
