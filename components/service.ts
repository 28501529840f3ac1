import * as pulumi from "@pulumi/pulumi";
import type { ClusterChoice } from "../cluster/kubeconfig.ts";
import type { Compat } from "../core/behaviour.ts";
import type { CheckSettings } from "../core/checks/checks.ts";
import { formatIssue, type Issue, isFine } from "../core/errors.ts";
import type { ModelInfo } from "../core/models/config.ts";
import { type AppliedConfig, type Plan, type PlanInput, plan } from "../core/plan.ts";
import { PRESET_VERSION } from "../core/presets/presets.ts";
import { type Bundle, configsOf, type PartialSettings, settingsOf } from "../core/release/bundle.ts";
import { chooseBundle, type PlatformOutputs } from "../core/release/choose.ts";
import type { Settings } from "../core/settings.ts";
import type { WrittenServiceSpec } from "../core/spec/conveniences.ts";
import type { KubernetesObject } from "../core/spec/kubernetes.ts";
import { API_VERSION, type LLMInferenceServiceSpec } from "../core/spec/service.ts";
import { type ClusterArgs, lookAhead, tellProgress } from "./cluster.ts";
import { LLMInferenceServiceConfig } from "./config.ts";
import { type Deferred, defer, restore } from "./deferred.ts";
import type { DeepInput, DeepPartialInput, MetadataArgs } from "./inputs.ts";
import { Platform } from "./platform.ts";
import { preparing } from "./prepared.ts";
import { registerObject, registerObjects } from "./register.ts";
import { explainUnknowns, refuse } from "./unknown.ts";
import { urlOf } from "./url.ts";

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
};

interface ConfigInput {
  metadata: { name: string; namespace?: string };
  spec: object;
}

/** One object of a service. */
export interface ObjectReference {
  apiVersion: string;
  kind: string;
  namespace?: string;
  name: string;
}

/** Which release a service was merged with. */
export interface ReleasePin {
  release: string;
  digest: string;
}

interface ServiceData {
  url: pulumi.Input<string>;
  pin?: ReleasePin;
  mergedSpec: LLMInferenceServiceSpec;
  appliedConfigs: AppliedConfig[];
  objects: ObjectReference[];
  issues: Issue[];
}

/** The plain form of the arguments, after {@link defer}. */
interface Planned {
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
  compat?: Compat;
  record?: boolean;
  await?: boolean;
  preflight?: boolean;
  progress?: boolean;
  cluster?: ClusterChoice;
}

interface Registering {
  planned: Planned;
  opts: pulumi.ComponentResourceOptions;
  settings: Settings;
  bundle: Bundle | undefined;
  /** What installs the CRDs, which a recorded object needs. */
  needs: pulumi.Resource[];
}

/**
 * Serves a model: what KServe's controller would make of the service becomes children of this component, planned from the
 * arguments alone.
 */
export class LLMInferenceService extends pulumi.ComponentResource<ServiceData> {
  /** Where clients find the service: the route's host name where there is one, else the workload Service in the cluster. */
  declare readonly url: pulumi.Output<string>;
  /** The spec that was rendered: all layers merged, templates expanded. */
  declare readonly mergedSpec: pulumi.Output<LLMInferenceServiceSpec>;
  /** The configs that took part, lowest precedence first. */
  declare readonly appliedConfigs: pulumi.Output<AppliedConfig[]>;
  /** All that was made. */
  declare readonly objects: pulumi.Output<ObjectReference[]>;
  /** The release it was merged with; export it, so that the platform knows. Undefined without a platform. */
  declare readonly pin: pulumi.Output<ReleasePin | undefined>;
  /** What the plan had to remark; errors never get here. */
  declare readonly issues: pulumi.Output<Issue[]>;

  constructor(name: string, args: LLMInferenceServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("kserve-llm:index:LLMInferenceService", name, { args: () => args }, opts);
    const data = pulumi.all([this.getData(), this.urn]).apply(([data]) => data);
    const { url, mergedSpec, appliedConfigs, objects, pin, issues } = data as unknown as Record<string, unknown>;
    Object.assign(this, { url, mergedSpec, appliedConfigs, objects, pin, issues });
  }

  protected override async initialize(
    inputs: pulumi.Inputs,
    opts: pulumi.ComponentResourceOptions = {},
    name = "",
  ): Promise<ServiceData> {
    const args = (inputs["args"] as () => LLMInferenceServiceArgs)();
    const { deferred, result, issues: found } = await prepareService(name, args);
    const ahead = isFine(found)
      ? await lookAhead(this, result.plan.objects, { ...result.planned, checks: result.checks }, deferred)
      : [];
    const issues = [...found, ...ahead];
    if (!isFine(issues)) refuse(`LLMInferenceService ${JSON.stringify(name)} cannot be planned`, issues, this);
    const warnings = issues.filter((issue) => issue.severity === "warning");
    for (const warning of warnings) await pulumi.log.warn(formatIssue(warning), this);
    const { planned, plan, settings, bundle } = result;
    const needs = planned.record === false ? [] : await sourcesOf(args.platform);
    const data = this.#register(name, plan, deferred, warnings, { planned, opts, settings, bundle, needs });
    this.registerOutputs(data);
    return data;
  }

  #register(
    name: string,
    result: Plan,
    deferred: Deferred,
    issues: Issue[],
    { planned, opts, settings, bundle, needs }: Registering,
  ): ServiceData {
    const twin = deferred.traced === undefined ? undefined : plan(inputOf(deferred.traced as Planned).input);
    const { value, dependsOn } = restore(partsOf(result), twin && partsOf(twin), deferred);
    const options = {
      parent: this,
      prefix: name,
      dependsOn,
      await: planned.await,
      customTimeouts: opts.customTimeouts,
    };
    const resources = registerObjects(value.objects, options);
    if (result.service !== undefined) tellProgress(this, result.service.metadata, result.objects, resources, planned);
    const record = planned.record ?? bundle?.recorded ?? false;
    if (record) {
      const needed = [...dependsOn, ...needs];
      registerObject(value.service as unknown as KubernetesObject, { ...options, dependsOn: needed });
    }
    const recorded = record && result.service ? [result.service as unknown as KubernetesObject] : [];
    return {
      url: urlOf(value.objects, value.service as never, settings.urlScheme),
      mergedSpec: value.spec as LLMInferenceServiceSpec,
      appliedConfigs: result.appliedConfigs,
      objects: [...result.objects, ...recorded].map(referenceTo),
      ...(bundle && { pin: { release: bundle.release, digest: bundle.digest } }),
      issues,
    };
  }
}

/** Reads and plans the arguments of a service, without registering anything. */
export const prepareService = preparing(async (name: string, args: LLMInferenceServiceArgs) => {
  const deferred = await defer(documentsOf(args, name), ["platform"]);
  const planned = deferred.planned as Planned;
  const { input, bundle, issues } = inputOf(planned);
  const result = plan(input);
  const found = await explainUnknowns([...issues, ...result.issues], result.objects, deferred);
  return {
    deferred,
    result: { planned, plan: result, settings: input.settings, checks: input.checks, bundle },
    issues: found,
  };
});

/** The platform, or the resources that its bundle comes from. */
async function sourcesOf(platform: LLMInferenceServiceArgs["platform"]): Promise<pulumi.Resource[]> {
  if (Platform.isInstance(platform)) return [platform];
  return pulumi.Output.isInstance(platform) ? [...(await pulumi.getAllResources(platform))] : [];
}

/** The arguments in documents: what is KServe's spec apart from what only the component reads. */
function documentsOf(args: LLMInferenceServiceArgs, name: string): Record<string, unknown> {
  const { metadata, platform, configs, await: wait, ...others } = args;
  const { release, digest, settings, known, checks, modelInfo, engineVersion, compat, record, ...more } = others;
  const { preflight, progress, cluster, ...spec } = more;
  return {
    service: {
      apiVersion: API_VERSION,
      kind: "LLMInferenceService",
      metadata: pulumi.Output.isInstance(metadata) ? metadata : { name, namespace: "default", ...metadata },
      spec,
    },
    platform: Platform.isInstance(platform) ? outputsOf(platform, release) : platform,
    configs: Array.isArray(configs)
      ? configs.map((config) => (LLMInferenceServiceConfig.isInstance(config) ? config.manifest : config))
      : configs,
    ...{ release, digest, settings, known, checks, modelInfo, engineVersion, compat, record },
    ...{ await: wait, preflight, progress, cluster },
  };
}

/** A platform's own bundle, or its releases where one of them is named. */
function outputsOf(platform: Platform, release: unknown): pulumi.Output<unknown> {
  return release === undefined ? platform.bundle : platform.releases;
}

function inputOf({ service, platform, release, digest, configs = [], settings, ...planned }: Planned): {
  input: PlanInput;
  bundle: Bundle | undefined;
  issues: Issue[];
} {
  const { bundle, issues } = chooseBundle(platform, { release, digest });
  const merged = settingsOf(bundle?.systemNamespace, bundle?.settings, settings);
  const { known, checks, modelInfo, engineVersion, compat } = planned;
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
    lowering: { accelerators: bundle?.accelerators, nodeLabels: bundle?.nodeLabels },
    checks: { ...bundle?.checks, ...checks },
    ...{ known, modelInfo, engineVersion, compat },
  };
  return { input, bundle, issues: [...issues, ...shipped.issues] };
}

/** Our config defaults as they are. */
function withoutPlatform(settings: Settings): Omit<Bundle, "digest"> {
  const { systemNamespace } = settings;
  const none = { release: "", defaults: {}, accelerators: {}, recorded: false };
  return { ...none, presetVersion: PRESET_VERSION, settings, systemNamespace };
}

/** What of a plan becomes resources and outputs. */
function partsOf({ objects, service, spec }: Plan): Pick<Plan, "objects" | "service" | "spec"> {
  return { objects, service, spec };
}

function referenceTo({ apiVersion, kind, metadata: { namespace, name } }: KubernetesObject): ObjectReference {
  return { apiVersion, kind, ...(namespace !== undefined && { namespace }), name };
}
