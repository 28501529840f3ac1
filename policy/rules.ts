import type { Rule } from "./rule.ts";
import { ACCELERATORS_RULE } from "./rules/accelerators.ts";
import { BUDGET_RULE } from "./rules/budget.ts";
import { DISRUPTION_RULE } from "./rules/disruption.ts";
import { GATES_RULE } from "./rules/gates.ts";
import { IMAGES_RULE } from "./rules/images.ts";
import { LIMITS_RULE } from "./rules/limits.ts";
import { TOKENS_RULE } from "./rules/tokens.ts";

/** The rules of the pack, in the order of docs/policies.md. */
export const RULES: readonly Rule[] = [
  IMAGES_RULE,
  TOKENS_RULE,
  ACCELERATORS_RULE,
  BUDGET_RULE,
  GATES_RULE,
  LIMITS_RULE,
  DISRUPTION_RULE,
];
