import type * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import { API_VERSION, serviceSpec } from "../core/api/service.ts";
import { serviceGroups, serviceShorthands } from "../core/api/shorthands/shorthands.ts";
import { soundOptions } from "../core/contract/input/judge.ts";
import type { Issue } from "../core/contract/issues/issue.ts";
import { GIVEN, planOptionsOf, serviceOptions } from "../core/contract/options/options.ts";
import type { PartialSettings, Settings } from "../core/contract/options/settings.ts";
import type { PlanInput } from "../core/contract/plan.ts";
import { DEFAULT_STACK, judgeStack } from "../core/knowledge/stacks/stacks.ts";
import { copied, type PathStep } from "../core/kubernetes/json.ts";
import { type Bundle, classesOf, configsOf, onStack, settingsOf, stackOfBundle } from "../core/platform/bundle.ts";
import { chooseBundle, type IsUnknown, type PlatformOutputs, withoutValue } from "../core/platform/choose.ts";
import { LLMInferenceServiceConfig, manifestOf } from "./config.ts";
import type { LLMInferenceServiceOptions } from "./generated/arguments.ts";
import type { DeepInput } from "./inputs/deep.ts";
import { type Deferred, defer, type Leaf, unknownIn } from "./inputs/deferred.ts";
import { withNames } from "./inputs/metadata.ts";
import { withoutMisspelt } from "./inputs/misspelt.ts";
import { orNull } from "./inputs/outputs.ts";
import { outputsOf, type Platform } from "./platform.ts";

/** KServe's own spec, plus what KServe's controller would read from the cluster. */
export interface LLMInferenceServiceArgs extends LLMInferenceServiceOptions {
  /**
   * The platform itself, its `bundle` or its `releases`, also from another stack. Pass the value on unchanged. Default: the config
   * defaults of this package.
   */
  platform?: Platform | pulumi.Input<PlatformOutputs>;
  /**
   * Configs that `baseRefs` may name. They are searched before the platform's. Each is an LLMInferenceServiceConfig, its
   * `manifest`, or such an object as KServe writes it.
   */
  configs?: pulumi.Input<(LLMInferenceServiceConfig | DeepInput<ConfigInput>)[]>;
}

interface ConfigInput {
  metadata: { name: string; namespace?: string };
  spec: object;
}

/** The plain form of the arguments, after {@link defer}. Before {@link inputOf} has judged them they can be anything. */
export interface Planned extends z.infer<z.ZodObject<typeof serviceOptions>> {
  /** The component's name. */
  name: string;
  service: Readonly<Record<string, unknown>>;
}

/** Options that are passed on as given. The others become a part of the service or of its platform. */
const AS_GIVEN = Object.keys(serviceOptions).filter((name) => !["metadata", "platform", "configs"].includes(name));

/**
 * Arguments whose parts are judged where they are used. Every part of any other argument decides which objects exist or
 * how they are made.
 */
const BY_PARTS: readonly string[] = ["metadata", "settings", "cluster", "digest", "engineVersion"];
const DECIDING: readonly string[] = Object.keys(serviceOptions).filter((name) => !BY_PARTS.includes(name));

/**
 * The arguments that decide which defaults a service has. Without them the service would silently have other defaults.
 */
function isPin(key: string): boolean {
  return key === "release" || key === "digest";
}

/**
 * Whether a service cannot be planned without a value. For values inside of the documents, the plan decides that
 * itself.
 */
export function decides({ path }: Leaf): boolean {
  const [root, place, part] = path;
  if (root === "service" || root === "name") return false;
  if (root === "platform") return decidesPlatform(path.slice(1));
  if (root === "configs") return path.length <= 2 || (part === "metadata" && path.length <= 4);
  return DECIDING.includes(String(root)) || (place === undefined && root !== "digest" && root !== "engineVersion");
}

/** Parts of a bundle that decide the plan as a whole. Its defaults, settings and accelerators are judged where they are used. */
const DECIDING_OF_BUNDLE: readonly unknown[] = [
  "release",
  "stack",
  "presetVersion",
  "systemNamespace",
  "recorded",
  "nodeLabels",
  "checks",
];
const LATER_OF_BUNDLE: readonly unknown[] = ["defaults", "settings", "accelerators", "digest"];

/** The same for a path within a platform's bundle, or within one of its releases. */
function decidesPlatform([first, second]: readonly PathStep[]): boolean {
  if (DECIDING_OF_BUNDLE.includes(first)) return true;
  return !LATER_OF_BUNDLE.includes(first) && !LATER_OF_BUNDLE.includes(second);
}

/** The arguments of a service as documents: KServe's spec, separated from what only the component reads. */
export async function readArguments(name: string, args: LLMInferenceServiceArgs): Promise<Deferred> {
  const { metadata, platform, configs, ...others } = args;
  const entries = Object.entries(others);
  const isOption = ([key]: [string, unknown]): boolean => AS_GIVEN.includes(key);
  const documents = {
    name,
    service: {
      metadata: metadata === undefined ? {} : metadata,
      spec: Object.fromEntries(entries.filter((entry) => !isOption(entry))),
    },
    platform: outputsOf(platform, args.release),
    configs: Array.isArray(configs)
      ? configs.map((config) => (LLMInferenceServiceConfig.isInstance(config) ? manifestOf(config) : config))
      : configs,
    ...Object.fromEntries(entries.filter(isOption).map(([key, value]) => [key, isPin(key) ? orNull(value) : value])),
  };
  return withNames(await defer(documents, ["platform"]), "service", name);
}

/**
 * What a service of these arguments is planned from, without a stack: for tests that look at a plan, and for
 * `checkPromotion`. Issues are of the release and its digest, and of settings; if one of them is an error, the service
 * should not be planned.
 */
export async function planInput(
  name: string,
  args: LLMInferenceServiceArgs,
): Promise<{ input: PlanInput; issues: Issue[] }> {
  const deferred = await readArguments(name, args);
  const { input, issues } = inputOf(deferred.planned as Planned, unknownIn(deferred, "platform"));
  // Services without settings of their own share one settings object; the caller gets a copy that it may change.
  return { input: { ...input, settings: copied(input.settings) }, issues };
}

/**
 * What the plan reads: the pinned bundle, the configs, and the merged settings. All arguments except the spec are
 * judged here, before anything reads them. An argument that cannot be used is left out and reported as an error.
 */
export function inputOf(
  { name, service, ...given }: Planned,
  isUnknown: IsUnknown,
): { input: PlanInput; bundle: Bundle | undefined; issues: Issue[] } {
  const empty = withoutValue(given.platform);
  const { sound, issues: ofOptions } = soundOptions(
    { ...serviceOptions, ...GIVEN },
    { ...given, ...(empty.length > 0 && { platform: undefined }), metadata: service["metadata"] },
    { layer: "service" },
  );
  const { spec, issues: misspelt } = withoutMisspelt(service["spec"] as object, serviceOptions, SPEC_FIELDS);
  const { platform, release, digest, configs = [], settings } = sound;
  // A problem of the platform is reported once, without a second issue for the pin.
  const pin = given.platform !== undefined && platform === undefined ? {} : { release, digest };
  const { bundle, issues } = chooseBundle(platform as PlatformOutputs | undefined, pin, isUnknown);
  const merged = settingsOf(bundle?.systemNamespace, bundle?.settings, settings);
  const unknown = judgeStack(sound.stack).map(
    (finding): Issue => ({ ...finding, severity: "error", layer: "service" }),
  );
  const stacked = onStack(bundle ?? withoutPlatform(merged), unknown.length > 0 ? undefined : sound.stack);
  const shipped = sound.compat === undefined ? configsOf(stacked) : { configs: [], origins: {}, issues: [] };
  const metadata = { name, namespace: "default", ...sound.metadata };
  const { namespace } = metadata;
  const own = configs.map((config) => ({
    apiVersion: API_VERSION,
    kind: "LLMInferenceServiceConfig",
    ...config,
    metadata: { namespace, ...config.metadata },
  }));
  const input = {
    ...planOptionsOf(sound),
    stack: stacked.stack ?? stackOfBundle(stacked)?.name,
    service: { apiVersion: API_VERSION, kind: "LLMInferenceService", metadata, spec },
    configs: [...shipped.configs, ...own],
    origins: shipped.origins,
    settings: merged,
    lowering: { accelerators: bundle && classesOf(bundle), nodeLabels: bundle?.nodeLabels },
    checks: { ...bundle?.checks, ...sound.checks },
  };
  const all = [
    ...empty,
    ...ofOptions,
    ...misspelt,
    ...issues,
    ...unknown,
    ...shipped.issues,
    ...unusedTls(settings, merged),
  ];
  return { input, bundle, issues: all };
}

const SPEC_FIELDS = Object.keys({ ...serviceSpec.shape, ...serviceShorthands, ...serviceGroups });

/**
 * A platform may choose how services get certificates before any service uses TLS; a service that makes the choice
 * itself wants TLS.
 */
function unusedTls(own: PartialSettings | undefined, { enableTLS }: Settings): Issue[] {
  if (own?.tls === undefined || enableTLS) return [];
  const message = "TLS is disabled, so the certificate has no effect";
  const fix = "set settings.enableTLS: true";
  return [{ code: "UnusedField", severity: "warning", path: "settings.tls", layer: "service", message, fix }];
}

/** The config defaults of this package, unchanged. */
function withoutPlatform(settings: Settings): Omit<Bundle, "digest"> {
  const { systemNamespace } = settings;
  const none = { release: "", defaults: {}, accelerators: {}, recorded: false };
  const { name: stack, presetVersion } = DEFAULT_STACK;
  return { ...none, stack, presetVersion, settings, systemNamespace };
}
