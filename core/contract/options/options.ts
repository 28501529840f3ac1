import { z } from "zod";
import { namespaceName, stringMap } from "../../api/atoms.ts";
import { acceleratorClass } from "../../api/shorthands/accelerator.ts";
import { isObject } from "../../kubernetes/json.ts";
import { didYouMean } from "../../kubernetes/nearest.ts";
import type { KubernetesObject } from "../../kubernetes/objects.ts";
import type { Compat } from "../behaviour.ts";
import { CHECK_CODES } from "./checks.ts";
import { type ModelInfo, modelInfo } from "./modelinfo.ts";
import { NODE_LABELS } from "./nodelabels.ts";
import { observability } from "./observability.ts";
import { option } from "./option.ts";
import { partialSettings } from "./settings.ts";

/**
 * Every option, once: its type, its unit, its default and its description. The plan's input, the arguments of the components and
 * their comments, the schema of the provider, the options of the command line and the tables of the docs come from here, and every
 * argument is judged by it.
 */

/** A document that is judged by its own rules: any mapping passes here. */
const document = z.looseObject({}).meta({ "x-kubernetes-preserve-unknown-fields": true });
/** An object of the cluster: core/contract/input/known.ts judges what a plan reads of it. */
const kubernetesObject = z.custom<KubernetesObject>().meta({ "x-kubernetes-preserve-unknown-fields": true });

/** A config as programs write it; the rules of its API judge its spec. */
const config = z
  .looseObject({
    apiVersion: z.string().optional(),
    kind: z.string().optional(),
    metadata: z.looseObject({ name: z.string(), namespace: z.string().optional() }),
    spec: document,
  })
  .meta({ "x-kubernetes-preserve-unknown-fields": true });

export const compats = ["kserve-0.20", "kserve-0.21"] as const satisfies readonly Compat[];

const metadata = z.strictObject({
  name: option(z.string(), "Kubernetes name. It must be known at preview.", { byDefault: "the component's name" }),
  namespace: option(z.string(), "Kubernetes namespace. It must be known at preview.", { byDefault: "default" }),
  labels: option(stringMap, "Labels of the object."),
  annotations: option(stringMap, "Annotations of the object."),
});

/** Fields that the API server adds to the metadata of what it stores. Exported objects have them; nothing reads them. */
const STORED = [
  ...["creationTimestamp", "deletionGracePeriodSeconds", "deletionTimestamp", "finalizers", "generateName"],
  ...["generation", "managedFields", "ownerReferences", "resourceVersion", "selfLink", "uid"],
];
/** Metadata as programs write it, or pass it on from an object of the cluster. */
const givenMetadata = z.strictObject({
  ...Object.fromEntries(STORED.map((name) => [name, z.unknown().optional()])),
  ...metadata.shape,
});
/** Options whose arguments may hold more fields than are described; the plan reads the file of the model. */
export const GIVEN = { metadata: givenMetadata.optional(), modelInfo: z.custom<ModelInfo>(isObject).optional() };

const adopt = z.strictObject({
  selectors: option(
    z.record(z.string(), stringMap),
    "Selector labels of existing Deployments, by the name of the Deployment. Kubernetes does not allow a selector to change.",
  ),
  leave: option(
    z.array(z.string()).readonly(),
    "Objects, as KIND/NAME or GROUP/KIND/NAME, that are not registered with Pulumi. They stay in the cluster as they are.",
  ),
  plainInitializer: option(
    z.boolean(),
    "Whether the storage initializer has no security context, as KServe creates it. Adding one would restart the pods.",
    { byDefault: false },
  ),
});

const cluster = z.strictObject({
  kubeconfig: option(z.string(), "Path or contents of a kubeconfig.", {
    byDefault: "`kubernetes:kubeconfig` of the stack's configuration, or the current kubeconfig",
  }),
  context: option(z.string(), "Name of a context of the kubeconfig.", {
    byDefault: "`kubernetes:context` of the stack's configuration, or the current context",
  }),
});

const CODES = `use one of: ${CHECK_CODES.join(", ")}`;
const checkCode = z.string().superRefine((code, context) => {
  if (CHECK_CODES.some((known) => known === code)) return;
  const fix = [didYouMean(code, CHECK_CODES), CODES].filter((text) => text !== undefined).join(" ");
  const message = `unknown check code ${code}, or a code whose severity cannot be set`;
  context.addIssue({ code: "custom", message, params: { fix } });
});
const checks = z.record(checkCode, z.enum(["error", "warning", "info", "off"]));
const CHECKS_TEXT =
  "Severity of a check's findings, by code: error, warning, info or off. The codes are listed in docs/checks.md.";

/** What determines a plan besides the documents and the settings. */
export const planOptions = {
  known: option(
    z.array(kubernetesObject).readonly(),
    "Objects of the cluster that the plan may look up, in the format of Kubernetes: ServiceAccounts, Secrets, ConfigMaps, Gateways and other services.",
  ),
  checks: option(checks, CHECKS_TEXT, { byDefault: "the platform's, or each code's own severity" }),
  modelInfo: option(
    modelInfo.meta({ "x-kubernetes-preserve-unknown-fields": true }),
    "The `config.json` of a model that the catalogue does not have; `weightBytes` may be added to it.",
    { byDefault: "the catalogue's entry for the model" },
  ),
  stack: option(
    z.string(),
    "Release of the serving stack: images, presets and settings of vLLM, scheduler, sidecar and autoscaler that belong together. docs/stacks.md lists the releases.",
    { byDefault: "the platform's, or llm-d-0.8" },
  ),
  engineVersion: option(z.string(), "Release of vLLM in the images, for example 0.23.0.", {
    byDefault: "the release in the tag of the image",
  }),
  loadBytesPerSecond: option(
    z.number().positive(),
    "Speed at which a pod loads the weights, in bytes per second. Startup probes and timeouts are derived from it.",
    { byDefault: "250000000 (250 MB/s)", unit: "bytes per second" },
  ),
  freeDevices: option(
    z.record(z.string(), z.int().nonnegative()),
    "Number of free accelerators in the cluster, by resource. A rollout that needs more is reported.",
    { unit: "accelerators" },
  ),
  adopt: option(
    adopt,
    "Objects and fields that are taken over unchanged from another owner, such as KServe; see docs/import.md.",
  ),
  compat: option(
    z.enum(compats),
    "Release of KServe whose behaviour the plan follows. Its own presets must be among the configs.",
    { byDefault: "the behaviour of this package" },
  ),
};
export type PlanOptions = z.infer<z.ZodObject<typeof planOptions>>;
/** The options that the stages after the merge read. A new option reaches them without a separate line. */
export type StageOptions = Omit<PlanOptions, "known" | "adopt" | "checks" | "compat">;
/** The options of a plan among others. */
export function planOptionsOf(options: PlanOptions): PlanOptions {
  const names = Object.keys(planOptions) as (keyof PlanOptions)[];
  return Object.fromEntries(names.map((name) => [name, options[name]]));
}
/** What is kept from another owner as it is, because a change would need new pods or must not happen. */
export type Adopt = NonNullable<PlanOptions["adopt"]>;
/** Severity of a check's findings, by code; codes that are not named keep their default. */
export type CheckSettings = NonNullable<PlanOptions["checks"]>;

/** Which release of a platform is meant. */
const release = option(z.string(), "Name of the platform release to pin.", {
  byDefault: "the platform's current defaults",
});
const overrides = (over: string) =>
  option(partialSettings, `Cluster-wide settings. A setting given here overrides ${over}.`);

/** What a service accepts besides its spec. */
export const serviceOptions = {
  metadata: option(metadata, "Name, namespace, labels and annotations of the service."),
  platform: option(
    document,
    "The platform's `bundle` or its `releases`, also from another stack. Pass the value on unchanged.",
    { byDefault: "the config defaults of this package" },
  ),
  release,
  digest: option(z.string(), "Digest that the release must have (sha256:…). A release with another digest is refused."),
  configs: option(
    z.array(config),
    "Configs that `baseRefs` may name. They are searched before the platform's. Each is the `manifest` of an LLMInferenceServiceConfig, or such an object as KServe writes it.",
  ),
  settings: overrides("the platform's"),
  ...planOptions,
  record: option(z.boolean(), "Whether the service is also stored as an LLMInferenceService object in the cluster.", {
    byDefault: "true if the platform installs the CRDs",
  }),
  await: option(z.boolean(), "Whether an update waits until the pods are ready.", { byDefault: true }),
  preflight: option(
    z.boolean(),
    "Whether the cluster is inspected before anything is created: the APIs that the objects need, nodes that match, and free accelerators. A service that lacks one of them is refused, unless `checks` sets another severity.",
    { byDefault: false },
  ),
  progress: option(
    z.boolean(),
    "Whether an update that waits for pods reports why they are not ready: the scheduler's reason, images, crashes. It reads the cluster.",
    { byDefault: false },
  ),
  cluster: option(cluster, "The cluster that `preflight` and `progress` read."),
  rendersYaml: option(z.boolean(), "Whether the kubernetes provider writes YAML files instead of using a cluster.", {
    byDefault: "true if the stack's configuration sets `kubernetes:renderYamlToDirectory`",
  }),
  allowPlaintextSecrets: option(
    z.boolean(),
    "Whether Secrets with values may be written to YAML files. Everyone who can read the files can then read the values.",
    { byDefault: false },
  ),
};

/** What a config accepts besides its spec. */
export const configOptions = {
  metadata: option(metadata, "Name, namespace, labels and annotations of the config."),
  platform: option(
    document,
    "The platform's `bundle` or its `releases`: its accelerator classes and node labels apply to the config. Pass the value on unchanged.",
    { byDefault: "the catalogue of this package, and nodes as the GPU operator labels them" },
  ),
  release,
};

/** What a platform, or a release of it, consists of; `roles` describes the defaults by role. */
const releaseOptions = <Roles extends z.ZodType>(roles: Roles) => ({
  stack: option(
    z.string(),
    "Release of the serving stack that services of this platform run. Bundles record it, so a service pins it with its release. docs/stacks.md lists the releases.",
    { byDefault: "llm-d-0.8" },
  ),
  presetVersion: option(
    z.string(),
    "Version of the presets of this package. Each stack has one, so `stack` alone is enough.",
    { byDefault: "the version of the stack" },
  ),
  defaults: option(roles, "Config defaults by role. They are merged over the presets of this package."),
  settings: overrides("the default"),
  accelerators: option(
    z.record(z.string(), acceleratorClass),
    "Accelerator classes by name. They add to the catalogue; a class of the same name replaces the catalogue's.",
  ),
  nodeLabels: option(
    z.enum(NODE_LABELS),
    "Labels by which accelerators select their nodes. gpu-operator: those of the vendor's operator. gke: those of GKE. eks: those of Karpenter on EKS. aks: those of AKS node auto-provisioning.",
    {
      byDefault: NODE_LABELS[0],
    },
  ),
  checks: option(checks, CHECKS_TEXT, { byDefault: "each code's own severity" }),
});

/**
 * What a platform accepts. The specs inside of it are judged by the rules of the API, so only some callers describe them.
 */
export const platformOptions = <Roles extends z.ZodType>(roles: Roles) => ({
  ...releaseOptions(roles),
  namespace: option(
    z.union([
      namespaceName,
      z.strictObject({
        name: option(namespaceName, "Name of the namespace.", {
          byDefault: "kserve, or kserve-llm if `crds` is skip",
        }),
        mode: option(
          z.enum(["create", "own", "existing"]),
          "Who manages the namespace. create: it is created if it does not exist, and never deleted, because it may hold objects of others. own: it is deleted with the stack. existing: it is not changed.",
          { byDefault: "create" },
        ),
      }),
    ]),
    "System namespace, which holds the config defaults. A text is the name of the namespace.",
  ),
  crds: option(
    z.enum(["install", "skip"]),
    "Whether the two CRDs are installed. install: they are created or updated, and kept on destroy. skip: the CRDs of KServe are used.",
    { byDefault: "install" },
  ),
  admissionPolicies: option(
    z.boolean(),
    "Whether two ValidatingAdmissionPolicies are created. With them, the API server refuses what a plan refuses and a CRD cannot express. They apply to all services in the cluster. Requires Kubernetes 1.30 or later.",
    { byDefault: false },
  ),
  observability: option(
    observability,
    "Dashboards of Grafana and rules of Prometheus for all services of the cluster; see docs/observability.md. They must be known at preview.",
  ),
  releases: option(
    z.record(z.string(), z.strictObject(releaseOptions(roles))),
    "Named releases of the config defaults, for services to pin. The stack, settings, accelerators, node labels and checks that a release does not set are the platform's. A published release never changes.",
  ),
  consumers: option(
    z.array(z.string()),
    "Stacks (ORGANIZATION/PROJECT/STACK) whose outputs hold the `pin` of services. A release that one of them pins cannot be removed.",
  ),
});

/** The options of a platform, with the defaults of each role as any mapping. */
export const PLATFORM_OPTIONS = platformOptions(z.record(z.string(), document));
