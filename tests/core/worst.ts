import { DEFAULT_SETTINGS } from "../../core/contract/options/settings.ts";
import type { PlanInput } from "../../core/contract/plan.ts";
import { presets } from "../../core/knowledge/stacks/stacks.ts";
import type { Json, JsonObject } from "../../core/kubernetes/json.ts";

const many = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i));

/** A number with a fixed number of digits, because searching by its spelling costs by its length. */
const digits = (index: number): string => String(index).padStart(6, "0");

const PRESETS = presets({ namespace: "kserve" });

/** The input of a plan: a service with these fields of its spec, over its own presets and configs. */
export function inputWith(fields: JsonObject, configs: readonly JsonObject[] = []): PlanInput {
  const service = {
    apiVersion: "serving.kserve.io/v1alpha2",
    kind: "LLMInferenceService",
    metadata: { name: "chat", namespace: "team" },
    spec: { model: { uri: "hf://Qwen/Qwen2.5-7B-Instruct" }, accelerator: "nvidia-l4", ...fields },
  };
  return { service, configs: [...PRESETS, ...configs], settings: DEFAULT_SETTINGS };
}

function ofMain(main: JsonObject, others: readonly JsonObject[] = []): PlanInput {
  return inputWith({ template: { containers: [{ name: "main", ...main }, ...others] } });
}

const sidecar = (index: number): JsonObject => ({
  name: `side-${digits(index)}`,
  image: `example.com/side:${digits(index)}`,
});

const config = (index: number): JsonObject => ({
  apiVersion: "serving.kserve.io/v1alpha2",
  kind: "LLMInferenceServiceConfig",
  metadata: { name: `config-${digits(index)}`, namespace: "team" },
  spec: { template: { containers: [{ name: "main", env: [{ name: "INDEX", value: digits(index) }] }] } },
});

interface Worst {
  /** Maximum number of repetitions in an input. */
  what: string;
  count: number;
  of(count: number): PlanInput;
}

/**
 * The inputs that could cost the most: a large number of one kind. `of` makes them fresh, so the plan has not seen any
 * part of them.
 */
export const WORST: readonly Worst[] = [
  { what: "args", count: 10_000, of: (count) => ofMain({ args: many(count, (i) => `--flag-${digits(i)}=1`) }) },
  {
    what: "env variables",
    count: 500,
    of: (count) => ofMain({ env: many(count, (i) => ({ name: `V${digits(i)}`, value: "x" })) }),
  },
  { what: "containers", count: 200, of: (count) => ofMain({}, many(count, sidecar)) },
  {
    what: "adapters",
    count: 200,
    of(count) {
      const adapters: Json[] = many(count, (i) => ({
        name: `adapter-${digits(i)}`,
        uri: `hf://example/adapter-${digits(i)}`,
      }));
      return inputWith({ model: { uri: "hf://Qwen/Qwen2.5-7B-Instruct", lora: { adapters } } });
    },
  },
  {
    what: "configs",
    count: 100,
    of: (count) => inputWith({ baseRefs: many(count, (i) => ({ name: `config-${digits(i)}` })) }, many(count, config)),
  },
  {
    what: "characters of text",
    count: 1_000_000,
    of: (count) => ofMain({ env: [{ name: "TEXT", value: "word ".repeat(count / 5) }] }),
  },
];
