import type * as pulumi from "@pulumi/pulumi";
import type { ClusterChoice } from "../cluster/kubeconfig.ts";
import type { Compat } from "../core/behaviour.ts";
import type { Adopt, CheckSettings, PlanInput } from "../core/contract/plan.ts";

import type { Issue } from "../core/errors.ts";

import type { ModelInfo } from "../core/models/config.ts";

import { PRESET_VERSION } from "../core/presets/presets.ts";
import { type Bundle, classesOf, configsOf, type PartialSettings, settingsOf } from "../core/release/bundle.ts";
import { chooseBundle, type PlatformOutputs } from "../core/release/choose.ts";
import type { Settings } from "../core/settings.ts";
import type { WrittenServiceSpec } from "../core/spec/conveniences.ts";
import type { KubernetesObject } from "../core/spec/kubernetes.ts";
import { API_VERSION } from "../core/spec/service.ts";
import type { ClusterArgs } from "./cluster.ts";
import { LLMInferenceServiceConfig, manifestOf } from "./config.ts";
import { type Deferred, defer, type Leaf } from "./deferred.ts";
import type { DeepInput, DeepPartialInput, MetadataArgs } from "./inputs.ts";
import { withNames } from "./metadata.ts";
import type { PlaintextArgs } from "./plaintext.ts";
import { outputsOf, type Platform } from "./platform.ts";

/** The spec of an LLMInferenceService with our conveniences, every part of which may be an Output. */
export type LLMInferenceServiceSpecArgs = {
  [Key in keyof WrittenServiceSpec]: DeepInput<WrittenServiceSpec[Key]>;
};

/** KServe's own spec, and beside it what KServe's controller would read from the cluster. */
export type LLMInferenceServiceArgs = LLMInferenceServiceSpecArgs & {
  /** Name, namespace, labels and annotations of the service. */
  metadata?: MetadataArgs;
  /**
   * The platform, or what its stack has in its outputs: a bundle, or its releases by name. Without it: our config defaults
   * as they are.
   */
  platform?: Platform | pulumi.Input<PlatformOutputs>;
  /** The release of the platform's config defaults that the service is merged with. Default: the platform's own. */
  release?: pulumi.Input<string>;
  /** The digest that the release must have (`sha256:…`); any other is refused. */
  digest?: pulumi.Input<string>;
  /** Configs that `baseRefs` may name, looked at before the platform's. */
  configs?: pulumi.Input<(LLMInferenceServiceConfig | DeepInput<ConfigInput>)[]>;
  /** Cluster-wide settings, laid over the platform's. */
  settings?: DeepPartialInput<PartialSettings>;
  /** Objects of the cluster that the plan may look up: ServiceAccounts, Gateways, ConfigMaps. */
  known?: pulumi.Input<DeepInput<KubernetesObject>[]>;
  /** By code, how bad a finding of the checks is (docs/checks.md), laid over the platform's. */
  checks?: DeepInput<CheckSettings>;
  /** The model's `config.json`, and the size of its weights, for the checks of models that the catalogue does not have. */
  modelInfo?: DeepInput<ModelInfo>;
  /** Release of vLLM in the images, where their tags do not tell it, e.g. `0.12.0`. */
  engineVersion?: pulumi.Input<string>;
  /** How fast weights come into a pod, in bytes per second: start-up probes and time-outs follow. Default 250 MB/s. */
  loadBytesPerSecond?: pulumi.Input<number>;
  /** By resource, how many accelerators of the cluster are free: a rollout is held against it. */
  freeDevices?: DeepInput<Record<string, number>>;
  /** What is taken over from another owner, such as KServe, as it stands: see docs/import.md. */
  adopt?: DeepInput<Adopt>;
  /** Behave as this KServe release. Needs its presets among `configs`. */
  compat?: pulumi.Input<Compat>;
  /** Whether the service is also kept as an LLMInferenceService object. Default: where the platform installs the CRDs. */
  record?: pulumi.Input<boolean>;
  /** False: do not wait for the pods. */
  await?: pulumi.Input<boolean>;
  /** While pods are waited for: tell why they do not come up (the scheduler's reason, images, crashes). Reads the cluster. */
  progress?: pulumi.Input<boolean>;
  /**
   * Look at the cluster before anything is made: the APIs that the objects need, nodes that match, accelerators that are free.
   * What is missing refuses the service, unless `checks` say otherwise.
   */
  preflight?: pulumi.Input<boolean>;
  /** The cluster that `preflight` and `progress` read. */
  cluster?: pulumi.Input<ClusterArgs>;
} & PlaintextArgs;

interface ConfigInput {
  metadata: { name: string; namespace?: string };
  spec: object;
}

/** The plain form of the arguments, after {@link defer}. */
export interface Planned {
  service: Record<string, unknown>;
  platform?: PlatformOutputs;
  release?: string;
  digest?: string;
  configs?: ConfigInput[];
  settings?: PartialSettings;
  known?: KubernetesObject[];
  checks?: CheckSettings;
  modelInfo?: ModelInfo;
  engineVersion?: string;
  loadBytesPerSecond?: number;
  freeDevices?: Record<string, number>;
  compat?: Compat;
  adopt?: Adopt;
  record?: boolean;
  await?: boolean;
  preflight?: boolean;
  progress?: boolean;
  cluster?: ClusterChoice;
  rendersYaml?: boolean;
  allowPlaintextSecrets?: boolean;
}

/** Arguments that are no part of KServe's spec, and are read as they are. */
const OWN = [
  "release",
  "digest",
  "settings",
  "known",
  "checks",
  "modelInfo",
  "engineVersion",
  "loadBytesPerSecond",
  "freeDevices",
  "compat",
  "adopt",
  "record",
  "await",
  "preflight",
  "progress",
  "cluster",
  "rendersYaml",
  "allowPlaintextSecrets",
] as const satisfies readonly (keyof LLMInferenceServiceArgs & keyof Planned)[];

/** Arguments of which any part decides what is made, or how; of the others only the whole does. */
const DECIDING: readonly string[] = [
  ...["platform", "release", "known", "checks", "modelInfo", "loadBytesPerSecond", "freeDevices", "adopt", "compat"],
  ...["record", "await", "preflight", "progress", "rendersYaml", "allowPlaintextSecrets"],
];

/** Whether a service cannot be planned without a value: in the documents themselves, the plan says so. */
export function decides({ path }: Leaf): boolean {
  const [root, place, part] = path;
  if (root === "service") return false;
  if (root === "configs") return path.length <= 2 || (part === "metadata" && path.length <= 4);
  return DECIDING.includes(String(root)) || (place === undefined && root !== "digest" && root !== "engineVersion");
}

/** The arguments of a service as documents, read: what is KServe's spec apart from what only the component reads. */
export async function readArguments(name: string, args: LLMInferenceServiceArgs): Promise<Deferred> {
  const { metadata, platform, configs, ...others } = args;
  const entries = Object.entries(others);
  const isOwn = ([key]: [string, unknown]): boolean => OWN.some((own) => own === key);
  const documents = {
    service: {
      apiVersion: API_VERSION,
      kind: "LLMInferenceService",
      metadata: metadata ?? {},
      spec: Object.fromEntries(entries.filter((entry) => !isOwn(entry))),
    },
    platform: outputsOf(platform, args.release),
    configs: Array.isArray(configs)
      ? configs.map((config) => (LLMInferenceServiceConfig.isInstance(config) ? manifestOf(config) : config))
      : configs,
    ...Object.fromEntries(entries.filter(isOwn)),
  };
  return withNames(await defer(documents, ["platform"]), "service", name);
}

/**
 * What a service of these arguments is planned from, without a stack: for tests that look at a plan, and for `checkPromotion`. Issues
 * are of the release and its digest, and of settings; with an error among them nothing should be planned.
 */
export async function planInput(
  name: string,
  args: LLMInferenceServiceArgs,
): Promise<{ input: PlanInput; issues: Issue[] }> {
  const { planned } = await readArguments(name, args);
  const { input, issues } = inputOf(planned as Planned);
  return { input, issues };
}

/** What the plan is made of: the bundle that is pinned, the configs, and settings laid over each other. */
export function inputOf({ service, platform, release, digest, configs = [], settings, ...planned }: Planned): {
  input: PlanInput;
  bundle: Bundle | undefined;
  issues: Issue[];
} {
  const { bundle, issues } = chooseBundle(platform, { release, digest });
  const merged = settingsOf(bundle?.systemNamespace, bundle?.settings, settings);
  const { known, checks, modelInfo, engineVersion, loadBytesPerSecond, freeDevices, compat, adopt } = planned;
  const shipped =
    compat === undefined ? configsOf(bundle ?? withoutPlatform(merged)) : { configs: [], origins: {}, issues: [] };
  const { namespace } = service["metadata"] as { namespace: string };
  const own = configs.map((config) => ({
    apiVersion: API_VERSION,
    kind: "LLMInferenceServiceConfig",
    ...config,
    metadata: { namespace, ...config.metadata },
  }));
  const input = {
    service,
    configs: [...shipped.configs, ...own],
    origins: shipped.origins,
    settings: merged,
    lowering: { accelerators: bundle && classesOf(bundle), nodeLabels: bundle?.nodeLabels },
    checks: { ...bundle?.checks, ...checks },
    ...{ known, modelInfo, engineVersion, loadBytesPerSecond, freeDevices, compat, adopt },
  };
  return { input, bundle, issues: [...issues, ...shipped.issues, ...unusedTls(settings, merged)] };
}

/** A platform may say how services get certificates before any of them serves TLS; a service that says so wants it. */
function unusedTls(own: PartialSettings | undefined, { enableTLS }: Settings): Issue[] {
  if (own?.tls === undefined || enableTLS) return [];
  const message = "TLS is off, so nothing uses the certificate";
  const fix = "set settings.enableTLS: true";
  return [{ code: "UnusedField", severity: "warning", path: "settings.tls", layer: "service", message, fix }];
}

/** Our config defaults as they are. */
function withoutPlatform(settings: Settings): Omit<Bundle, "digest"> {
  const { systemNamespace } = settings;
  const none = { release: "", defaults: {}, accelerators: {}, recorded: false };
  return { ...none, presetVersion: PRESET_VERSION, settings, systemNamespace };
}
