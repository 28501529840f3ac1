import * as pulumi from "@pulumi/pulumi";
import type { AcceleratorClass } from "../core/api/accelerator.ts";
import { NODE_LABELS, type NodeLabels } from "../core/api/accelerator.ts";
import type { WrittenConfigSpec } from "../core/api/conveniences.ts";
import { crds } from "../core/api/crd/crd.ts";
import { admissionPolicies } from "../core/api/policy/policy.ts";
import type { LLMInferenceServiceConfig } from "../core/api/service.ts";
import { type Issue, isFine } from "../core/contract/issue.ts";
import type { CheckSettings } from "../core/contract/plan.ts";
import type { KubernetesObject } from "../core/kubernetes/objects.ts";
import {
  type Bundle,
  bundleOf,
  type Cluster,
  digestOf,
  type PartialSettings,
  type ReleaseContent,
} from "../core/platform/bundle.ts";
import type { PlatformOutputs } from "../core/platform/choose.ts";
import { checkHistory, type Releases } from "../core/platform/history.ts";
import type { Role } from "../core/platform/roles.ts";
import { type Deferred, defer, restore } from "./deferred.ts";
import type { DeepInput, DeepPartialInput } from "./inputs.ts";
import { preparing } from "./prepared.ts";
import { pinsOf, publishedBefore } from "./published.ts";
import { registerObject } from "./register.ts";
import { explainUnknowns, refuse } from "./unknown.ts";

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
  releases: Releases;
  namespace: string;
}

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
    const data = pulumi.all([this.getData(), this.urn]).apply(([data]) => data);
    Object.assign(this, { bundle: data.bundle, releases: data.releases, namespace: data.namespace });
  }

  protected override async initialize(inputs: pulumi.Inputs, _opts: unknown, name = ""): Promise<PlatformData> {
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
  const planned = deferred.planned as Planned;
  const { namespace, mode } = namespaceOf(planned);
  const cluster = { systemNamespace: namespace, recorded: planned.crds !== "skip" };
  const { bundle, configs, issues } = bundleOf(planned, cluster);
  const { releases, issues: ofReleases } = releasesOf(planned, cluster);
  const all = [...checkArgs(planned, mode), ...issues, ...ofReleases];
  const found = await explainUnknowns(all, configs as never, deferred, ({ path }) => path[0] === "releases");
  return { deferred, result: { planned, namespace, mode, bundle, configs, releases }, issues: found };
});

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
