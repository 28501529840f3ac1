import * as pulumi from "@pulumi/pulumi";
import { configSpec } from "../core/api/service.ts";
import { serviceShorthands } from "../core/api/shorthands/shorthands.ts";
import { OWN } from "../core/contract/behaviour.ts";
import { soundOptions } from "../core/contract/input/judge.ts";
import { judgeTrees } from "../core/contract/input/tree.ts";
import { formatIssue, isFine } from "../core/contract/issues/issue.ts";
import { COMPONENT_TYPE } from "../core/contract/names.ts";
import { configOptions, GIVEN } from "../core/contract/options/options.ts";
import { asObject } from "../core/kubernetes/objects.ts";
import { chooseBundle, type IsUnknown, type PlatformOutputs, withoutValue } from "../core/platform/choose.ts";
import { storedConfig, type WrittenConfig, writtenConfig } from "../core/platform/config.ts";
import { readConfigs } from "../core/stages/read/read.ts";
import type { LLMInferenceServiceConfigOptions } from "./generated/arguments.ts";
import { defer, unknownIn } from "./inputs/deferred.ts";
import { follow, type Planning } from "./inputs/dependence.ts";
import { withoutSecrets } from "./inputs/mask.ts";
import { withNames } from "./inputs/metadata.ts";
import { withoutMisspelt } from "./inputs/misspelt.ts";
import { orNull } from "./inputs/outputs.ts";
import { restore } from "./inputs/restore.ts";
import { explainUnknowns, refuse, secretNames, unknownStructure } from "./inputs/unknown.ts";
import { reportingDefects } from "./planning/defect.ts";
import { preparing } from "./planning/prepared.ts";
import { outputsOf, type Platform, sourcesOf } from "./platform.ts";
import { withFormerNames } from "./resources/formernames.ts";
import { Parts, setProperties } from "./resources/parts.ts";
import { annotating, registerObject } from "./resources/register.ts";

/** A config's spec: KServe's fields and the shorthands, and the name it goes by. */
export interface LLMInferenceServiceConfigArgs extends LLMInferenceServiceConfigOptions {
  /**
   * The platform's `bundle` or its `releases`: its accelerator classes and node labels apply to the config. Pass the value on
   * unchanged, or pass the platform itself, whose CRDs the config then waits for. Default: the catalogue of this package, and
   * nodes as the GPU operator labels them.
   */
  platform?: Platform | pulumi.Input<PlatformOutputs>;
}

interface ConfigData {
  manifest: pulumi.Inputs;
}

const parts = new Parts<ConfigData>();

/**
 * The manifest of a config. Each secret is hidden at its own leaf; in an Output the whole manifest would be a secret.
 */
export function manifestOf(config: LLMInferenceServiceConfig): unknown {
  return parts.of(config, "manifest") ?? config.manifest;
}

/**
 * A named set of defaults that services take up by `baseRefs`. Needs the CRDs, so pass the platform. The cluster
 * stores KServe's own format, in which accelerator and tuning have become the fields that they stand for. Services read
 * the config as it was written.
 */
export class LLMInferenceServiceConfig extends pulumi.ComponentResource<ConfigData> {
  /** The config as it is written; what a service's `configs` takes. */
  declare readonly manifest: pulumi.Output<WrittenConfig>;

  /** True also for a config of another copy of this package. */
  static override isInstance(value: unknown): value is LLMInferenceServiceConfig {
    return (
      pulumi.ComponentResource.isInstance(value) &&
      (value as { __pulumiType?: string }).__pulumiType === COMPONENT_TYPE.config
    );
  }

  constructor(name: string, args: LLMInferenceServiceConfigArgs, opts?: pulumi.ComponentResourceOptions) {
    super(COMPONENT_TYPE.config, name, { args: () => args }, opts);
    const data = this.getData();
    parts.set(this, data);
    setProperties(this, data, ["manifest"]);
  }

  protected override initialize(inputs: pulumi.Inputs, _opts: unknown, name = ""): Promise<ConfigData> {
    return reportingDefects(`the LLMInferenceServiceConfig ${JSON.stringify(name)}`, () => this.make(inputs, name));
  }

  /** Not a #method: the constructor of the base class calls this before private methods exist. */
  private async make(inputs: pulumi.Inputs, name: string): Promise<ConfigData> {
    const args = (inputs["args"] as () => LLMInferenceServiceConfigArgs)();
    const { deferred, result, issues } = await prepareConfig(name, args);
    if (!isFine(issues)) refuse(`LLMInferenceServiceConfig ${JSON.stringify(name)} is refused`, issues, this);
    const { objects, dependsOn } = restore(result, deferred, annotating(undefined));
    const [object, manifest] = objects;
    if (object === undefined || manifest === undefined)
      throw new Error("a config must be planned as an object and a manifest");
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
  const config = { metadata: metadata === undefined ? {} : metadata, spec };
  const given = { config, platform: outputsOf(platform, release), release: orNull(release) };
  const deferred = withNames(await defer(given, ["platform"]), "config", name);
  const missing = await unknownStructure(deferred, ({ path: [root] }) => root === "platform" || root === "release");
  const result = follow(deferred, {
    plan: missing.length > 0 ? nothing : planConfig(name, unknownIn(deferred, "platform")),
    nothing,
  });
  const { objects } = result.planning;
  const issues = await explainUnknowns(withoutSecrets(result, deferred.planned), objects, deferred);
  return { deferred, result, issues: [...missing, ...issues, ...secretNames(deferred)] };
});

const SPEC_FIELDS = Object.keys({ ...configSpec.shape, ...serviceShorthands });

const nothing = (): Planning => ({ objects: [], values: {}, issues: [] });

/** The object of a config as the cluster has it, and its manifest as services take it. All arguments are judged here, before anything reads them. */
function planConfig(name: string, isUnknown: IsUnknown): (args: unknown, isTwin: boolean) => Planning {
  return (args, isTwin) => {
    const { config: written, ...given } = args as PlannedArgs;
    const endless = judgeTrees([{ value: written.spec, layer: "service" }]);
    if (endless.length > 0) return { ...nothing(), issues: endless };
    const empty = withoutValue(given.platform);
    const { sound, issues: ofOptions } = soundOptions(
      { ...configOptions, metadata: GIVEN.metadata },
      { ...given, ...(empty.length > 0 && { platform: undefined }), metadata: written.metadata },
      { layer: "service" },
    );
    const fields = withoutMisspelt(written.spec, configOptions, SPEC_FIELDS);
    const pin = given.platform !== undefined && sound.platform === undefined ? {} : { release: sound.release };
    const platform = sound.platform as PlatformOutputs | undefined;
    const { bundle, issues: ofPlatform } = chooseBundle(platform, pin, isTwin ? () => true : isUnknown);
    const manifest = writtenConfig({ name, namespace: "default", ...sound.metadata }, fields.spec);
    const { object, issues: lowered } = storedConfig(manifest, bundle ?? {});
    const objects = [object, manifest].map((one) => asObject(one));
    const ofConfig = [...lowered, ...readConfigs([object], OWN).issues];
    return { objects, values: {}, issues: [...empty, ...ofOptions, ...fields.issues, ...ofPlatform, ...ofConfig] };
  };
}

/** The plain form of the arguments; before they are judged they can be anything. */
interface PlannedArgs {
  config: { metadata?: unknown; spec: object };
  platform?: unknown;
  release?: unknown;
}
