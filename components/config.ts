import * as pulumi from "@pulumi/pulumi";
import type { WrittenConfigSpec } from "../core/api/conveniences.ts";
import { OWN } from "../core/contract/behaviour.ts";
import { isFine } from "../core/contract/issue.ts";
import { asObject } from "../core/kubernetes/objects.ts";
import { chooseBundle, type PlatformOutputs } from "../core/platform/choose.ts";
import { storedConfig, type WrittenConfig, writtenConfig } from "../core/platform/config.ts";
import { readConfigs } from "../core/stages/read/read.ts";
import { defer, restore } from "./deferred.ts";
import type { DeepInput, MetadataArgs } from "./inputs.ts";
import { outputsOf, type Platform, sourcesOf } from "./platform.ts";
import { preparing } from "./prepared.ts";
import { registerObject } from "./register.ts";
import { explainUnknowns, refuse } from "./unknown.ts";

/** A config's spec, as KServe defines it with our conveniences, and the name it goes by. */
export type LLMInferenceServiceConfigArgs = {
  [Key in keyof WrittenConfigSpec]?: DeepInput<WrittenConfigSpec[Key]>;
} & {
  /** Name, namespace, labels and annotations of the config. */
  metadata?: MetadataArgs;
  /**
   * The platform, or what its stack has in its outputs: its CRDs are needed, and its classes of accelerators and node labels hold.
   * Without it: our catalogue, and nodes as the GPU operator labels them.
   */
  platform?: Platform | pulumi.Input<PlatformOutputs>;
  /** The release of the platform whose accelerators hold, where the platform is given as its releases. */
  release?: pulumi.Input<string>;
};

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

  protected override async initialize(inputs: pulumi.Inputs, _opts: unknown, name = ""): Promise<ConfigData> {
    const args = (inputs["args"] as () => LLMInferenceServiceConfigArgs)();
    const { deferred, result, issues } = await prepareConfig(name, args);
    if (!isFine(issues)) refuse(`LLMInferenceServiceConfig ${JSON.stringify(name)} is refused`, issues, this);
    const { value, dependsOn } = restore(result, undefined, deferred);
    registerObject(asObject(value.object), {
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
  const config = { metadata: { name, namespace: "default", ...metadata }, spec };
  const deferred = await defer({ config, platform: outputsOf(platform, release), release }, ["platform"]);
  const planned = deferred.planned as Planned;
  const { bundle, issues: ofPlatform } = chooseBundle(planned.platform, { release: planned.release });
  const manifest = writtenConfig(planned.config.metadata, planned.config.spec);
  const { object, issues: lowered } = storedConfig(manifest, bundle ?? {});
  const found = [...ofPlatform, ...lowered, ...readConfigs([object], OWN).issues];
  const issues = await explainUnknowns(found, [asObject(object)], deferred);
  return { deferred, result: { manifest, object }, issues };
});

interface Planned {
  config: WrittenConfig;
  platform?: PlatformOutputs;
  release?: string;
}
