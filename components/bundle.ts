import { createHash } from "node:crypto";
import { deepmergeCustom } from "deepmerge-ts";
import { OWN } from "../core/behaviour.ts";
import { type Issue, isFine } from "../core/errors.ts";
import { isObject } from "../core/json.ts";
import { mergeLayers } from "../core/merge/merge.ts";
import { PRESET_VERSION, presets } from "../core/presets/presets.ts";
import { DEFAULT_SETTINGS, type Settings } from "../core/settings.ts";
import {
  API_VERSION,
  type LLMInferenceServiceConfig,
  type LLMInferenceServiceConfigSpec,
} from "../core/spec/service.ts";

/** The worker roles a platform has defaults for, and the configs they are in KServe's terms. */
export const ROLES = {
  workerSpec: "kserve-config-llm-template",
  decodeSpec: "kserve-config-llm-decode-template",
  prefillSpec: "kserve-config-llm-prefill-template",
  workerDataParallelSpec: "kserve-config-llm-worker-data-parallel",
  decodeDataParallelSpec: "kserve-config-llm-decode-worker-data-parallel",
  prefillDataParallelSpec: "kserve-config-llm-prefill-worker-data-parallel",
} as const;
export type Role = keyof typeof ROLES;
export type RoleDefaults = { [role in Role]?: LLMInferenceServiceConfigSpec };

/**
 * A release of config defaults: all that decides which presets a service gets. It holds what the platform says of its own
 * and the version of what it stands on, so it stays small and says by its digest whether both sides mean the same.
 */
export interface Bundle {
  presetVersion: string;
  defaults: RoleDefaults;
  settings: Settings;
  systemNamespace: string;
  /** Whether the CRDs are the platform's, so that services are recorded as objects of theirs. */
  recorded: boolean;
  /** SHA-256 over the configs that come of it. */
  digest: string;
}

/** Overrides of the settings, to any depth. Lists replace. */
export type PartialSettings = {
  [Key in keyof Settings]?: Settings[Key] extends object ? Partial<Settings[Key]> : Settings[Key];
};

const mergeSettings = deepmergeCustom({ mergeArrays: false });

export function settingsOf(overrides: PartialSettings | undefined, systemNamespace?: string): Settings {
  const merged = mergeSettings(DEFAULT_SETTINGS, overrides ?? {}) as Settings;
  return systemNamespace === undefined ? merged : { ...merged, systemNamespace };
}

/** The bundle of a platform's arguments, and the configs that come of it. Pure; the same input gives the same digest. */
export function bundleOf(input: {
  defaults?: RoleDefaults;
  settings?: PartialSettings;
  systemNamespace: string;
  recorded: boolean;
}): { bundle: Bundle; configs: LLMInferenceServiceConfig[]; issues: Issue[] } {
  const { defaults = {}, systemNamespace, recorded } = input;
  const { configs, issues } = configsOf({ presetVersion: PRESET_VERSION, defaults, systemNamespace });
  const settings = settingsOf(input.settings, systemNamespace);
  const digest = digestOf(configs);
  return {
    bundle: { presetVersion: PRESET_VERSION, defaults, settings, systemNamespace, recorded, digest },
    configs,
    issues,
  };
}

/** The presets of a bundle, the platform's defaults merged over ours. */
export function configsOf(bundle: Pick<Bundle, "presetVersion" | "defaults" | "systemNamespace">): {
  configs: LLMInferenceServiceConfig[];
  issues: Issue[];
} {
  const issues: Issue[] = unknownRoles(bundle.defaults);
  const configs = presets({ namespace: bundle.systemNamespace }).map((preset) => {
    const role = roleOf(preset.metadata.name);
    const own = role === undefined ? undefined : bundle.defaults[role];
    if (own === undefined) return preset;
    const layers = [
      { label: `preset ${preset.metadata.name}`, spec: preset.spec },
      { label: `platform defaults.${role}`, spec: own },
    ];
    const merged = mergeLayers(layers, OWN);
    issues.push(...merged.issues);
    return { ...preset, spec: merged.spec as LLMInferenceServiceConfigSpec };
  });
  return { configs: isFine(issues) ? configs : [], issues };
}

function roleOf(config: string): Role | undefined {
  return (Object.keys(ROLES) as Role[]).find((role) => ROLES[role] === config);
}

function unknownRoles(defaults: RoleDefaults): Issue[] {
  return Object.keys(defaults)
    .filter((role) => !(role in ROLES))
    .map((role) => ({
      code: "UnknownField",
      severity: "error",
      path: `defaults.${role}`,
      layer: "platform",
      message: `there is no role ${role}`,
      fix: `the roles are ${Object.keys(ROLES).join(", ")}`,
    }));
}

export function digestOf(configs: readonly LLMInferenceServiceConfig[]): string {
  return `sha256:${createHash("sha256").update(JSON.stringify(configs, sortKeys)).digest("hex")}`;
}

function sortKeys(_key: string, value: unknown): unknown {
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** A named config as an object of its own. */
export function configObject(
  metadata: LLMInferenceServiceConfig["metadata"],
  spec: LLMInferenceServiceConfigSpec,
): LLMInferenceServiceConfig {
  return { apiVersion: API_VERSION, kind: "LLMInferenceServiceConfig", metadata, spec };
}
