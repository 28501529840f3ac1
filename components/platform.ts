import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import { crds } from "../core/api/crd/crd.ts";
import { admissionPolicies } from "../core/api/policy/policy.ts";
import type { LLMInferenceServiceConfig } from "../core/api/service.ts";
import { soundOptions, unknownOptions } from "../core/contract/input/judge.ts";
import { formatIssue, type Issue, isFine } from "../core/contract/issues/issue.ts";
import { isA } from "../core/contract/kinds.ts";
import { COMPONENT_TYPE } from "../core/contract/names.ts";
import { PLATFORM_OPTIONS } from "../core/contract/options/options.ts";
import { DEFAULT_SETTINGS } from "../core/contract/options/settings.ts";
import { asObject, type KubernetesObject } from "../core/kubernetes/objects.ts";
import { type Bundle, bundleOf, type Cluster, digestOf, type ReleaseContent } from "../core/platform/bundle.ts";
import { checkHistory, type Releases } from "../core/platform/history.ts";
import { observabilityObjects } from "../core/platform/observability/observability.ts";
import type { PlatformArgs } from "./generated/arguments.ts";
import { type Deferred, defer, type Leaf, tokensIn } from "./inputs/deferred.ts";
import { type Followed, follow, type Planning } from "./inputs/dependence.ts";
import { masked, withoutSecrets } from "./inputs/mask.ts";
import { orNull } from "./inputs/outputs.ts";
import { type Planned as Restored, restore } from "./inputs/restore.ts";
import { explainUnknowns, refuse, secretName, unknownStructure } from "./inputs/unknown.ts";
import { reportingDefects } from "./planning/defect.ts";
import { preparing } from "./planning/prepared.ts";
import { pinsOf, publishedBefore } from "./planning/published.ts";
import { Parts, setProperties } from "./resources/parts.ts";
import { annotating, asPlanned, asShared, registerObject } from "./resources/register.ts";

interface PlatformData {
  bundle: pulumi.Input<Bundle>;
  releases: pulumi.Input<Releases>;
  namespace: string;
}

const parts = new Parts<PlatformData>();

/** The arguments that passed their checks, in plain form. */
type Planned = Partial<z.infer<z.ZodObject<typeof PLATFORM_OPTIONS>>>;

const FIELD_MANAGER = "pulumi-kserve-llm";

/**
 * Installs what services need: the CRDs of LLMInferenceService and LLMInferenceServiceConfig, the system namespace, and
 * the config defaults in it.
 */
export class Platform extends pulumi.ComponentResource<PlatformData> {
  /** What services must know about the platform; pass it, or the component itself, as their `platform`. */
  declare readonly bundle: pulumi.Output<Bundle>;
  /** The releases by name. Export them, so that services of other stacks can read them through a StackReference. */
  declare readonly releases: pulumi.Output<Releases>;
  /** The name of the system namespace. */
  declare readonly namespace: pulumi.Output<string>;

  /** True also for a platform of another copy of this package. */
  static override isInstance(value: unknown): value is Platform {
    return (
      pulumi.ComponentResource.isInstance(value) &&
      (value as { __pulumiType?: string }).__pulumiType === COMPONENT_TYPE.platform
    );
  }

  constructor(name: string, args: PlatformArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    super(COMPONENT_TYPE.platform, name, { args: () => args }, opts);
    const data = this.getData();
    parts.set(this, data);
    setProperties(this, data, ["bundle", "releases", "namespace"]);
  }

  protected override initialize(inputs: pulumi.Inputs, _opts: unknown, name = ""): Promise<PlatformData> {
    return reportingDefects(`the Platform ${JSON.stringify(name)}`, () => this.make(inputs, name));
  }

  /** Not a #method: the constructor of the base class calls this before private methods exist. */
  private async make(inputs: pulumi.Inputs, name: string): Promise<PlatformData> {
    const args = (inputs["args"] as () => PlatformArgs)();
    const { deferred, result, issues } = await preparePlatform(name, args);
    const what = `Platform ${JSON.stringify(name)} cannot be planned`;
    if (!isFine(issues)) refuse(what, issues, this);
    const { planned, namespace, mode, bundle } = result.planning;
    const changed = await this.#checkHistory(name, result, deferred);
    if (!isFine(changed)) refuse(what, changed, this);
    for (const warning of issues.filter(({ code }) => code === "SecretName"))
      await pulumi.log.warn(formatIssue(warning), this);

    const restored = restore(result, deferred, annotating(undefined));
    const installed = [
      ...this.#registerNamespace(name, namespace, mode),
      ...(bundle.recorded ? crds().map((crd) => this.#registerShared(name, asObject(crd))) : []),
    ];
    const policies = planned.admissionPolicies === true ? admissionPolicies() : [];
    for (const policy of policies) {
      registerObject(asPlanned(policy), { parent: this, prefix: name, dependsOn: installed });
    }
    for (const object of restored.objects) {
      registerObject(object, { parent: this, prefix: name, dependsOn: [...installed, ...restored.dependsOn] });
    }
    const configs = restored.objects.filter((object) => isA(object.planned, "LLMInferenceServiceConfig"));
    const { bundle: given, releases } = restored.values as Pick<PlatformData, "bundle" | "releases">;
    const data = { bundle: withDigest(given as Bundle, configs, deferred), releases, namespace };
    this.registerOutputs(data);
    return data;
  }

  /** Which changes of the releases are refused, because this stack published them before or services pin them. */
  async #checkHistory(
    name: string,
    { planning, secrets }: Followed<PlatformPlanning>,
    deferred: Deferred,
  ): Promise<Issue[]> {
    const { planned, namespace, releases } = planning;
    const { releases: contents = {}, consumers = [] } = planned;
    if (Object.keys(contents).length === 0 && consumers.length === 0) return [];
    const before = await publishedBefore(name, namespace, this);
    const pins = await pinsOf(name, consumers, this);
    const found = checkHistory(before.releases, releases, pins);
    if (secrets === undefined && !before.isSecret) return found;
    // A digest over secrets would reveal something about them, so neither the old nor the new digest is shown.
    const others = checkHistory(withoutDigests(before.releases), secrets?.releases ?? releases, pins);
    return masked(found, others, deferred.planned);
  }

  #registerNamespace(prefix: string, name: string, mode: string): pulumi.CustomResource[] {
    const object: KubernetesObject = { apiVersion: "v1", kind: "Namespace", metadata: { name } };
    if (mode === "existing") return [];
    if (mode === "own") return [registerObject(asPlanned(object), { parent: this, prefix })];
    return [this.#registerShared(prefix, object)];
  }

  /**
   * An object that may exist already and that others use too. Server-side apply under a separate field manager creates
   * it or takes it over, whichever version of the kubernetes plugin runs: with a plain create, versions up to 4.28
   * overwrite silently, and versions from 4.29 on fail. It is never deleted: a destroy gives the fields back, and keeps
   * CRDs as they are.
   */
  #registerShared(prefix: string, object: KubernetesObject): pulumi.CustomResource {
    const retainOnDelete = object.kind === "CustomResourceDefinition";
    const annotations = {
      ...object.metadata.annotations,
      "pulumi.com/patchFieldManager": FIELD_MANAGER,
      "pulumi.com/patchForce": "true",
    };
    const patch = { ...object, metadata: { ...object.metadata, annotations } };
    return registerObject(asShared(patch), { parent: this, prefix, patch: true, retainOnDelete });
  }
}

/**
 * What a component knows about a platform: the platform's bundle, its releases if one of them is named, or the value
 * that was passed. A platform of the same program also passes on which leaves are secrets.
 */
export function outputsOf<Given>(platform: Platform | Given, release: unknown): unknown {
  if (!Platform.isInstance(platform)) return orNull(platform);
  const key = release === undefined ? "bundle" : "releases";
  return parts.of(platform, key) ?? platform[key];
}

/** The platform, or the resources that its bundle comes from: what installs the CRDs. */
export async function sourcesOf(platform: unknown): Promise<pulumi.Resource[]> {
  if (Platform.isInstance(platform)) return [platform];
  return pulumi.Output.isInstance(platform) ? [...(await pulumi.getAllResources(platform))] : [];
}

/** The planning of a platform's arguments. */
interface PlatformPlanning extends Planning {
  planned: Planned;
  namespace: string;
  mode: string;
  bundle: Bundle;
  releases: Releases;
}

/** Reads and judges the arguments of a platform. */
export const preparePlatform = preparing(async (_name: string, args: PlatformArgs) => {
  const deferred = await defer(args);
  const missing = await unknownStructure(deferred, decides);
  const result = follow(deferred, { plan: missing.length > 0 ? () => nothing({}) : planPlatform, nothing });
  const { objects, releases } = result.planning;
  const published = new Set(tokensIn(JSON.stringify(releases), deferred));
  const found = withoutSecrets(result, deferred.planned);
  const issues = await explainUnknowns(found, objects, deferred, (leaf) => published.has(leaf));
  const names = deferred.leaves.filter(({ secret, path }) => secret && NAMESPACE.includes(path.join(".")));
  return { deferred, result, issues: [...missing, ...issues, ...names.map(secretName)] };
});

/** Namespaces as they are registered. */
const NAMESPACE = ["namespace", "namespace.name", "observability.namespace"];
/**
 * Arguments of which every part decides which objects exist; of `defaults`, `settings` and `accelerators` only the
 * value as a whole does.
 */
const DECIDING = [
  "namespace",
  "crds",
  "admissionPolicies",
  "observability",
  "stack",
  "presetVersion",
  "nodeLabels",
  "checks",
  "releases",
  "consumers",
];

function decides({ path }: Leaf): boolean {
  return path.length === 1 || DECIDING.includes(String(path[0])) || (path.length === 2 && path[0] !== "settings");
}

function planPlatform(args: unknown): PlatformPlanning {
  const given = args as Readonly<Record<string, unknown>>;
  const place = { layer: "platform" };
  const { sound: planned, issues: ofOptions } = soundOptions(PLATFORM_OPTIONS, given, place);
  const unknown = unknownOptions(Object.keys(given), Object.keys(PLATFORM_OPTIONS), place);
  const { namespace, mode } = namespaceOf(planned);
  const cluster = { systemNamespace: namespace, recorded: planned.crds !== "skip" };
  const { bundle, configs, issues } = bundleOf(planned as ReleaseContent, cluster);
  const { releases, issues: ofReleases } = releasesOf(planned, cluster);
  const watching = observabilityObjects(planned.observability ?? {}, namespace);
  const objects = [...configs.map((config) => asObject(config)), ...watching];
  const all = [...unknown, ...ofOptions, ...issues, ...ofReleases];
  return { planned, namespace, mode, bundle, releases, objects, values: { bundle, releases }, issues: all };
}

/** The planning of a platform whose arguments cannot be planned. */
function nothing(args: unknown): PlatformPlanning {
  const { bundle } = bundleOf({}, { systemNamespace: "", recorded: true });
  const none = { namespace: "", mode: "create", bundle, releases: {} };
  return { planned: args as Planned, ...none, objects: [], values: {}, issues: [] };
}

/** The releases as they would be published. A release inherits the fields that it does not set from the platform. */
function releasesOf(
  { releases: contents = {}, stack, settings, accelerators, nodeLabels, checks }: Planned,
  cluster: Cluster,
): { releases: Releases; issues: Issue[] } {
  // A release that names its presets by their version also names its stack by that version.
  const inherited = (content: ReleaseContent): ReleaseContent =>
    ({
      ...(content.presetVersion === undefined && { stack }),
      ...{ settings, accelerators, nodeLabels, checks },
      ...content,
    }) as ReleaseContent;
  const made = Object.entries(contents).map(([release, content]) =>
    bundleOf(inherited(content as ReleaseContent), cluster, release),
  );
  const releases = Object.fromEntries(made.map(({ bundle }) => [bundle.release, bundle]));
  return { releases, issues: made.flatMap((one) => one.issues) };
}

function namespaceOf({ namespace, crds: mode }: Planned): { namespace: string; mode: string } {
  const given = typeof namespace === "string" ? { name: namespace } : (namespace ?? {});
  return {
    mode: "create",
    ...given,
    namespace: given.name ?? (mode === "skip" ? "kserve-llm" : DEFAULT_SETTINGS.systemNamespace),
  };
}

/** The digest covers the real values, so it is unknown or secret if one of them is. */
function withDigest(bundle: Bundle, configs: readonly Restored[], { leaves }: Deferred): pulumi.Input<Bundle> {
  if (leaves.every((leaf) => leaf.known)) return bundle;
  const { settings, accelerators, nodeLabels, stack } = bundle;
  const content = { settings, accelerators, nodeLabels, stack, configs: configs.map(({ inputs }) => inputs) };
  const digest = (pulumi.output(content) as pulumi.Output<unknown>).apply((known) => {
    const { configs: all, ...others } = known as Bundle & { configs: LLMInferenceServiceConfig[] };
    return digestOf(others, all);
  });
  return { ...bundle, digest } as unknown as pulumi.Input<Bundle>;
}

function withoutDigests(releases: Releases): Releases {
  return Object.fromEntries(Object.entries(releases).map(([name, bundle]) => [name, { ...bundle, digest: "" }]));
}
