import type { Rule } from "../rule.ts";
import { CACHE_RULES } from "./cache.ts";
import { DRA_RULES } from "./dra.ts";
import { MODEL_RULES } from "./model.ts";
import { PARALLELISM_RULES } from "./parallelism.ts";
import { ROLLOUT_RULES } from "./rollout.ts";
import { ROUTER_RULES } from "./router.ts";
import { SCALING_RULES } from "./scaling.ts";
import { TEMPLATE_RULE } from "./templates.ts";
import { URI_RULE } from "./uri.ts";

/** Every rule of a service that its schema cannot express, in the order in which KServe's validator applies them. */
export const SERVICE_RULES: readonly Rule[] = [
  ...ROUTER_RULES,
  ...PARALLELISM_RULES,
  ...SCALING_RULES,
  ...MODEL_RULES,
  URI_RULE,
  ...CACHE_RULES,
  ...ROLLOUT_RULES,
  ...DRA_RULES,
];

/**
 * The rules of a config. Source: llm_inference_service_config_validation.go, KServe v0.20.0; the templates of a
 * config are tested separately.
 */
export const CONFIG_RULES: readonly Rule[] = [
  {
    name: "a config does not refer to other configs",
    source: "LLMInferenceServiceConfigValidator.validate, KServe v0.20.0",
    judge: ({ spec }) =>
      (spec.baseRefs ?? []).length === 0
        ? []
        : [
            {
              code: "Conflict",
              path: "spec.baseRefs",
              message: "baseRefs cannot be set in a config",
              fix: "list all configs in the baseRefs of the service, in order",
            },
          ],
  },
  ...ROUTER_RULES.filter(({ name }) => name === "a scheduler has at least one replica"),
  TEMPLATE_RULE,
];
