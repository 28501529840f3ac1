export { formatIssue, type Issue, isFine } from "../core/contract/issues/issue.ts";
export type { Plan, PlanInput } from "../core/contract/plan.ts";
export { plan } from "../core/plan.ts";
export type { Bundle, PartialSettings } from "../core/platform/bundle.ts";
export type { KnownPin, Releases } from "../core/platform/history.ts";
export { ROLES, type Role, type RoleDefaults } from "../core/platform/roles.ts";
export type { ObjectReference } from "../core/views/diff/diff.ts";
export { type Expected, NOTHING_EXPECTED, readExpected } from "../core/views/promote/expected.ts";
export {
  checkPromotion,
  type PromotedField,
  type Promotion,
  type PromotionInput,
} from "../core/views/promote/promote.ts";
export { LLMInferenceServiceConfig, type LLMInferenceServiceConfigArgs } from "./config.ts";
export type * from "./generated/arguments.ts";
export type { DeepInput } from "./inputs/deep.ts";
export { Platform } from "./platform.ts";
export { type LLMInferenceServiceArgs, planInput } from "./request.ts";
export { LLMInferenceService, type ReleasePin } from "./service.ts";
