import * as pulumi from "@pulumi/pulumi";
import { OWN } from "../core/behaviour.ts";
import { formatIssue, isFine } from "../core/errors.ts";
import { chooseBundle, type PlatformOutputs } from "../core/release/choose.ts";
import { storedConfig, type WrittenConfig, writtenConfig } from "../core/release/config.ts";
import type { WrittenConfigSpec } from "../core/spec/conveniences.ts";
import type { KubernetesObject } from "../core/spec/kubernetes.ts";
import { readConfigs } from "../core/spec/read.ts";
import { defer } from "./deferred.ts";
import { withFormerNames } from "./former.ts";
import type { DeepInput, MetadataArgs } from "./inputs.ts";
import { withoutSecrets } from "./mask.ts";
import { withNames } from "./metadata.ts";
import { Parts, propertiesOf } from "./parts.ts";
import { outputsOf, type Platform, sourcesOf } from "./platform.ts";
import { preparing } from "./prepared.ts";
import { dressing, registerObject } from "./register.ts";
import { restore } from "./restore.ts";
import { follow, type Planning } from "./twins.ts";
import { explainUnknowns, refuse, secretNames, unknownStructure } from "./unknown.ts";

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
  manifest: pulumi.Inputs;
}

const parts = new Parts<ConfigData>();

/** The manifest of a config with each of its secrets at its own leaf; as an Output it is a secret as a whole. */
export function manifestOf(config: LLMInferenceServiceConfig): unknown {
  return parts.of(config, "manifest") ?? config.manifest;
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
    const data = this.getData();
    parts.set(this, data);
    Object.assign(this, propertiesOf(this, data, ["manifest"]));
  }

  protected override async initialize(inputs: pulumi.Inputs, _opts: unknown, name = ""): Promise<ConfigData> {
    const args = (inputs["args"] as () => LLMInferenceServiceConfigArgs)();
    const { deferred, result, issues } = await prepareConfig(name, args);
    if (!isFine(issues)) refuse(`LLMInferenceServiceConfig ${JSON.stringify(name)} is refused`, issues, this);
    const { objects, dependsOn } = restore(result, deferred, dressing(undefined));
    const [object, manifest] = objects;
    if (object === undefined || manifest === undefined)
      throw new Error("a config is planned as an object and a manifest");
    for (const one of withFormerNames([object], () => true)) {
      registerObject(one, {
        parent: this,
        prefix: name,
        dependsOn: [...dependsOn, ...(await sourcesOf(args.platform))],
      });
    }
    for (const warning of issues) await pulumi.log.warn(formatIssue(warning), this);
    const data = { manifest: manifest.inputs };
    this.registerOutputs(data);
    return data;
  }
}

/** Reads and judges the arguments of a config. */
export const prepareConfig = preparing(async (name: string, args: LLMInferenceServiceConfigArgs) => {
  const { metadata, platform, release, ...spec } = args;
  const config = { metadata: metadata ?? {}, spec };
  const given = { config, platform: outputsOf(platform, release), release };
  const deferred = withNames(await defer(given, ["platform"]), "config", name);
  const missing = await unknownStructure(deferred, ({ path: [root] }) => root === "platform" || root === "release");
  const result = follow(deferred, { plan: missing.length > 0 ? nothing : planConfig, nothing });
  const { objects } = result.planning;
  const issues = await explainUnknowns(withoutSecrets(result, deferred.planned), objects, deferred);
  return { deferred, result, issues: [...missing, ...issues, ...secretNames(deferred)] };
});

const nothing = (): Planning => ({ objects: [], values: {}, issues: [] });

/** The object of a config as the cluster has it, and its manifest as services take it. */
function planConfig(args: unknown): Planning {
  const { platform, release, config } = args as PlannedArgs;
  const { bundle, issues: ofPlatform } = chooseBundle(platform, { release });
  const manifest = writtenConfig(config.metadata, config.spec);
  const { object, issues: lowered } = storedConfig(manifest, bundle ?? {});
  const objects = [object, manifest].map((one) => one as unknown as KubernetesObject);
  return { objects, values: {}, issues: [...ofPlatform, ...lowered, ...readConfigs([object], OWN).issues] };
}

interface PlannedArgs {
  config: WrittenConfig;
  platform?: PlatformOutputs;
  release?: string;
}
