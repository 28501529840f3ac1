import type { LLMInferenceServiceSpec } from "../../../../api/service.ts";
import type { Behaviour } from "../../../../contract/behaviour.ts";
import type { JsonObject } from "../../../../kubernetes/json.ts";

/** The API versions that a configuration has had: the scheduler moved from the Gateway API's extension to llm-d. */
export const EPP_API = { old: "inference.networking.x-k8s.io/v1alpha1", current: "llm-d.ai/v1alpha1" } as const;

/** A plugin of a scheduling profile, with its weight if it scores. */
type Entry = readonly [plugin: string, weight?: number];

interface Picking {
  /** Plugins as they are declared: a plugin comes before those that refer to it. */
  plugins: readonly JsonObject[];
  profiles: Readonly<Record<string, readonly Entry[]>>;
}

const type = (name: string): JsonObject => ({ type: name });

/** For one kind of engine: short queues, free KV cache, and cached prefixes; a cold engine gets new prefixes. */
const SINGLE: Picking = {
  plugins: [
    "single-profile-handler",
    "queue-scorer",
    "kv-cache-utilization-scorer",
    "prefix-cache-scorer",
    "no-hit-lru-scorer",
    "max-score-picker",
  ].map(type),
  profiles: {
    default: [
      ["queue-scorer", 2],
      ["kv-cache-utilization-scorer", 2],
      ["prefix-cache-scorer", 3],
      ["no-hit-lru-scorer", 2],
      ["max-score-picker"],
    ],
  },
};

/**
 * For prefill and decode, where each request passes through both; for a decoder, the number of active requests matters
 * more than its queue.
 */
const DISAGGREGATED: Picking = {
  plugins: [
    ...[
      "disagg-headers-handler",
      "prefill-filter",
      "decode-filter",
      "queue-scorer",
      "kv-cache-utilization-scorer",
      "active-request-scorer",
      "prefix-cache-scorer",
      "max-score-picker",
      "always-disagg-pd-decider",
    ].map(type),
    { type: "disagg-profile-handler", parameters: { deciders: { prefill: "always-disagg-pd-decider" } } },
  ],
  profiles: {
    prefill: [
      ["prefill-filter"],
      ["prefix-cache-scorer", 3],
      ["queue-scorer", 2],
      ["kv-cache-utilization-scorer", 2],
      ["max-score-picker"],
    ],
    decode: [["decode-filter"], ["active-request-scorer", 2], ["prefix-cache-scorer", 3], ["max-score-picker"]],
  },
};

const LORA = "lora-affinity-scorer";
const LORA_WEIGHT = 4;

/**
 * How endpoints are picked by default. With adapters, engines that have the adapter loaded are preferred. Source:
 * schedulerConfigText in scheduler.go, KServe v0.20.0: plugins, order and weights.
 */
export function defaultConfig(
  { model, prefill }: LLMInferenceServiceSpec,
  { schedulerApi }: Pick<Behaviour, "schedulerApi">,
): JsonObject {
  const { plugins, profiles } = prefill ? DISAGGREGATED : SINGLE;
  const hasAdapters = (model.lora?.adapters ?? []).length > 0;
  return {
    apiVersion: schedulerApi === "llm-d" ? EPP_API.current : EPP_API.old,
    kind: "EndpointPickerConfig",
    plugins: [...plugins, ...(hasAdapters ? [type(LORA)] : [])],
    schedulingProfiles: Object.entries(profiles).map(([name, entries]) => ({
      name,
      plugins: (hasAdapters ? withAffinity(entries) : entries).map(([pluginRef, weight]) => ({
        pluginRef,
        ...(weight !== undefined && { weight }),
      })),
    })),
  };
}

/** After the filters, before the scorers. */
function withAffinity(entries: readonly Entry[]): Entry[] {
  const at = entries.findIndex(([, weight]) => weight !== undefined);
  return [...entries.slice(0, at), [LORA, LORA_WEIGHT], ...entries.slice(at)];
}
