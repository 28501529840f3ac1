import * as pulumi from "@pulumi/pulumi";
import { crds } from "../core/crd/crd.ts";
import { type Issue, isFine } from "../core/errors.ts";
import type { KubernetesObject } from "../core/spec/kubernetes.ts";
import type { LLMInferenceServiceConfig, LLMInferenceServiceConfigSpec } from "../core/spec/service.ts";
import { type Bundle, bundleOf, digestOf, type PartialSettings, type Role, type RoleDefaults } from "./bundle.ts";
import { type Deferred, defer, restore } from "./deferred.ts";
import type { DeepPartialInput } from "./inputs.ts";
import { preparing } from "./prepared.ts";
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

export interface PlatformArgs {
  /** The system namespace, where the config defaults live. */
  namespace?: pulumi.Input<string> | NamespaceArgs;
  /** `install` (default): the two CRDs are made or updated, and kept on destroy. `skip`: KServe's are there. */
  crds?: pulumi.Input<"install" | "skip">;
  /** Per worker role, what is merged over our own config defaults. */
  defaults?: pulumi.Input<{ [role in Role]?: DeepPartialInput<LLMInferenceServiceConfigSpec> }>;
  /** Cluster-wide settings, laid over the defaults. */
  settings?: DeepPartialInput<PartialSettings>;
  /** Named releases of the config defaults. Not built yet. */
  releases?: never;
}

interface PlatformData {
  bundle: pulumi.Input<Bundle>;
  namespace: string;
}

/** The plain form of the arguments, after {@link defer}. */
interface Planned {
  namespace?: string | { name?: string; mode?: string };
  crds?: string;
  defaults?: RoleDefaults;
  settings?: PartialSettings;
  [field: string]: unknown;
}

const TYPE = "kserve-llm:index:Platform";
const FIELD_MANAGER = "pulumi-kserve-llm";
const KNOWN_FIELDS = ["namespace", "crds", "defaults", "settings"];
const CHOICES = { crds: ["install", "skip"], "namespace.mode": ["create", "own", "existing"] };

/**
 * Installs what services stand on: the CRDs of LLMInferenceService and LLMInferenceServiceConfig, the system namespace,
 * and the config defaults in it.
 */
export class Platform extends pulumi.ComponentResource<PlatformData> {
  /** What services need to know of the platform; pass it, or the component itself, as their `platform`. */
  declare readonly bundle: pulumi.Output<Bundle>;
  /** The name of the system namespace. */
  declare readonly namespace: pulumi.Output<string>;

  /** True also for a platform of another copy of this package. */
  static override isInstance(value: unknown): value is Platform {
    return pulumi.ComponentResource.isInstance(value) && (value as { __pulumiType?: string }).__pulumiType === TYPE;
  }

  constructor(name: string, args: PlatformArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    super(TYPE, name, { args: () => args }, opts);
    const data = pulumi.all([this.getData(), this.urn]).apply(([data]) => data);
    Object.assign(this, { bundle: data.bundle, namespace: data.namespace });
  }

  protected override async initialize(inputs: pulumi.Inputs, _opts: unknown, name = ""): Promise<PlatformData> {
    const args = (inputs["args"] as () => PlatformArgs)();
    const { deferred, result, issues } = await preparePlatform(name, args);
    if (!isFine(issues)) refuse(`Platform ${JSON.stringify(name)} cannot be planned`, issues, this);
    const { namespace, mode, bundle, configs } = result;
    const restored = restore({ bundle, configs }, undefined, deferred);
    const installed = [
      ...this.#registerNamespace(name, namespace, mode),
      ...(bundle.recorded ? crds().map((crd) => this.#registerShared(name, crd as unknown as KubernetesObject)) : []),
    ];
    for (const config of restored.value.configs) {
      const dependsOn = [...installed, ...restored.dependsOn];
      registerObject(config as unknown as KubernetesObject, { parent: this, prefix: name, dependsOn });
    }
    const data = { bundle: withDigest(restored.value, deferred), namespace };
    this.registerOutputs(data);
    return data;
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

/** Reads and judges the arguments of a platform. */
export const preparePlatform = preparing(async (_name: string, args: PlatformArgs) => {
  const deferred = await defer(args);
  const planned = deferred.planned as Planned;
  const { namespace, mode } = namespaceOf(planned);
  const recorded = planned.crds !== "skip";
  const { bundle, configs, issues } = bundleOf({ ...planned, systemNamespace: namespace, recorded });
  const found = await explainUnknowns([...checkArgs(planned, mode), ...issues], configs as never, deferred);
  return { deferred, result: { namespace, mode, bundle, configs }, issues: found };
});

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
  const chosen = { crds: planned.crds ?? "install", "namespace.mode": mode };
  return [
    ...unknown.map((key) =>
      key === "releases"
        ? issue("NotYet", key, "releases are not built yet", "leave them out; the bundle output is the one release")
        : issue("UnknownField", key, `a platform has no ${key}`, `the fields are ${KNOWN_FIELDS.join(", ")}`),
    ),
    ...(Object.keys(CHOICES) as (keyof typeof CHOICES)[])
      .filter((path) => !CHOICES[path].includes(chosen[path]))
      .map((path) => issue("InvalidValue", path, `${chosen[path]} is no choice`, `use ${CHOICES[path].join(" or ")}`)),
  ];
}

/** The digest is over real values, so it is as eventual as they are. */
function withDigest(
  { bundle, configs }: { bundle: Bundle; configs: unknown },
  deferred: Deferred,
): pulumi.Input<Bundle> {
  if (deferred.leaves.every((leaf) => leaf.known)) return bundle;
  const known = pulumi.output(configs as object) as pulumi.Output<unknown>;
  const digest = known.apply((values) => digestOf(values as LLMInferenceServiceConfig[]));
  return pulumi.output({ ...bundle, digest }) as pulumi.Output<Bundle>;
}
