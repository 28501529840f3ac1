import * as pulumi from "@pulumi/pulumi";
import type { Compat } from "../core/behaviour.ts";
import { formatIssue, type Issue, isFine } from "../core/errors.ts";
import { type AppliedConfig, type Plan, type PlanInput, plan } from "../core/plan.ts";
import type { Settings } from "../core/settings.ts";
import type { WrittenServiceSpec } from "../core/spec/conveniences.ts";
import type { KubernetesObject } from "../core/spec/kubernetes.ts";
import { API_VERSION, type LLMInferenceServiceSpec } from "../core/spec/service.ts";
import { type Bundle, configsOf, type PartialSettings, settingsOf } from "./bundle.ts";
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
  /** The platform, or its bundle, also from another stack. Without it: our config defaults as they are. */
  platform?: Platform | pulumi.Input<Bundle>;
  /** Configs that `baseRefs` may name, looked at before the platform's. */
  configs?: pulumi.Input<(LLMInferenceServiceConfig | DeepInput<ConfigInput>)[]>;
  /** Cluster-wide settings, laid over the platform's. */
  settings?: DeepPartialInput<PartialSettings>;
  /** Objects of the cluster that the plan may look up: ServiceAccounts, Gateways, ConfigMaps. */
  known?: pulumi.Input<DeepInput<KubernetesObject>[]>;
  /** Behave as this KServe release. Needs its presets among `configs`. */
  compat?: pulumi.Input<Compat>;
  /** Whether the service is also kept as an LLMInferenceService object. Default: where the platform installs the CRDs. */
  record?: pulumi.Input<boolean>;
  /** False: do not wait for the pods. */
  await?: pulumi.Input<boolean>;
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

interface ServiceData {
  url: pulumi.Input<string>;
  mergedSpec: LLMInferenceServiceSpec;
  appliedConfigs: AppliedConfig[];
  objects: ObjectReference[];
  issues: Issue[];
}

/** The plain form of the arguments, after {@link defer}. */
interface Planned {
  service: Record<string, unknown>;
  platform?: Bundle;
  configs?: ConfigInput[];
  settings?: PartialSettings;
  known?: KubernetesObject[];
  compat?: Compat;
  record?: boolean;
  await?: boolean;
}

interface Registering {
  planned: Planned;
  opts: pulumi.ComponentResourceOptions;
  settings: Settings;
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
  /** What the plan had to remark; errors never get here. */
  declare readonly issues: pulumi.Output<Issue[]>;

  constructor(name: string, args: LLMInferenceServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("kserve-llm:index:LLMInferenceService", name, { args: () => args }, opts);
    const data = pulumi.all([this.getData(), this.urn]).apply(([data]) => data);
    const { url, mergedSpec, appliedConfigs, objects, issues } = data as unknown as Record<string, unknown>;
    Object.assign(this, { url, mergedSpec, appliedConfigs, objects, issues });
  }

  protected override async initialize(
    inputs: pulumi.Inputs,
    opts: pulumi.ComponentResourceOptions = {},
    name = "",
  ): Promise<ServiceData> {
    const args = (inputs["args"] as () => LLMInferenceServiceArgs)();
    const { deferred, result, issues } = await prepareService(name, args);
    if (!isFine(issues)) refuse(`LLMInferenceService ${JSON.stringify(name)} cannot be planned`, issues, this);
    const warnings = issues.filter((issue) => issue.severity === "warning");
    for (const warning of warnings) await pulumi.log.warn(formatIssue(warning), this);
    const { planned, plan, settings } = result;
    const needs = planned.record === false ? [] : await sourcesOf(args.platform);
    const data = this.#register(name, plan, deferred, warnings, { planned, opts, settings, needs });
    this.registerOutputs(data);
    return data;
  }

  #register(
    name: string,
    result: Plan,
    deferred: Deferred,
    issues: Issue[],
    { planned, opts, settings, needs }: Registering,
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
    registerObjects(value.objects, options);
    const record = planned.record ?? planned.platform?.recorded ?? false;
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
      issues,
    };
  }
}

/** Reads and plans the arguments of a service, without registering anything. */
export const prepareService = preparing(async (name: string, args: LLMInferenceServiceArgs) => {
  const deferred = await defer(documentsOf(args, name), ["platform"]);
  const planned = deferred.planned as Planned;
  const { input, issues } = inputOf(planned);
  const result = plan(input);
  const found = await explainUnknowns([...issues, ...result.issues], result.objects, deferred);
  return { deferred, result: { planned, plan: result, settings: input.settings }, issues: found };
});

/** The platform, or the resources that its bundle comes from. */
async function sourcesOf(platform: LLMInferenceServiceArgs["platform"]): Promise<pulumi.Resource[]> {
  if (Platform.isInstance(platform)) return [platform];
  return pulumi.Output.isInstance(platform) ? [...(await pulumi.getAllResources(platform))] : [];
}

/** The arguments in documents: what is KServe's spec apart from what only the component reads. */
function documentsOf(args: LLMInferenceServiceArgs, name: string): Record<string, unknown> {
  const { metadata, platform, configs, settings, known, compat, record, await: wait, ...spec } = args;
  return {
    service: {
      apiVersion: API_VERSION,
      kind: "LLMInferenceService",
      metadata: pulumi.Output.isInstance(metadata) ? metadata : { name, namespace: "default", ...metadata },
      spec,
    },
    platform: Platform.isInstance(platform) ? platform.bundle : platform,
    configs: Array.isArray(configs)
      ? configs.map((config) => (LLMInferenceServiceConfig.isInstance(config) ? config.manifest : config))
      : configs,
    settings,
    known,
    compat,
    record,
    await: wait,
  };
}

function inputOf({ service, platform, configs = [], settings, known, compat }: Planned): {
  input: PlanInput;
  issues: Issue[];
} {
  const merged = settingsOf({ ...platform?.settings, ...settings }, platform?.systemNamespace);
  const shipped =
    compat === undefined
      ? configsOf(platform ?? { presetVersion: "", defaults: {}, systemNamespace: merged.systemNamespace })
      : { configs: [], issues: [] };
  const { namespace } = service["metadata"] as { namespace: string };
  const own = configs.map((config) => ({
    apiVersion: API_VERSION,
    kind: "LLMInferenceServiceConfig",
    ...config,
    metadata: { namespace, ...config.metadata },
  }));
  const input = { service, configs: [...shipped.configs, ...own], settings: merged, known, compat };
  return { input, issues: shipped.issues };
}

/** What of a plan becomes resources and outputs. */
function partsOf({ objects, service, spec }: Plan): Pick<Plan, "objects" | "service" | "spec"> {
  return { objects, service, spec };
}

function referenceTo({ apiVersion, kind, metadata: { namespace, name } }: KubernetesObject): ObjectReference {
  return { apiVersion, kind, ...(namespace !== undefined && { namespace }), name };
}
