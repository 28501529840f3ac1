import { createHash } from "node:crypto";
import { deepmergeCustom } from "deepmerge-ts";
import type { WrittenConfigSpec } from "../api/conveniences.ts";
import type { Operations } from "../api/operations.ts";
import type { LLMInferenceServiceConfig, LLMInferenceServiceConfigSpec } from "../api/service.ts";
import { OWN } from "../contract/behaviour.ts";
import { type Issue, isFine } from "../contract/issue.ts";
import type { LoweringContext } from "../contract/lowering.ts";
import type { CheckSettings, ConfigOrigin, ConfigOrigins } from "../contract/plan.ts";
import { DEFAULT_SETTINGS, type PartialSettings, type Settings } from "../contract/settings.ts";
import { judgeTrees } from "../contract/tree.ts";
import { PRESET_VERSION, PRESET_VERSIONS, presetsOf } from "../knowledge/presets/presets.ts";
import { isObject } from "../kubernetes/json.ts";
import { setEntry } from "../kubernetes/table.ts";
import { validateConfig } from "../stages/admit/validate.ts";
import { withSeverities } from "../stages/check/checks.ts";
import { judgeFlagsOf } from "../stages/check/removals.ts";
import { OPERATIONS } from "../stages/lower/operations.ts";
import { mergeLayers } from "../stages/merge/merge.ts";
import { loweredLayers, writtenConfig } from "./config.ts";
import { besideTheirPart, judgeDefaults, type RoleDefaults, roleOf, unknownRoles } from "./roles.ts";

/** What a platform or a release of it says: all that decides what a service is merged with. */
export interface ReleaseContent {
  /** Version of our own presets. Default: the newest that this package has. */
  presetVersion?: string;
  /** Per role, what is merged over our presets. */
  defaults?: RoleDefaults;
  /** Cluster-wide settings, laid over ours. */
  settings?: PartialSettings;
  /** Classes of accelerators: they add to the catalogue and win over it. */
  accelerators?: NonNullable<LoweringContext["accelerators"]>;
  /** Who labels the nodes. Default `gpu-operator`. */
  nodeLabels?: LoweringContext["nodeLabels"];
  /** By code, how bad a finding of the checks is; they judge a service and never change it. */
  checks?: CheckSettings;
}

/**
 * A release of config defaults, as services pin it. It holds what the platform says of its own and the version of what it
 * stands on, so it stays small; by the digest both sides know that they mean the same.
 */
export interface Bundle {
  /** Name of the release; "" for the platform's own defaults, which may change at any time. */
  release: string;
  presetVersion: string;
  defaults: RoleDefaults;
  settings: Settings;
  accelerators: NonNullable<LoweringContext["accelerators"]>;
  nodeLabels?: LoweringContext["nodeLabels"];
  checks?: CheckSettings;
  systemNamespace: string;
  /** Whether the CRDs are the platform's, so that services are recorded as objects of theirs. */
  recorded: boolean;
  /** SHA-256 over the configs, settings and accelerators that come of it; the same in every cluster. */
  digest: string;
}

export type { PartialSettings };

const mergeSettings = deepmergeCustom({ mergeArrays: false });

/** Our settings with overrides laid over them, the last one on top; `tls` as a whole, for its fields exclude each other. */
export function settingsOf(
  systemNamespace: string | undefined,
  ...overrides: (PartialSettings | undefined)[]
): Settings {
  const merged = mergeSettings(DEFAULT_SETTINGS, ...overrides.map((one) => one ?? {})) as Settings;
  const tls = overrides.findLast((one) => one?.tls !== undefined)?.tls;
  return { ...merged, ...(tls !== undefined && { tls }), ...(systemNamespace !== undefined && { systemNamespace }) };
}

/** Where a bundle holds: facts of the cluster, which are no part of its content. */
export type Cluster = Pick<Bundle, "systemNamespace" | "recorded">;

/** The bundle of a content, and the configs that come of it. Pure; the same content gives the same digest. */
export function bundleOf(
  content: ReleaseContent,
  { systemNamespace, recorded }: Cluster,
  release = "",
): { bundle: Bundle; configs: LLMInferenceServiceConfig[]; issues: Issue[] } {
  const unreadable = judgeTrees([{ value: content, layer: "platform" }]);
  if (!isFine(unreadable)) return { ...bundleOf({}, { systemNamespace, recorded }, release), issues: unreadable };
  const { presetVersion = PRESET_VERSION, defaults = {}, accelerators = {}, nodeLabels, checks } = content;
  const base = {
    release,
    presetVersion,
    defaults,
    settings: settingsOf(systemNamespace, content.settings),
    accelerators,
    ...(nodeLabels !== undefined && { nodeLabels }),
    ...(checks !== undefined && { checks }),
    systemNamespace,
    recorded,
  };
  const { configs, issues } = configsOf(base);
  const bundle = { ...base, digest: digestOf(base, configs) };
  return { bundle, configs: configs.map(asObject), issues };
}

/** The presets of a bundle, the platform's defaults merged over ours, and for explanations what each was merged of. */
export function configsOf(bundle: Omit<Bundle, "digest">): {
  configs: LLMInferenceServiceConfig[];
  origins: ConfigOrigins;
  issues: Issue[];
} {
  const { presetVersion, defaults, systemNamespace, release } = bundle;
  const where = release === "" ? "defaults" : `releases.${release}.defaults`;
  const unreadable = judgeDefaults(defaults, where);
  if (!isFine(unreadable)) return { configs: [], origins: {}, issues: unreadable };
  const shipped = presetsOf(presetVersion, systemNamespace);
  if (shipped === undefined) return { configs: [], origins: {}, issues: [unknownVersion(presetVersion)] };
  const issues: Issue[] = unknownRoles(defaults, where);
  const origins: Record<string, readonly ConfigOrigin[]> = {};
  const configs = shipped.map((preset) => {
    const role = roleOf(preset.metadata.name);
    const own = role === undefined ? undefined : defaults[role];
    if (role === undefined || own === undefined) return preset;
    const lowered = lowerDefaults(own, `${where}.${role}`, preset, bundle);
    const layers = [{ label: `preset ${preset.metadata.name}`, spec: preset.spec }, ...lowered.layers];
    const merged = mergeLayers(layers, OWN);
    setEntry(origins, `${preset.metadata.namespace}/${preset.metadata.name}`, layers);
    issues.push(...besideTheirPart(role, own, `${where}.${role}`), ...lowered.issues, ...merged.issues);
    const spec = { ...merged.spec, ...(lowered.operations && { operations: lowered.operations }) };
    return { ...preset, spec: spec as LLMInferenceServiceConfigSpec };
  });
  return { configs: isFine(issues) ? configs : [], origins, issues };
}

/** A role's defaults may hold the conveniences too. */
function lowerDefaults(
  spec: WrittenConfigSpec,
  path: string,
  preset: LLMInferenceServiceConfig,
  context: LoweringContext,
): { layers: ConfigOrigin[]; operations?: Operations; issues: Issue[] } {
  const label = `platform ${path}`;
  const { issues, ...lowered } = loweredLayers({ spec }, label, context, [preset]);
  const own = lowered.layers.at(-1)?.spec ?? {};
  const { errors, warnings } = validateConfig(writtenConfig(preset.metadata, own), OWN);
  const idle = withSeverities(judgeFlagsOf({ spec }, label, [preset]));
  const moved = [...issues, ...errors, ...warnings, ...idle].map((issue) => ({
    ...issue,
    ...{ path: issue.path.replace(/^spec/, path), layer: label },
  }));
  return { ...lowered, issues: moved };
}

/** The classes of a platform: those that it names, and by role those that its defaults write out. */
export function classesOf({
  defaults,
  accelerators,
}: Pick<Bundle, "defaults" | "accelerators">): Bundle["accelerators"] {
  const written = Object.entries(defaults).flatMap(([role, { accelerator }]) =>
    isObject(accelerator) ? [[role, accelerator]] : [],
  );
  return { ...Object.fromEntries(written), ...accelerators };
}

/** A config as its CRD has it: what it says of operations goes to services by the bundle alone. */
function asObject(config: LLMInferenceServiceConfig): LLMInferenceServiceConfig {
  const { [OPERATIONS]: _ours, ...spec } = config.spec as WrittenConfigSpec;
  return { ...config, spec: spec as LLMInferenceServiceConfigSpec };
}

function unknownVersion(version: string): Issue {
  return {
    code: "ReleaseNotFound",
    severity: "error",
    path: "presetVersion",
    layer: "platform",
    message: `unknown version of the presets: ${JSON.stringify(version)}`,
    fix: `use one of ${PRESET_VERSIONS.join(", ")}, or a newer release of this package`,
  };
}

/** The digest of what a bundle means: the same wherever the same package reads the same content. */
export function digestOf(
  { settings, accelerators, nodeLabels }: Pick<Bundle, "settings" | "accelerators" | "nodeLabels">,
  configs: readonly LLMInferenceServiceConfig[],
): string {
  const { systemNamespace: _ofTheCluster, ...portable } = settings;
  const specs = configs.map(({ metadata: { name }, spec }) => ({ name, spec }));
  const text = JSON.stringify({ specs, settings: portable, accelerators, nodeLabels }, sortKeys);
  return `sha256:${createHash("sha256").update(text).digest("hex")}`;
}

function sortKeys(_key: string, value: unknown): unknown {
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)));
}
