import * as pulumi from "@pulumi/pulumi";
import { OWN } from "../core/behaviour.ts";
import { isFine } from "../core/errors.ts";
import { configObject } from "../core/release/bundle.ts";
import type { KubernetesObject } from "../core/spec/kubernetes.ts";
import { readConfigs } from "../core/spec/read.ts";
import type {
  LLMInferenceServiceConfig as ConfigDocument,
  LLMInferenceServiceConfigSpec,
} from "../core/spec/service.ts";
import { defer, restore } from "./deferred.ts";
import type { DeepInput, MetadataArgs } from "./inputs.ts";
import { preparing } from "./prepared.ts";
import { registerObject } from "./register.ts";
import { explainUnknowns, refuse } from "./unknown.ts";

/** A config's spec, as KServe defines it, and the name it goes by. */
export type LLMInferenceServiceConfigArgs = {
  [Key in keyof LLMInferenceServiceConfigSpec]?: DeepInput<LLMInferenceServiceConfigSpec[Key]>;
} & { metadata?: MetadataArgs };

const TYPE = "kserve-llm:index:LLMInferenceServiceConfig";

interface ConfigData {
  manifest: ConfigDocument;
}

/** A named set of defaults that services take up by `baseRefs`. Needs the CRDs, so pass the platform in `dependsOn`. */
export class LLMInferenceServiceConfig extends pulumi.ComponentResource<ConfigData> {
  /** The config as an object; what a service's `configs` takes. */
  declare readonly manifest: pulumi.Output<ConfigDocument>;

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
    const { deferred, result: manifest, issues } = await prepareConfig(name, args);
    if (!isFine(issues)) refuse(`LLMInferenceServiceConfig ${JSON.stringify(name)} is refused`, issues, this);
    const restored = restore(manifest, undefined, deferred);
    registerObject(restored.value as unknown as KubernetesObject, {
      parent: this,
      prefix: name,
      dependsOn: restored.dependsOn,
    });
    const data = { manifest: restored.value };
    this.registerOutputs(data);
    return data;
  }
}

/** Reads and judges the arguments of a config. */
export const prepareConfig = preparing(async (name: string, args: LLMInferenceServiceConfigArgs) => {
  const { metadata, ...spec } = args;
  const deferred = await defer({ config: { metadata: { name, namespace: "default", ...metadata }, spec } });
  const { config } = deferred.planned as { config: Pick<ConfigDocument, "metadata" | "spec"> };
  const manifest = configObject(config.metadata, config.spec);
  const found = readConfigs([manifest], OWN).issues;
  const issues = await explainUnknowns(found, [manifest as unknown as KubernetesObject], deferred);
  return { deferred, result: manifest, issues };
});
