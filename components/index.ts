export type { Bundle, PartialSettings } from "../core/release/bundle.ts";
export type { KnownPin, Releases } from "../core/release/history.ts";
export { ROLES, type Role, type RoleDefaults } from "../core/release/roles.ts";
export type { ClusterArgs } from "./cluster.ts";
export { LLMInferenceServiceConfig, type LLMInferenceServiceConfigArgs } from "./config.ts";
export type { DeepInput, DeepPartialInput, MetadataArgs } from "./inputs.ts";
export { type NamespaceArgs, Platform, type PlatformArgs } from "./platform.ts";
export {
  LLMInferenceService,
  type LLMInferenceServiceArgs,
  type LLMInferenceServiceSpecArgs,
  type ObjectReference,
} from "./service.ts";
