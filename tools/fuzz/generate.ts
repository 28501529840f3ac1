import { z } from "zod";
import { specSchema } from "../../core/api/schemas.ts";
import { serviceGroups, serviceShorthands, shorthands } from "../../core/api/shorthands/shorthands.ts";
import type { StructuralSchema } from "../../core/kubernetes/schema/schema.ts";
import { resolved } from "../../core/kubernetes/schema/structural.ts";
import type { Random } from "./random.ts";

/** Only zod describes shorthands, with alternatives and constants. */
type Schema = StructuralSchema & { anyOf?: readonly Schema[]; const?: unknown };

const schemaOf = (fields: z.ZodRawShape): Schema =>
  z.toJSONSchema(z.strictObject(fields), { io: "input", unrepresentable: "any" }) as Schema;

/** Everything that a service's spec may contain. */
const SPEC: Schema = {
  type: "object",
  properties: {
    ...specSchema("LLMInferenceService", { dialect: "own" }).properties,
    ...schemaOf({ ...serviceShorthands, ...serviceGroups }).properties,
  },
};
const PREFILL = schemaOf(shorthands).properties ?? {};

/** Values of fields by name, if a schema only defines them as texts. */
const BY_NAME: Readonly<Record<string, readonly unknown[]>> = {
  uri: [
    "hf://Qwen/Qwen2.5-7B-Instruct",
    "pvc://claim/a/b",
    "oci://registry/a:1",
    "s3://bucket/m",
    "gs://b/m",
    "hf://a/b:main",
  ],
  name: ["main", "a", "llm-d-routing-sidecar", "storage-initializer", "chat", "HF_TOKEN", "abc"],
  namespace: ["team", "kserve"],
  image: ["vllm/vllm-openai:v0.11.0", "a/b@sha256:abc"],
  accelerator: ["nvidia-h100-80gb", "nvidia-l4", "amd-mi300x-192gb", "cpu"],
  args: [["--max-model-len=4096"], ["--port=8000", "--enable-prefix-caching"], ["serve", "m"]],
  command: [
    ["vllm", "serve"],
    ["/bin/sh", "-c", "vllm serve"],
  ],
  key: ["nvidia.com/gpu.product", "a"],
  mountPath: ["/mnt/models", "/dev/shm", "/a"],
  value: ["1", "x"],
  $patch: ["delete", "replace"],
};
const NAMES = ["a", "b", "nvidia.com/gpu", "cpu", "memory", "app.kubernetes.io/name"];
const DEEPEST = 7;

/**
 * A spec with a few of its possible fields, each with a value that its schema accepts, as far as the schema defines it.
 */
export function specOf(random: Random): Record<string, unknown> {
  const spec = objectOf(SPEC, random, 0, 0.12) as Record<string, unknown>;
  const prefill = spec["prefill"];
  if (typeof prefill === "object" && prefill !== null && random.chance(0.5)) {
    Object.assign(prefill, objectOf({ type: "object", properties: PREFILL }, random, 1, 0.2));
  }
  return spec;
}

function sampleOf(name: string, schema: Schema, random: Random, depth: number): unknown {
  const named = Object.hasOwn(BY_NAME, name) ? BY_NAME[name] : undefined;
  if (named !== undefined && random.chance(0.8)) return structuredClone(random.pick(named));
  const node = resolved(schema) as Schema;
  if (node.anyOf !== undefined) return sampleOf("", random.pick(node.anyOf), random, depth);
  if (node.const !== undefined) return node.const;
  if (node.enum !== undefined) return random.pick(node.enum);
  if (node["x-kubernetes-int-or-string"]) return random.pick([1, "25%", "http"]);
  switch (node.type) {
    case "object":
      return objectOf(node, random, depth, 0.25);
    case "array":
      return random.times(random.below(3), () => sampleOf(name, node.items ?? {}, random, depth + 1));
    case "boolean":
      return random.chance(0.5);
    case "integer":
    case "number":
      return numberOf(node, random);
    default:
      return node.format === "quantity"
        ? random.pick(["1", "500m", "10Gi", 2, "1e3"])
        : random.pick(["a", "b-c", "1", "a.b/c"]);
  }
}

function numberOf({ minimum = 0, maximum = 100 }: Schema, random: Random): number {
  return minimum + random.below(Math.min(maximum - minimum, 9) + 1);
}

function objectOf(node: Schema, random: Random, depth: number, probability: number): unknown {
  const { properties, additionalProperties, required = [] } = node;
  if (properties === undefined) {
    const names = random.times(random.below(3), () => random.pick(NAMES));
    return Object.fromEntries(names.map((name) => [name, sampleOf("", additionalProperties ?? {}, random, depth + 1)]));
  }
  const chosen = Object.entries(properties).filter(
    ([name]) => required.includes(name) || (depth < DEEPEST && random.chance(probability)),
  );
  return Object.fromEntries(chosen.map(([name, field]) => [name, sampleOf(name, field, random, depth + 1)]));
}
