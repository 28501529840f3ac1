import { conveniences, type WrittenConfigSpec } from "../api/conveniences.ts";
import { workloadFields } from "../api/workload.ts";
import type { Issue } from "../contract/issue.ts";

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

/** The part of a service that a role's config is about, where that is not its engines. */
const PART: Partial<Record<Role, "prefill" | "router" | "tracing">> = {
  prefillSpec: "prefill",
  prefillDataParallelSpec: "prefill",
  routerSpec: "router",
  schedulerSpec: "router",
  tracingSpec: "tracing",
};
const OF_ENGINES = [...Object.keys(workloadFields), ...Object.keys(conveniences)];

/**
 * Fields of a role's defaults that reach other pods than the role's: a config has the shape of a whole service, so what stands
 * in `prefillSpec` beside `prefill` holds for decode.
 */
export function besideTheirPart(role: Role, spec: WrittenConfigSpec, path: string): Issue[] {
  const part = PART[role];
  if (part === undefined) return [];
  const beside = Object.entries(spec).filter(([field, value]) => OF_ENGINES.includes(field) && value !== undefined);
  return beside.map(([field]) => ({
    code: "Conflict",
    severity: "warning",
    path: `${path}.${field}`,
    layer: `platform ${path}`,
    message: `${role} is about ${part}, and ${field} beside it holds for ${part === "prefill" ? "decode" : "the engines"}`,
    fix: part === "prefill" ? `write it as prefill.${field}, or in decodeSpec` : "write it in workerSpec or decodeSpec",
  }));
}
