import * as pulumi from "@pulumi/pulumi";
import { serviceConveniences } from "../core/api/conveniences.ts";
import { configSpec } from "../core/api/service.ts";
import { OWN } from "../core/contract/behaviour.ts";
import { isFine } from "../core/contract/issue.ts";
import { soundOptions } from "../core/contract/judge.ts";
import { configOptions, GIVEN } from "../core/contract/options.ts";
import type { KubernetesObject } from "../core/kubernetes/objects.ts";
import { chooseBundle, type PlatformOutputs } from "../core/platform/choose.ts";
import { storedConfig, type WrittenConfig, writtenConfig } from "../core/platform/config.ts";
import { readConfigs } from "../core/stages/read/read.ts";
import { reportingDefects } from "./defect.ts";
import { defer, restore, unknownIn } from "./deferred.ts";
import type { LLMInferenceServiceConfigOptions } from "./generated/arguments.ts";
import { withoutMisspelt } from "./misspelt.ts";
import { outputsOf, type Platform, sourcesOf } from "./platform.ts";
import { preparing } from "./prepared.ts";
import { registerObject } from "./register.ts";
import { explainUnknowns, refuse } from "./unknown.ts";

/** A config's spec, as KServe defines it with our conveniences, and the name it goes by. */
export interface LLMInferenceServiceConfigArgs extends LLMInferenceServiceConfigOptions {
  /**
   * The platform's `bundle` or its `releases`: its accelerator classes and node labels apply to the config. Pass the value on
   * unchanged, or pass the platform itself, whose CRDs the config then waits for. Default: the catalogue of this package, and
   * nodes as the GPU operator labels them.
   */
  platform?: Platform | pulumi.Input<PlatformOutputs>;
}

const TYPE = "kserve-llm:index:LLMInferenceServiceConfig";

interface ConfigData {
  manifest: WrittenConfig;
}

/**
 * A named set of defaults that services take up by `baseRefs`. Needs the CRDs, so pass the platform. What is kept in the cluster is
 * KServe's own format: accelerator and tuning become the fields that they mean. Services get the config as it is written.
 */
export class LLMInferenceServiceConfig extends pulumi.ComponentResource<ConfigData> {
  /** The config as it is written; what a service's `configs` takes. */
  declare readonly manifest: pulumi.Output<WrittenConfig>;

  /** True also for a config of another copy of this package. */
  static override isInstance(value: unknown): value is LLMInferenceServiceConfig {
    return pulumi.ComponentResource.isInstance(value) && (value as { __pulumiType?: string }).__pulumiType === TYPE;
  }

  constructor(name: string, args: LLMInferenceServiceConfigArgs, opts?: pulumi.ComponentResourceOptions) {
    super(TYPE, name, { args: () => args }, opts);
    const data = pulumi.all([this.getData(), this.urn]).apply(([data]) => data);
    Object.assign(this, { manifest: data.manifest });
  }

  protected override initialize(inputs: pulumi.Inputs, _opts: unknown, name = ""): Promise<ConfigData> {
    return reportingDefects(`the LLMInferenceServiceConfig ${JSON.stringify(name)}`, () => this.make(inputs, name));
  }

  /** Not a #method: the constructor of the base class calls this before those are there. */
  private async make(inputs: pulumi.Inputs, name: string): Promise<ConfigData> {
    const args = (inputs["args"] as () => LLMInferenceServiceConfigArgs)();
    const { deferred, result, issues } = await prepareConfig(name, args);
    if (!isFine(issues)) refuse(`LLMInferenceServiceConfig ${JSON.stringify(name)} is refused`, issues, this);
    const { value, dependsOn } = restore(result, undefined, deferred);
    registerObject(value.object as unknown as KubernetesObject, {
      parent: this,
      prefix: name,
      dependsOn: [...dependsOn, ...(await sourcesOf(args.platform))],
    });
    const data = { manifest: value.manifest };
    this.registerOutputs(data);
    return data;
  }
}

/** Reads and judges the arguments of a config. */
export const prepareConfig = preparing(async (name: string, args: LLMInferenceServiceConfigArgs) => {
  const { metadata, platform, release, ...spec } = args;
  const config = { metadata, spec };
  const deferred = await defer({ config, platform: outputsOf(platform, release), release }, ["platform"]);
  const { config: written, ...given } = deferred.planned as Planned;
  const { sound, issues: ofOptions } = soundOptions(
    { ...configOptions, metadata: GIVEN.metadata },
    { ...given, metadata: written.metadata },
    { layer: "service" },
  );
  const fields = withoutMisspelt(written.spec, configOptions, SPEC_FIELDS);
  const pin = given.platform !== undefined && sound.platform === undefined ? {} : { release: sound.release };
  const { bundle, issues: ofPlatform } = chooseBundle(
    sound.platform as PlatformOutputs | undefined,
    pin,
    unknownIn(deferred, "platform"),
  );
  const manifest = writtenConfig({ name, namespace: "default", ...sound.metadata }, fields.spec);
  const { object, issues: lowered } = storedConfig(manifest, bundle ?? {});
  const ofConfig = [...lowered, ...readConfigs([object], OWN).issues];
  const found = [...ofOptions, ...fields.issues, ...ofPlatform, ...ofConfig];
  const issues = await explainUnknowns(found, [object as unknown as KubernetesObject], deferred);
  return { deferred, result: { manifest, object }, issues };
});

const SPEC_FIELDS = Object.keys({ ...configSpec.shape, ...serviceConveniences });

/** The plain form of the arguments; before they are judged they can be anything. */
interface Planned {
  config: { metadata?: unknown; spec: object };
  platform?: unknown;
  release?: unknown;
}
