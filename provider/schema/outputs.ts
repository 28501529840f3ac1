import { z } from "zod";

/** The outputs of the components and functions. */
const issue = z.strictObject({
  code: z.string().describe("Stable code of the issue, for example UnknownField."),
  severity: z
    .enum(["error", "warning", "info"])
    .describe(
      "Severity. error: the service is refused. warning: the service is planned anyway. info: something is not checked.",
    ),
  path: z.string().describe("Path of the field, for example spec.template.containers[0].image."),
  layer: z
    .string()
    .describe("Layer that set the value: service, config NAMESPACE/NAME, preset NAME, settings or platform."),
  message: z.string().describe("Description of the problem."),
  fix: z.string().optional().describe("How to fix the problem."),
});
const appliedConfig = z.strictObject({
  name: z.string().describe("Name of the config."),
  namespace: z.string().describe("Namespace of the config."),
  source: z
    .string()
    .describe(
      "Why the config was used. Preset: the topology of the service selected it. UserRef: `baseRefs` of the service names it.",
    ),
});
const objectReference = z.strictObject({
  apiVersion: z.string().describe("API version, for example apps/v1."),
  kind: z.string().describe("Kind, for example Deployment."),
  namespace: z.string().optional().describe("Namespace. Not set for cluster-scoped objects."),
  name: z.string().describe("Name of the object."),
});
const issues = z.array(issue).describe("Warnings, and errors if the service is refused.");
const objects = z
  .array(z.unknown())
  .describe("The Kubernetes objects. Each object comes after the objects that it refers to.");
const mergedSpec = z
  .unknown()
  .describe(
    "The spec that was rendered, in the format of KServe, with all layers merged and all templates expanded. The fields of replica groups are below `groups`, by the name of the group.",
  );

export const serviceOutputs = z.strictObject({
  url: z
    .string()
    .describe(
      "URL of the service: the host name of its route, or the workload Service in the cluster if no route has a host name.",
    ),
  mergedSpec,
  appliedConfigs: z.array(appliedConfig).describe("The configs that were merged, lowest precedence first."),
  objects: z.array(objectReference).describe("References to all objects that the component creates."),
  pin: z
    .strictObject({
      release: z.string().describe("Name of the release. Empty for the current defaults of the platform."),
      digest: z.string().describe("SHA-256 digest of the release."),
    })
    .optional()
    .describe(
      "The platform release that the service uses. Export it, so that the platform can refuse to remove a release that is in use. Not set without a platform.",
    ),
  issues: z.array(issue).describe("Warnings of the plan. A service with errors is refused."),
});
export const configOutputs = z.strictObject({
  manifest: z.unknown().describe("The config as it was written. Pass it to `configs` of a service."),
});
export const platformOutputs = z.strictObject({
  bundle: z
    .unknown()
    .describe(
      "Everything that services need from the platform: preset version, defaults, settings and their digest. Pass it to `platform` of a service, also in another stack.",
    ),
  releases: z
    .unknown()
    .describe(
      "The releases by name. Export them, so that services of other stacks can read them with a StackReference.",
    ),
  namespace: z.string().describe("Name of the system namespace."),
});

export const renderOutputs = z.strictObject({
  objects,
  yaml: z.string().describe("The same objects as YAML documents."),
  mergedSpec,
  appliedConfigs: z.array(appliedConfig).describe("The configs that were merged, lowest precedence first."),
  issues,
});
export const validateOutputs = z.strictObject({
  valid: z.boolean().describe("Whether the service can be planned."),
  issues: issues.describe("All errors and warnings of the service."),
});
export const explainOutputs = z.strictObject({
  leaves: z
    .array(
      z.strictObject({
        path: z
          .string()
          .describe("Path in the merged spec. Items of lists are named by their key, flags by their name."),
        value: z.unknown().describe("Value of the field."),
        layer: z
          .string()
          .describe(
            "Layer that set the value: preset NAME, config NAMESPACE/NAME or service. The plan itself set values of the layers derived and completed.",
          ),
        rule: z
          .string()
          .describe(
            "Rule that set the value: merge, template, accelerator, tuning, defaults, derive, completion or autoscaler.",
          ),
        written: z.unknown().optional().describe("Template that the value was expanded from."),
        overrode: z
          .array(
            z.strictObject({
              layer: z.string().describe("Layer that set the overridden value."),
              rule: z
                .string()
                .optional()
                .describe("Rule that set the value in that layer, if it was not written there."),
              value: z.unknown().describe("Overridden value. Null if the layer deleted the field."),
            }),
          )
          .describe("Values of other layers that this value overrode, latest first."),
      }),
    )
    .describe(
      "Every leaf of the merged spec with the layer and the rule that set it, and the values that it overrode.",
    ),
  appliedConfigs: z.array(appliedConfig).describe("The configs that were merged, lowest precedence first."),
  issues,
});

const bytes = z.number();
const group = z.string().optional().describe("Name of the replica group. Not set without groups, and for prefill.");
const roleFit = z.strictObject({
  role: z.string().describe("Role: main or prefill."),
  group,
  accelerator: z.string().describe("Name of the accelerator class, or of its resource."),
  memoryGiB: z.number().describe("Memory of one accelerator, in GiB."),
  tensor: z.int().describe("Tensor-parallel size."),
  pipeline: z.int().describe("Pipeline-parallel size."),
  fits: z.boolean().describe("Whether the role fits."),
  rows: z
    .array(
      z.strictObject({
        part: z.string().describe("Part of the memory, for example weights, experts, step, context or KV cache."),
        bytes: bytes.describe("Memory that the part needs on one accelerator, in bytes."),
        how: z.string().describe("How the number was calculated."),
      }),
    )
    .describe("Parts of the memory, in the order in which the engine allocates them."),
  needed: bytes.describe("Sum of all parts, in bytes."),
  budget: bytes.describe("Memory of one accelerator that the engine may use, in bytes."),
  cacheTokens: z.int().describe("Number of tokens that fit into the KV cache."),
  concurrency: z.number().describe("Number of sequences of full length that fit into the KV cache."),
  maxModelLen: z.int().describe("Context length of the role, in tokens."),
  limits: z
    .strictObject({
      tensor: z
        .int()
        .optional()
        .describe("Smallest tensor-parallel size that fits on one node. Not set if no size fits."),
      maxModelLen: z.int().optional().describe("Longest context that fits, in tokens. Not set if no context fits."),
    })
    .describe("Limits of the role on these accelerators."),
});
export const fitOutputs = z.strictObject({
  fits: z
    .boolean()
    .describe("Whether the service can be planned and every role is known to fit into its accelerators."),
  roles: z.array(roleFit).describe("Roles whose memory was estimated."),
  notEstimated: z
    .array(
      z.strictObject({
        role: z.string().describe("Role: main or prefill."),
        group,
        reason: z.string().describe("Why the memory of the role cannot be estimated."),
        fix: z.string().describe("How to make an estimate possible."),
      }),
    )
    .describe("Roles whose memory could not be estimated."),
  issues,
});
