import type { Issue } from "../errors.ts";
import type { WrittenConfigSpec } from "../spec/conveniences.ts";

/** What a platform may have defaults for, and the configs they are in KServe's terms. */
export const ROLES = {
  workerSpec: "kserve-config-llm-template",
  decodeSpec: "kserve-config-llm-decode-template",
  prefillSpec: "kserve-config-llm-prefill-template",
  workerDataParallelSpec: "kserve-config-llm-worker-data-parallel",
  decodeDataParallelSpec: "kserve-config-llm-decode-worker-data-parallel",
  prefillDataParallelSpec: "kserve-config-llm-prefill-worker-data-parallel",
  routerSpec: "kserve-config-llm-router-route",
  schedulerSpec: "kserve-config-llm-scheduler",
  tracingSpec: "kserve-config-llm-tracing",
} as const;
export type Role = keyof typeof ROLES;
/** Per role, what is merged over our own config defaults. */
export type RoleDefaults = { [role in Role]?: WrittenConfigSpec };

/** The role whose config has this name; undefined for a config that a platform cannot change. */
export function roleOf(config: string): Role | undefined {
  return (Object.keys(ROLES) as Role[]).find((role) => ROLES[role] === config);
}

/** Names of `defaults` that are no roles. */
export function unknownRoles(defaults: RoleDefaults, path = "defaults"): Issue[] {
  return Object.keys(defaults)
    .filter((role) => !(role in ROLES))
    .map((role) => ({
      code: "UnknownField",
      severity: "error",
      path: `${path}.${role}`,
      layer: "platform",
      message: `there is no role ${role}`,
      fix: `the roles are ${Object.keys(ROLES).join(", ")}`,
    }));
}
