export { type Bundle, type PartialSettings, ROLES, type Role, type RoleDefaults } from "./bundle.ts";
export { LLMInferenceServiceConfig, type LLMInferenceServiceConfigArgs } from "./config.ts";
export type { DeepInput, DeepPartialInput, MetadataArgs } from "./inputs.ts";
export { type NamespaceArgs, Platform, type PlatformArgs } from "./platform.ts";
export {
  LLMInferenceService,
  type LLMInferenceServiceArgs,
  type LLMInferenceServiceSpecArgs,
  type ObjectReference,
} from "./service.ts";
