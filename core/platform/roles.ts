import { shorthands, type WrittenConfigSpec } from "../api/shorthands/shorthands.ts";
import { workloadFields } from "../api/workload.ts";
import { judgeTrees } from "../contract/input/tree.ts";
import type { Issue } from "../contract/issues/issue.ts";
import { isObject, typeName } from "../kubernetes/json.ts";

/** The roles for which a platform may have defaults, and the KServe configs that contain them. */
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
/** Per role, what is merged over the config defaults of this package. */
export type RoleDefaults = { [role in Role]?: WrittenConfigSpec };

/** The role whose config has this name; undefined for a config that a platform cannot change. */
export function roleOf(config: string): Role | undefined {
  return (Object.keys(ROLES) as Role[]).find((role) => ROLES[role] === config);
}

/**
 * What makes the defaults unreadable: they, or those of a role, are not a mapping, or contain themselves. Then nothing
 * may be merged with them.
 */
export function judgeDefaults(defaults: unknown, path = "defaults"): Issue[] {
  const asMapping = (value: unknown, at: string): Issue[] =>
    isObject(value) ? [] : [{ ...NOT_A_MAPPING, message: `a mapping was expected, not ${typeName(value)}`, path: at }];
  if (!isObject(defaults)) return asMapping(defaults, path);
  const ofRoles = Object.entries(defaults).flatMap(([role, value]) =>
    value === undefined ? [] : asMapping(value, `${path}.${role}`),
  );
  return [...judgeTrees([{ value: defaults, layer: "platform", prefix: path }]), ...ofRoles];
}

const NOT_A_MAPPING = {
  code: "WrongType",
  severity: "error",
  layer: "platform",
  fix: "write a mapping, or remove it",
} as const;

/** Names in `defaults` that are not roles. */
export function unknownRoles(defaults: RoleDefaults, path = "defaults"): Issue[] {
  return Object.keys(defaults)
    .filter((role) => !Object.hasOwn(ROLES, role))
    .map((role) => ({
      code: "UnknownField",
      severity: "error",
      path: `${path}.${role}`,
      layer: "platform",
      message: `unknown role ${role}`,
      fix: `use one of: ${Object.keys(ROLES).join(", ")}`,
    }));
}

/** The part of a service that a role's config configures, if that is not its engines. */
const PART: Partial<Record<Role, "prefill" | "router" | "tracing">> = {
  prefillSpec: "prefill",
  prefillDataParallelSpec: "prefill",
  routerSpec: "router",
  schedulerSpec: "router",
  tracingSpec: "tracing",
};
const OF_ENGINES = [...Object.keys(workloadFields), ...Object.keys(shorthands)];

/**
 * Fields of a role's defaults that affect other pods than the role's: a config has the shape of a whole service, so a
 * field next to `prefill` in `prefillSpec` applies to decode.
 */
export function outsideTheirPart(role: Role, spec: WrittenConfigSpec, path: string): Issue[] {
  const part = PART[role];
  if (part === undefined) return [];
  const beside = Object.entries(spec).filter(([field, value]) => OF_ENGINES.includes(field) && value !== undefined);
  return beside.map(([field]) => ({
    code: "Conflict",
    severity: "warning",
    path: `${path}.${field}`,
    layer: `platform ${path}`,
    message: `\`${role}.${field}\` applies to ${part === "prefill" ? "decode" : "the engines"}, not to ${part === "prefill" ? "prefill" : `the ${part}`}`,
    fix: part === "prefill" ? `write it as prefill.${field}, or in decodeSpec` : "write it in workerSpec or decodeSpec",
  }));
}
