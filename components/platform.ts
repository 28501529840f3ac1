import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import { crds } from "../core/api/crd/crd.ts";
import { admissionPolicies } from "../core/api/policy/policy.ts";
import type { LLMInferenceServiceConfig } from "../core/api/service.ts";
import { type Issue, isFine } from "../core/contract/issue.ts";
import { soundOptions, unknownOptions } from "../core/contract/judge.ts";
import { PLATFORM_OPTIONS } from "../core/contract/options.ts";
import type { KubernetesObject } from "../core/kubernetes/objects.ts";
import { type Bundle, bundleOf, type Cluster, digestOf, type ReleaseContent } from "../core/platform/bundle.ts";
import type { PlatformOutputs } from "../core/platform/choose.ts";
import { checkHistory, type Releases } from "../core/platform/history.ts";
import { reportingDefects } from "./defect.ts";
import { type Deferred, defer, restore } from "./deferred.ts";
import type { PlatformArgs } from "./generated/arguments.ts";
import { preparing } from "./prepared.ts";
import { pinsOf, publishedBefore } from "./published.ts";
import { registerObject } from "./register.ts";
import { explainUnknowns, refuse } from "./unknown.ts";

interface PlatformData {
  bundle: pulumi.Input<Bundle>;
  releases: Releases;
  namespace: string;
}

/** The arguments that can be used, in their plain form. */
type Planned = Partial<z.infer<z.ZodObject<typeof PLATFORM_OPTIONS>>>;

const TYPE = "kserve-llm:index:Platform";
const FIELD_MANAGER = "pulumi-kserve-llm";

/**
 * Installs what services stand on: the CRDs of LLMInferenceService and LLMInferenceServiceConfig, the system namespace,
 * and the config defaults in it.
 */
export class Platform extends pulumi.ComponentResource<PlatformData> {
  /** What services need to know of the platform; pass it, or the component itself, as their `platform`. */
  declare readonly bundle: pulumi.Output<Bundle>;
  /** The releases by name; export them, and services of other stacks read them by a StackReference. */
  declare readonly releases: pulumi.Output<Releases>;
  /** The name of the system namespace. */
  declare readonly namespace: pulumi.Output<string>;

  /** True also for a platform of another copy of this package. */
  static override isInstance(value: unknown): value is Platform {
    return pulumi.ComponentResource.isInstance(value) && (value as { __pulumiType?: string }).__pulumiType === TYPE;
  }

  constructor(name: string, args: PlatformArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    super(TYPE, name, { args: () => args }, opts);
    const data = pulumi.all([this.getData(), this.urn]).apply(([data]) => data);
    Object.assign(this, { bundle: data.bundle, releases: data.releases, namespace: data.namespace });
  }

  protected override initialize(inputs: pulumi.Inputs, _opts: unknown, name = ""): Promise<PlatformData> {
    return reportingDefects(`the Platform ${JSON.stringify(name)}`, () => this.make(inputs, name));
  }

  /** Not a #method: the constructor of the base class calls this before those are there. */
  private async make(inputs: pulumi.Inputs, name: string): Promise<PlatformData> {
    const args = (inputs["args"] as () => PlatformArgs)();
    const { deferred, result, issues } = await preparePlatform(name, args);
    const what = `Platform ${JSON.stringify(name)} cannot be planned`;
    if (!isFine(issues)) refuse(what, issues, this);
    const { planned, namespace, mode, bundle, configs, releases } = result;
    const changed = await this.#checkHistory(name, planned, namespace, releases);
    if (!isFine(changed)) refuse(what, changed, this);

    const restored = restore({ bundle, configs }, undefined, deferred);
    const installed = [
      ...this.#registerNamespace(name, namespace, mode),
      ...(bundle.recorded ? crds().map((crd) => this.#registerShared(name, crd as unknown as KubernetesObject)) : []),
    ];
    const policies = planned.admissionPolicies === true ? admissionPolicies() : [];
    for (const policy of policies) {
      registerObject(policy, { parent: this, prefix: name, dependsOn: installed });
    }
    for (const config of restored.value.configs) {
      const dependsOn = [...installed, ...restored.dependsOn];
      registerObject(config as unknown as KubernetesObject, { parent: this, prefix: name, dependsOn });
    }
    const data = { bundle: withDigest(restored.value, deferred), releases, namespace };
    this.registerOutputs(data);
    return data;
  }

  /** What those that this stack published before, and those that services pin, forbid of the releases. */
  async #checkHistory(
    name: string,
    { releases: contents = {}, consumers = [] }: Planned,
    systemNamespace: string,
    releases: Releases,
  ): Promise<Issue[]> {
    if (Object.keys(contents).length === 0 && consumers.length === 0) return [];
    const before = await publishedBefore(name, systemNamespace, this);
    const pins = await pinsOf(name, consumers, this);
    return checkHistory(before, releases, pins);
  }

  #registerNamespace(prefix: string, name: string, mode: string): pulumi.CustomResource[] {
    const object: KubernetesObject = { apiVersion: "v1", kind: "Namespace", metadata: { name } };
    if (mode === "existing") return [];
    if (mode === "own") return [registerObject(object, { parent: this, prefix })];
    return [this.#registerShared(prefix, object)];
  }

  /**
   * Something that may be there already and that others use too. Server-side apply under a field manager of our own makes
   * it or takes it over, whichever the kubernetes plugin would do with a plain create: up to 4.28 that overwrites
   * silently, from 4.29 on it fails. Never deleted: a destroy gives the fields back, and keeps CRDs as they are.
   */
  #registerShared(prefix: string, object: KubernetesObject): pulumi.CustomResource {
    const retainOnDelete = object.kind === "CustomResourceDefinition";
    const annotations = {
      ...object.metadata.annotations,
      "pulumi.com/patchFieldManager": FIELD_MANAGER,
      "pulumi.com/patchForce": "true",
    };
    const patch = { ...object, metadata: { ...object.metadata, annotations } };
    return registerObject(patch, { parent: this, prefix, patch: true, retainOnDelete });
  }
}

/** What a component is told of a platform: its own bundle, its releases where one of them is named, or what was given. */
export function outputsOf<Given>(platform: Platform | Given, release: unknown): Given | pulumi.Output<PlatformOutputs> {
  if (!Platform.isInstance(platform)) return platform as Given;
  return release === undefined ? platform.bundle : platform.releases;
}

/** The platform, or the resources that its bundle comes from: what installs the CRDs. */
export async function sourcesOf(platform: unknown): Promise<pulumi.Resource[]> {
  if (Platform.isInstance(platform)) return [platform];
  return pulumi.Output.isInstance(platform) ? [...(await pulumi.getAllResources(platform))] : [];
}

/** Reads and judges the arguments of a platform. */
export const preparePlatform = preparing(async (_name: string, args: PlatformArgs) => {
  const deferred = await defer(args);
  const given = deferred.planned as Readonly<Record<string, unknown>>;
  const place = { layer: "platform" };
  const { sound: planned, issues: ofOptions } = soundOptions(PLATFORM_OPTIONS, given, place);
  const unknown = unknownOptions(Object.keys(given), Object.keys(PLATFORM_OPTIONS), place);
  const { namespace, mode } = namespaceOf(planned);
  const cluster = { systemNamespace: namespace, recorded: planned.crds !== "skip" };
  const { bundle, configs, issues } = bundleOf(planned as ReleaseContent, cluster);
  const { releases, issues: ofReleases } = releasesOf(planned, cluster);
  const all = [...unknown, ...ofOptions, ...issues, ...ofReleases];
  const found = await explainUnknowns(all, configs as never, deferred, ({ path }) => path[0] === "releases");
  return { deferred, result: { planned, namespace, mode, bundle, configs, releases }, issues: found };
});

/** The releases as they would be. What one does not set is the platform's. */
function releasesOf(
  { releases: contents = {}, settings, accelerators, nodeLabels, checks }: Planned,
  cluster: Cluster,
): { releases: Releases; issues: Issue[] } {
  const made = Object.entries(contents).map(([release, content]) =>
    bundleOf({ settings, accelerators, nodeLabels, checks, ...content } as ReleaseContent, cluster, release),
  );
  const releases = Object.fromEntries(made.map(({ bundle }) => [bundle.release, bundle]));
  return { releases, issues: made.flatMap((one) => one.issues) };
}

function namespaceOf({ namespace, crds: mode }: Planned): { namespace: string; mode: string } {
  const given = typeof namespace === "string" ? { name: namespace } : (namespace ?? {});
  return { mode: "create", ...given, namespace: given.name ?? (mode === "skip" ? "kserve-llm" : "kserve") };
}

/** The digest is over real values, so it is as eventual as they are. */
function withDigest(
  { bundle, configs }: { bundle: Bundle; configs: unknown },
  deferred: Deferred,
): pulumi.Input<Bundle> {
  if (deferred.leaves.every((leaf) => leaf.known)) return bundle;
  const known = pulumi.output(configs as object) as pulumi.Output<unknown>;
  const digest = known.apply((values) => digestOf(bundle, values as LLMInferenceServiceConfig[]));
  return pulumi.output({ ...bundle, digest }) as pulumi.Output<Bundle>;
}
