import * as pulumi from "@pulumi/pulumi";
import type { CheckSettings } from "../core/contract/plan.ts";

import { crds } from "../core/crd/crd.ts";
import { formatIssue, type Issue, isFine } from "../core/errors.ts";
import { NODE_LABELS, type NodeLabels } from "../core/lower/catalogue.ts";
import { admissionPolicies } from "../core/policy/policy.ts";
import {
  type Bundle,
  bundleOf,
  type Cluster,
  digestOf,
  type PartialSettings,
  type ReleaseContent,
} from "../core/release/bundle.ts";
import { checkHistory, type Releases } from "../core/release/history.ts";
import type { Role } from "../core/release/roles.ts";
import type { AcceleratorClass } from "../core/spec/accelerator.ts";
import type { WrittenConfigSpec } from "../core/spec/conveniences.ts";
import type { KubernetesObject } from "../core/spec/kubernetes.ts";
import type { LLMInferenceServiceConfig } from "../core/spec/service.ts";
import { type Deferred, defer, type Leaf, tokensIn } from "./deferred.ts";
import type { DeepInput, DeepPartialInput } from "./inputs.ts";
import { masked, withoutSecrets } from "./mask.ts";
import { Parts, propertiesOf } from "./parts.ts";
import { preparing } from "./prepared.ts";
import { pinsOf, publishedBefore } from "./published.ts";
import { asPlanned, dressing, registerObject } from "./register.ts";
import { type Planned as Restored, restore } from "./restore.ts";
import { type Followed, follow, type Planning } from "./twins.ts";
import { explainUnknowns, refuse, secretName, unknownStructure } from "./unknown.ts";

export interface NamespaceArgs {
  /** Default `kserve`; `kserve-llm` where KServe itself runs (`crds: "skip"`). */
  name?: pulumi.Input<string>;
  /**
   * `create` (default): made where it is missing, adopted where it exists, and never deleted with the stack, for it may
   * hold others' objects. `own`: deleted with the stack, with all that it holds. `existing`: not touched at all.
   */
  mode?: pulumi.Input<"create" | "own" | "existing">;
}

/** What a platform, or a release of it, is made of. */
export interface ReleaseArgs {
  /** Version of our own presets. Default: the newest of this package. */
  presetVersion?: pulumi.Input<string>;
  /** Per worker role, what is merged over our own config defaults. */
  defaults?: pulumi.Input<{ [role in Role]?: DeepPartialInput<WrittenConfigSpec> }>;
  /** Cluster-wide settings, laid over the defaults. */
  settings?: DeepPartialInput<PartialSettings>;
  /** Classes of accelerators by name: they add to the catalogue and win over it. */
  accelerators?: DeepInput<Record<string, AcceleratorClass>>;
  /** Who labels the nodes: the device operator (default `gpu-operator`), or a cloud. */
  nodeLabels?: pulumi.Input<NodeLabels>;
  /** By code, how bad a finding of the checks is in the services of this platform; see docs/checks.md. */
  checks?: DeepInput<CheckSettings>;
}

export interface PlatformArgs extends ReleaseArgs {
  /** The system namespace, where the config defaults live. */
  namespace?: pulumi.Input<string> | NamespaceArgs;
  /** `install` (default): the two CRDs are made or updated, and kept on destroy. `skip`: KServe's are there. */
  crds?: pulumi.Input<"install" | "skip">;
  /**
   * Whether the API server itself refuses what a plan refuses and a CRD cannot say: annotations, and fields against each
   * other. Makes two ValidatingAdmissionPolicies for the whole cluster (Kubernetes 1.30 or later), which hold for the
   * services of everyone, KServe's own too; they go with the stack. Default false.
   */
  admissionPolicies?: pulumi.Input<boolean>;
  /**
   * Named releases of the config defaults, for services to pin. A release says all of its own; settings, accelerators,
   * node labels and checks that it does not say are the platform's. What was published under a name never changes: that is an error.
   */
  releases?: pulumi.Input<Record<string, pulumi.Input<ReleaseArgs>>>;
  /** Stacks (`ORGANIZATION/PROJECT/STACK`) whose outputs hold the `pin` of services: what they pin cannot be dropped. */
  consumers?: pulumi.Input<pulumi.Input<string>[]>;
}

interface PlatformData {
  bundle: pulumi.Input<Bundle>;
  releases: pulumi.Input<Releases>;
  namespace: string;
}

const parts = new Parts<PlatformData>();

/** The plain form of the arguments, after {@link defer}. */
interface Planned extends ReleaseContent {
  namespace?: string | { name?: string; mode?: string };
  crds?: string;
  admissionPolicies?: boolean;
  releases?: Record<string, ReleaseContent>;
  consumers?: string[];
  [field: string]: unknown;
}

const TYPE = "kserve-llm:index:Platform";
const FIELD_MANAGER = "pulumi-kserve-llm";
const CONTENT_FIELDS = ["presetVersion", "defaults", "settings", "accelerators", "nodeLabels", "checks"];
const KNOWN_FIELDS = ["namespace", "crds", "admissionPolicies", ...CONTENT_FIELDS, "releases", "consumers"];
const CHOICES: Record<"crds" | "namespace.mode" | "nodeLabels", readonly string[]> = {
  crds: ["install", "skip"],
  "namespace.mode": ["create", "own", "existing"],
  nodeLabels: NODE_LABELS,
};

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
    const data = this.getData();
    parts.set(this, data);
    Object.assign(this, propertiesOf(this, data, ["bundle", "releases", "namespace"]));
  }

  protected override async initialize(inputs: pulumi.Inputs, _opts: unknown, name = ""): Promise<PlatformData> {
    const args = (inputs["args"] as () => PlatformArgs)();
    const { deferred, result, issues } = await preparePlatform(name, args);
    const what = `Platform ${JSON.stringify(name)} cannot be planned`;
    if (!isFine(issues)) refuse(what, issues, this);
    const { planned, namespace, mode, bundle } = result.planning;
    const changed = await this.#checkHistory(name, result, deferred);
    if (!isFine(changed)) refuse(what, changed, this);
    for (const warning of issues.filter(({ code }) => code === "SecretName"))
      await pulumi.log.warn(formatIssue(warning), this);

    const restored = restore(result, deferred, dressing(undefined));
    const installed = [
      ...this.#registerNamespace(name, namespace, mode),
      ...(bundle.recorded ? crds().map((crd) => this.#registerShared(name, crd as unknown as KubernetesObject)) : []),
    ];
    const policies = planned.admissionPolicies === true ? admissionPolicies() : [];
    for (const policy of policies) {
      registerObject(asPlanned(policy), { parent: this, prefix: name, dependsOn: installed });
    }
    for (const config of restored.objects) {
      registerObject(config, { parent: this, prefix: name, dependsOn: [...installed, ...restored.dependsOn] });
    }
    const { bundle: given, releases } = restored.values as unknown as Pick<PlatformData, "bundle" | "releases">;
    const data = { bundle: withDigest(given as Bundle, restored.objects, deferred), releases, namespace };
    this.registerOutputs(data);
    return data;
  }

  /** What those that this stack published before, and those that services pin, forbid of the releases. */
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
    // A digest over secrets would tell of them: it is shown neither as it was nor as it would be.
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
    return registerObject(asPlanned(patch), { parent: this, prefix, patch: true, retainOnDelete });
  }
}

/**
 * What a component is told of a platform: its own bundle, its releases where one of them is named, or what was given. Of a
 * platform of the same program it has each secret at its own leaf.
 */
export function outputsOf<Given>(platform: Platform | Given, release: unknown): unknown {
  if (!Platform.isInstance(platform)) return platform;
  const key = release === undefined ? "bundle" : "releases";
  return parts.of(platform, key) ?? platform[key];
}

/** The platform, or the resources that its bundle comes from: what installs the CRDs. */
export async function sourcesOf(platform: unknown): Promise<pulumi.Resource[]> {
  if (Platform.isInstance(platform)) return [platform];
  return pulumi.Output.isInstance(platform) ? [...(await pulumi.getAllResources(platform))] : [];
}

/** What the arguments of a platform come to. */
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

const NAMESPACE = ["namespace", "namespace.name"];
/** Arguments of which any part decides what is made; of `defaults`, `settings` and `accelerators` only the whole does. */
const DECIDING = [
  "namespace",
  "crds",
  "admissionPolicies",
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
  const planned = args as Planned;
  const { namespace, mode } = namespaceOf(planned);
  const cluster = { systemNamespace: namespace, recorded: planned.crds !== "skip" };
  const { bundle, configs, issues } = bundleOf(planned, cluster);
  const { releases, issues: ofReleases } = releasesOf(planned, cluster);
  const objects = configs.map((config) => config as unknown as KubernetesObject);
  const all = [...checkArgs(planned, mode), ...issues, ...ofReleases];
  return { planned, namespace, mode, bundle, releases, objects, values: { bundle, releases }, issues: all };
}

/** Of a platform whose arguments cannot be planned. */
function nothing(args: unknown): PlatformPlanning {
  const { bundle } = bundleOf({}, { systemNamespace: "", recorded: true });
  const none = { namespace: "", mode: "create", bundle, releases: {} };
  return { planned: args as Planned, ...none, objects: [], values: {}, issues: [] };
}

/** The releases as they would be. */
function releasesOf(
  { releases: contents = {}, settings, accelerators, nodeLabels, checks }: Planned,
  cluster: Cluster,
): { releases: Releases; issues: Issue[] } {
  const made = Object.entries(contents).map(([release, content]) => ({
    unknown: unknownFields(content, release),
    ...bundleOf({ settings, accelerators, nodeLabels, checks, ...content }, cluster, release),
  }));
  const releases = Object.fromEntries(made.map(({ bundle }) => [bundle.release, bundle]));
  return { releases, issues: made.flatMap((one) => [...one.unknown, ...one.issues]) };
}

function namespaceOf({ namespace, crds: mode }: Planned): { namespace: string; mode: string } {
  const given = typeof namespace === "string" ? { name: namespace } : (namespace ?? {});
  return { namespace: given.name ?? (mode === "skip" ? "kserve-llm" : "kserve"), mode: given.mode ?? "create" };
}

function checkArgs(planned: Planned, mode: string): Issue[] {
  const issue = (code: Issue["code"], path: string, message: string, fix: string): Issue => ({
    code,
    severity: "error",
    path,
    layer: "platform",
    message,
    fix,
  });
  const unknown = Object.keys(planned).filter((key) => !KNOWN_FIELDS.includes(key) && planned[key] !== undefined);
  const chosen = {
    crds: planned.crds ?? "install",
    "namespace.mode": mode,
    nodeLabels: planned.nodeLabels ?? NODE_LABELS[0],
  };
  return [
    ...unknown.map((key) =>
      issue("UnknownField", key, `a platform has no ${key}`, `the fields are ${KNOWN_FIELDS.join(", ")}`),
    ),
    ...(Object.keys(CHOICES) as (keyof typeof CHOICES)[])
      .filter((path) => !CHOICES[path].includes(chosen[path]))
      .map((path) => issue("InvalidValue", path, `${chosen[path]} is no choice`, `use ${CHOICES[path].join(" or ")}`)),
  ];
}

function unknownFields(content: ReleaseContent, release: string): Issue[] {
  return Object.keys(content)
    .filter((key) => !CONTENT_FIELDS.includes(key))
    .map((key) => ({
      code: "UnknownField",
      severity: "error",
      path: `releases.${release}.${key}`,
      layer: "platform",
      message: `a release has no ${key}`,
      fix: `the fields are ${CONTENT_FIELDS.join(", ")}`,
    }));
}

/** The digest is over real values, so it is as eventual, and as secret, as they are. */
function withDigest(bundle: Bundle, configs: readonly Restored[], { leaves }: Deferred): pulumi.Input<Bundle> {
  if (leaves.every((leaf) => leaf.known)) return bundle;
  const { settings, accelerators, nodeLabels } = bundle;
  const content = { settings, accelerators, nodeLabels, configs: configs.map(({ inputs }) => inputs) };
  const digest = (pulumi.output(content) as pulumi.Output<unknown>).apply((known) => {
    const { configs: all, ...others } = known as Bundle & { configs: LLMInferenceServiceConfig[] };
    return digestOf(others, all);
  });
  return { ...bundle, digest } as unknown as pulumi.Input<Bundle>;
}

function withoutDigests(releases: Releases): Releases {
  return Object.fromEntries(Object.entries(releases).map(([name, bundle]) => [name, { ...bundle, digest: "" }]));
}
