import { z } from "zod";
import { accelerator } from "../../core/spec/accelerator.ts";
import { stringMap } from "../../core/spec/kubernetes.ts";
import { configSpec, serviceSpec } from "../../core/spec/service.ts";
import { tuning } from "../../core/spec/tuning.ts";
import { workload } from "../../core/spec/workload.ts";
import { settings } from "./settings.ts";

/**
 * The arguments of the components: KServe's spec, the conveniences that are lowered into it, and what a controller would
 * read from the cluster. Values of any shape are `unknown`: documents that pass through as they are.
 */
const conveniences = {
  accelerator: accelerator
    .optional()
    .describe(
      "The kind of accelerator: a name such as nvidia-h100-80gb, or a class of your own. Becomes node selector, tolerations and resources.",
    ),
  tuning: tuning.optional().describe("Typed settings of vLLM; each becomes a flag."),
};

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

export const serviceArgs = z.strictObject({
  ...serviceSpec.shape,
  ...conveniences,
  prefill,
  metadata: metadata.optional().describe("Name, namespace, labels and annotations of the service."),
  platform: z
    .unknown()
    .optional()
    .describe(
      "The platform's `bundle`, also from another stack. Pass it on as it is. Without it: our config defaults as they are.",
    ),
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
  compat: z
    .enum(["kserve-0.20"])
    .optional()
    .describe("Behave as this KServe release. Needs its presets among `configs`."),
  record: z
    .boolean()
    .optional()
    .describe(
      "Whether the service is also kept as an LLMInferenceService object. Default: where the platform installs the CRDs.",
    ),
  await: z.boolean().optional().describe("Whether an update waits for the pods. Default true."),
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

export const configArgs = z.strictObject({
  ...configSpec.shape,
  metadata: metadata.optional().describe("Name, namespace, labels and annotations of the config."),
});

const role = (what: string): z.ZodType => configSpec.optional().describe(`Defaults of ${what}.`);

export const platformArgs = z.strictObject({
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
  defaults: z
    .strictObject({
      workerSpec: role("pods that both prefill and decode"),
      decodeSpec: role("pods that only decode"),
      prefillSpec: role("pods that only prefill"),
      workerDataParallelSpec: role("groups of pods over which data parallelism spreads"),
      decodeDataParallelSpec: role("such groups that only decode"),
      prefillDataParallelSpec: role("such groups that only prefill"),
    })
    .optional()
    .describe("Per worker role, what is merged over our own config defaults."),
  settings: settings.optional().describe("Cluster-wide settings, laid over the defaults."),
});
