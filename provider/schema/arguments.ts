import { z } from "zod";
import { acceleratorClass, NODE_LABELS } from "../../core/api/accelerator.ts";
import { stringMap } from "../../core/api/atoms.ts";
import { conveniences, serviceConveniences } from "../../core/api/conveniences.ts";
import { configSpec, serviceSpec } from "../../core/api/service.ts";
import { workload } from "../../core/api/workload.ts";
import type { Role } from "../../core/platform/roles.ts";
import { CHECK_CODES } from "../../core/stages/check/checks.ts";
import { settings } from "./settings.ts";

/**
 * The arguments of the components: KServe's spec, the conveniences that are lowered into it, and what a controller would
 * read from the cluster. Values of any shape are `unknown`: documents that pass through as they are.
 */
const metadata = z.strictObject({
  name: z.string().optional().describe("Kubernetes name. Default: the component's name. Must be known at preview."),
  namespace: z.string().optional().describe("Kubernetes namespace. Default: default. Must be known at preview."),
  labels: stringMap.optional().describe("Labels of the object."),
  annotations: stringMap.optional().describe("Annotations of the object."),
});

const prefill = z
  .strictObject({ ...workload.shape, ...conveniences })
  .optional()
  .describe("Pods that only prefill; the service's own then only decode.");

const checks = z
  .record(z.string(), z.enum(["error", "warning", "off"]))
  .optional()
  .describe(
    `By code, how bad a finding of the checks is: error, warning or off. The codes: ${CHECK_CODES.join(", ")}.`,
  );

const cluster = z.strictObject({
  kubeconfig: z
    .string()
    .optional()
    .describe(
      "A kubeconfig: its path, or its text. Default: kubernetes:kubeconfig of the stack's configuration, else the current one.",
    ),
  context: z
    .string()
    .optional()
    .describe(
      "A context of the kubeconfig. Default: kubernetes:context of the stack's configuration, else its current one.",
    ),
});

const adopt = z.strictObject({
  selectors: z
    .record(z.string(), stringMap)
    .optional()
    .describe("By name of a Deployment, the labels that its live selector holds. A selector can never change."),
  leave: z
    .array(z.string())
    .optional()
    .describe(
      "Objects, as KIND/NAME or GROUP/KIND/NAME, that stay as they are in the cluster: they are not registered.",
    ),
  plainInitializer: z
    .boolean()
    .optional()
    .describe(
      "The storage initializer that runs has no security context, as KServe makes it; one would give new pods. Default false.",
    ),
});

export const serviceArgs = z.strictObject({
  ...serviceSpec.shape,
  ...serviceConveniences,
  prefill,
  metadata: metadata.optional().describe("Name, namespace, labels and annotations of the service."),
  platform: z
    .unknown()
    .optional()
    .describe(
      "The platform's `bundle` or its `releases`, also from another stack. Pass it on as it is. Without it: our config defaults as they are.",
    ),
  release: z
    .string()
    .optional()
    .describe("The release of the platform's config defaults to merge with. Default: the platform's own defaults."),
  digest: z.string().optional().describe("The digest that the release must have (sha256:…); any other is refused."),
  configs: z
    .array(z.unknown())
    .optional()
    .describe(
      "Configs that `baseRefs` may name, looked at before the platform's: the `manifest` of an LLMInferenceServiceConfig, or such an object as KServe writes it.",
    ),
  settings: settings.optional().describe("Cluster-wide settings, laid over the platform's."),
  known: z
    .array(z.unknown())
    .optional()
    .describe(
      "Objects of the cluster that the plan may look up, as Kubernetes writes them: ServiceAccounts, Gateways …",
    ),
  adopt: adopt.optional().describe("What is taken over from another owner, such as KServe, as it stands."),
  compat: z
    .enum(["kserve-0.20"])
    .optional()
    .describe("Behave as this KServe release. Needs its presets among `configs`."),
  checks,
  modelInfo: z
    .unknown()
    .optional()
    .describe(
      "The model's config.json, for the checks of models that the catalogue does not have; weightBytes beside it is the size of its weights.",
    ),
  engineVersion: z.string().optional().describe("Release of vLLM in the images, where their tags do not tell it."),
  record: z
    .boolean()
    .optional()
    .describe(
      "Whether the service is also kept as an LLMInferenceService object. Default: where the platform installs the CRDs.",
    ),
  await: z.boolean().optional().describe("Whether an update waits for the pods. Default true."),
  preflight: z
    .boolean()
    .optional()
    .describe(
      "Look at the cluster before anything is made: the APIs that the objects need, nodes that match, accelerators that are free. What is missing refuses the service, unless `checks` say otherwise. Default false.",
    ),
  progress: z
    .boolean()
    .optional()
    .describe(
      "While pods are waited for: tell why they do not come up (the scheduler's reason, images, crashes). Reads the cluster. Default false.",
    ),
  cluster: cluster.optional().describe("The cluster that `preflight` and `progress` read."),
  loadBytesPerSecond: z
    .number()
    .positive()
    .optional()
    .describe(
      "How fast weights come into a pod, in bytes per second: start-up probes and time-outs follow. Default 250 MB/s.",
    ),
  freeDevices: z
    .record(z.string(), z.int().min(0))
    .optional()
    .describe("By resource, how many accelerators of the cluster are free: a rollout is held against it."),
  rendersYaml: z
    .boolean()
    .optional()
    .describe(
      "Whether the kubernetes provider writes YAML instead of talking to a cluster. Default: what the stack's configuration kubernetes:renderYamlToDirectory says.",
    ),
  allowPlaintextSecrets: z
    .boolean()
    .optional()
    .describe(
      "Secrets with values may be rendered to YAML, where anybody who reads the files reads them. Default false.",
    ),
});

/**
 * What the functions take: the arguments of a service as one value, so that a program gives the very same to component
 * and function. It has no type: the TypeScript generator misnames types of the kubernetes package in functions.
 */
export const planArgs = z.strictObject({
  name: z.string().describe("The component's name."),
  args: z
    .unknown()
    .describe("The arguments of an LLMInferenceService, as the component takes them (an LLMInferenceServiceArgs)."),
});

export const fitArgs = planArgs.extend({
  concurrency: z
    .number()
    .positive()
    .optional()
    .describe(
      "Sequences of full length that must be under way at once: the KV cache of so many is asked for. Default 1.",
    ),
});

/** A config as it is written: with conveniences, which are lowered before it becomes an object. */
const writtenConfig = z.strictObject({ ...configSpec.shape, ...serviceConveniences, prefill });

export const configArgs = z.strictObject({
  ...writtenConfig.shape,
  metadata: metadata.optional().describe("Name, namespace, labels and annotations of the config."),
  platform: z
    .unknown()
    .optional()
    .describe(
      "The platform's `bundle` or its `releases`: its classes of accelerators and node labels hold. Pass it on as it is. Without it: our catalogue, and nodes as the GPU operator labels them.",
    ),
  release: z
    .string()
    .optional()
    .describe("The release of the platform whose accelerators hold, where the platform is given as its releases."),
});

const ROLE_TEXT: Readonly<Record<Role, string>> = {
  workerSpec: "pods that both prefill and decode",
  decodeSpec: "pods that only decode",
  prefillSpec: "pods that only prefill, below `prefill`",
  workerDataParallelSpec: "groups of pods over which data parallelism spreads",
  decodeDataParallelSpec: "such groups that only decode",
  prefillDataParallelSpec: "such groups that only prefill, below `prefill`",
  routerSpec: "the route",
  schedulerSpec: "the endpoint picker",
  tracingSpec: "traces",
};
const roles = Object.entries(ROLE_TEXT).map(
  ([role, what]) => [role, writtenConfig.optional().describe(`Defaults of ${what}.`)] as const,
);

/** What a platform, or a release of it, is made of. */
const releaseFields = {
  checks,
  presetVersion: z.string().optional().describe("Version of our own presets. Default: the newest of this package."),
  defaults: z
    .strictObject(Object.fromEntries(roles))
    .optional()
    .describe("Per worker role, what is merged over our own config defaults."),
  settings: settings.optional().describe("Cluster-wide settings, laid over the defaults."),
  accelerators: z
    .record(z.string(), acceleratorClass)
    .optional()
    .describe("Classes of accelerators by name: they add to the catalogue and win over it."),
  nodeLabels: z
    .enum(NODE_LABELS)
    .optional()
    .describe("Who labels the nodes: the device operator (gpu-operator, the default), or a cloud."),
};

export const platformArgs = z.strictObject({
  ...releaseFields,
  namespace: z
    .union([
      z.string(),
      z.strictObject({
        name: z.string().optional().describe("Default kserve; kserve-llm where `crds` is skip."),
        mode: z
          .enum(["create", "own", "existing"])
          .optional()
          .describe(
            "create (default): made where it is missing, adopted where it exists, never deleted. own: deleted with the stack. existing: not touched.",
          ),
      }),
    ])
    .optional()
    .describe("The system namespace, where the config defaults live."),
  crds: z
    .enum(["install", "skip"])
    .optional()
    .describe("install (default): the CRDs are made or updated, and kept on destroy. skip: KServe's are there."),
  admissionPolicies: z
    .boolean()
    .optional()
    .describe(
      "Whether the API server itself refuses what a plan refuses and a CRD cannot say, by two ValidatingAdmissionPolicies for the whole cluster (Kubernetes 1.30 or later). Default false.",
    ),
  releases: z
    .record(z.string(), z.strictObject(releaseFields))
    .optional()
    .describe(
      "Named releases of the config defaults, for services to pin. Settings, accelerators and node labels that one does not say are the platform's. What was published under a name never changes.",
    ),
  consumers: z
    .array(z.string())
    .optional()
    .describe(
      "Stacks (ORGANIZATION/PROJECT/STACK) whose outputs hold the `pin` of services: what they pin cannot be dropped.",
    ),
});
