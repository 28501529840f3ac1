import { createHash } from "node:crypto";
import { deepmergeCustom } from "deepmerge-ts";
import type { LLMInferenceServiceConfig, LLMInferenceServiceConfigSpec } from "../api/service.ts";
import type { Operations } from "../api/shorthands/operations.ts";
import type { WrittenConfigSpec } from "../api/shorthands/shorthands.ts";
import { OWN } from "../contract/behaviour.ts";
import { judgeTrees } from "../contract/input/tree.ts";
import { type Issue, isFine } from "../contract/issues/issue.ts";
import type { LoweringContext } from "../contract/lowering.ts";
import { DEFAULT_SETTINGS, type PartialSettings, type Settings } from "../contract/options/settings.ts";
import type { CheckSettings, ConfigOrigin, ConfigOrigins } from "../contract/plan.ts";
import type { Stack } from "../knowledge/stacks/stack.ts";
import {
  DEFAULT_STACK,
  joinedLater,
  judgeStack,
  presets,
  STACKS,
  stackNamed,
  stackOfPresets,
} from "../knowledge/stacks/stacks.ts";
import { isObject } from "../kubernetes/json.ts";
import { remembering } from "../kubernetes/remember.ts";
import { setEntry } from "../kubernetes/table.ts";
import { validateConfig } from "../stages/admit/validate.ts";
import { withSeverities } from "../stages/check/checks.ts";
import { judgeFlagsOf } from "../stages/check/fields/removals.ts";
import { OPERATIONS } from "../stages/lower/operations.ts";
import { mergeLayers } from "../stages/merge/merge.ts";
import { loweredLayers, writtenConfig } from "./config.ts";
import { besideTheirPart, judgeDefaults, type RoleDefaults, roleOf, unknownRoles } from "./roles.ts";

/** The content of a platform or a release of it: everything that decides what a service is merged with. */
export interface ReleaseContent {
  /** Release of the serving stack. Default: the oldest that this package has. */
  stack?: string;
  /** Version of the presets of this package: another name for the stack with these presets. */
  presetVersion?: string;
  /** Per role, what is merged over the presets. */
  defaults?: RoleDefaults;
  /** Cluster-wide settings, which override the defaults. */
  settings?: PartialSettings;
  /** Classes of accelerators: they add to the catalogue and override it. */
  accelerators?: NonNullable<LoweringContext["accelerators"]>;
  /** Who labels the nodes. Default `gpu-operator`. */
  nodeLabels?: LoweringContext["nodeLabels"];
  /** By code, the severity of a finding of the checks; checks judge a service and never change it. */
  checks?: CheckSettings;
}

/**
 * A release of config defaults, as services pin it. It contains the platform's own settings and the version of the
 * presets below them, so it stays small; the digest shows that both sides have the same content.
 */
export interface Bundle {
  /** Name of the release; "" for the platform's own defaults, which may change at any time. */
  release: string;
  /** Release of the serving stack. Bundles of older versions of this package name only the version of its presets. */
  stack?: string;
  presetVersion: string;
  defaults: RoleDefaults;
  settings: Settings;
  accelerators: NonNullable<LoweringContext["accelerators"]>;
  nodeLabels?: LoweringContext["nodeLabels"];
  checks?: CheckSettings;
  systemNamespace: string;
  /** Whether the platform installs the CRDs, so that services are recorded as objects of them. */
  recorded: boolean;
  /** SHA-256 over the resulting configs, settings and accelerators; the same in every cluster. */
  digest: string;
}

export type { PartialSettings };

const mergeSettings = deepmergeCustom({ mergeArrays: false });

/**
 * The default settings with overrides, of which the last one wins; `tls` is replaced as a whole, because its fields are
 * mutually exclusive.
 */
export function settingsOf(
  systemNamespace: string | undefined,
  ...overrides: (PartialSettings | undefined)[]
): Settings {
  if (overrides.every((one) => one === undefined))
    return plainSettings(systemNamespace ?? DEFAULT_SETTINGS.systemNamespace);
  const merged = mergeSettings(DEFAULT_SETTINGS, ...overrides.map((one) => one ?? {})) as Settings;
  const tls = overrides.findLast((one) => one?.tls !== undefined)?.tls;
  return { ...merged, ...(tls !== undefined && { tls }), ...(systemNamespace !== undefined && { systemNamespace }) };
}

/** Most services have the same settings: they share one object, so that a plan judges it once. */
const plainSettings = remembering((systemNamespace): Settings => ({ ...DEFAULT_SETTINGS, systemNamespace }));

/** Where a bundle is used: facts of the cluster, which are not part of its content. */
export type Cluster = Pick<Bundle, "systemNamespace" | "recorded">;

/** The bundle of a content, and the resulting configs. Pure; the same content gives the same digest. */
export function bundleOf(
  content: ReleaseContent,
  { systemNamespace, recorded }: Cluster,
  release = "",
): { bundle: Bundle; configs: LLMInferenceServiceConfig[]; issues: Issue[] } {
  const unreadable = judgeTrees([{ value: content, layer: "platform" }]);
  if (!isFine(unreadable)) return { ...bundleOf({}, { systemNamespace, recorded }, release), issues: unreadable };
  const { defaults = {}, accelerators = {}, nodeLabels, checks } = content;
  const base = {
    release,
    ...namesOf(content),
    defaults,
    settings: settingsOf(systemNamespace, content.settings),
    accelerators,
    ...(nodeLabels !== undefined && { nodeLabels }),
    ...(checks !== undefined && { checks }),
    systemNamespace,
    recorded,
  };
  const { configs, issues: found } = configsOf(base);
  const issues = [...disagreement(content), ...found];
  const bundle = { ...base, digest: digestOf(base, configs) };
  return { bundle, configs: configs.map(asObject), issues };
}

/** The presets of a bundle, with the platform's defaults merged over them, and for explanations the sources of each. */
export function configsOf(bundle: Omit<Bundle, "digest">): {
  configs: LLMInferenceServiceConfig[];
  origins: ConfigOrigins;
  issues: Issue[];
} {
  const { defaults, systemNamespace, release } = bundle;
  const where = release === "" ? "defaults" : `releases.${release}.defaults`;
  const unreadable = judgeDefaults(defaults, where);
  if (!isFine(unreadable)) return { configs: [], origins: {}, issues: unreadable };
  const stack = stackOfBundle(bundle);
  if (stack === undefined) return { configs: [], origins: {}, issues: unknownStack(bundle) };
  const shipped = presets({ namespace: systemNamespace, stack });
  const issues: Issue[] = unknownRoles(defaults, where);
  const origins: Record<string, readonly ConfigOrigin[]> = {};
  const configs = shipped.map((preset) => {
    const role = roleOf(preset.metadata.name);
    const own = role === undefined ? undefined : defaults[role];
    if (role === undefined || own === undefined) return preset;
    const { triggers } = stack.autoscaler;
    const context = { ...bundle, triggers, prometheus: bundle.settings.autoscaling?.prometheus };
    const lowered = lowerDefaults(own, `${where}.${role}`, preset, context);
    const layers = [{ label: `preset ${preset.metadata.name}`, spec: preset.spec }, ...lowered.layers];
    const merged = mergeLayers(layers, OWN);
    setEntry(origins, `${preset.metadata.namespace}/${preset.metadata.name}`, layers);
    issues.push(...besideTheirPart(role, own, `${where}.${role}`), ...lowered.issues, ...merged.issues);
    const spec = { ...merged.spec, ...(lowered.operations && { operations: lowered.operations }) };
    return { ...preset, spec: spec as LLMInferenceServiceConfigSpec };
  });
  return { configs: isFine(issues) ? configs : [], origins, issues };
}

/** A role's defaults may contain the shorthands too. */
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

/** The classes of a platform: those that it names, and by role those that are written out in its defaults. */
export function classesOf({
  defaults,
  accelerators,
}: Pick<Bundle, "defaults" | "accelerators">): Bundle["accelerators"] {
  const written = Object.entries(defaults).flatMap(([role, { accelerator }]) =>
    isObject(accelerator) ? [[role, accelerator]] : [],
  );
  return { ...Object.fromEntries(written), ...accelerators };
}

/** A config as its CRD has it: its `operations` reach services only through the bundle. */
function asObject(config: LLMInferenceServiceConfig): LLMInferenceServiceConfig {
  const { [OPERATIONS]: _ours, ...spec } = config.spec as WrittenConfigSpec;
  return { ...config, spec: spec as LLMInferenceServiceConfigSpec };
}

/** The release of the stack and the version of its presets for a content: from either of them, or the default. */
function namesOf({ stack, presetVersion }: ReleaseContent): Pick<Bundle, "stack" | "presetVersion"> {
  const named = stack === undefined ? undefined : stackNamed(stack);
  const found = named ?? (presetVersion === undefined ? DEFAULT_STACK : stackOfPresets(presetVersion));
  return {
    stack: stack ?? found?.name,
    presetVersion: named?.presetVersion ?? presetVersion ?? found?.presetVersion ?? "",
  };
}

/** A stack has one version of the presets; if both are named they must agree. */
function disagreement({ stack, presetVersion }: ReleaseContent): Issue[] {
  const named = stack === undefined ? undefined : stackNamed(stack);
  if (named === undefined || presetVersion === undefined || named.presetVersion === presetVersion) return [];
  return [
    {
      code: "Conflict",
      severity: "error",
      path: "presetVersion",
      layer: "platform",
      message: `presetVersion is ${presetVersion}, but the stack ${named.name} has the presets ${named.presetVersion}`,
      fix: "remove presetVersion: the stack determines it",
    },
  ];
}

/** The stack with which a bundle was made; undefined if this package does not have it. */
export function stackOfBundle({ stack, presetVersion }: Pick<Bundle, "stack" | "presetVersion">): Stack | undefined {
  return stack === undefined ? stackOfPresets(presetVersion) : stackNamed(stack);
}

/** A bundle on another stack, otherwise unchanged. {@link configsOf} refuses an unknown name. */
export function onStack<Of extends Pick<Bundle, "stack" | "presetVersion">>(bundle: Of, stack: string | undefined): Of {
  if (stack === undefined) return bundle;
  return { ...bundle, stack, presetVersion: stackNamed(stack)?.presetVersion ?? bundle.presetVersion };
}

function unknownStack({ stack, presetVersion }: Pick<Bundle, "stack" | "presetVersion">): Issue[] {
  const place = { severity: "error", layer: "platform" } as const;
  if (stack !== undefined) return judgeStack(stack).map((finding) => ({ ...finding, ...place }));
  const versions = STACKS.map((one) => one.presetVersion).join(", ");
  const message = `unknown version of the presets: ${JSON.stringify(presetVersion)}`;
  const fix = `use one of ${versions}, or a newer release of this package`;
  return [{ code: "ReleaseNotFound", path: "presetVersion", message, fix, ...place }];
}

/** The digest of a bundle's meaning: the same wherever the same package reads the same content. */
export function digestOf(
  bundle: Pick<Bundle, "settings" | "accelerators" | "nodeLabels" | "stack" | "presetVersion">,
  configs: readonly LLMInferenceServiceConfig[],
): string {
  const { settings, accelerators, nodeLabels, stack } = bundle;
  const { systemNamespace: _ofTheCluster, ...portable } = settings;
  const release = stackOfBundle(bundle);
  const counted = configs.filter((config) => release === undefined || !joinedLater(config, release));
  const specs = counted.map(({ metadata: { name }, spec }) => ({ name, spec }));
  // The first stack was published before stacks had names: its digests stay the same.
  const named = stack === STACKS[0]?.name ? undefined : stack;
  const text = JSON.stringify({ specs, settings: portable, accelerators, nodeLabels, stack: named }, sortKeys);
  return `sha256:${createHash("sha256").update(text).digest("hex")}`;
}

function sortKeys(_key: string, value: unknown): unknown {
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)));
}
