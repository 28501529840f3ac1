import { z } from "zod";

/** What the components and functions give back. */
const issue = z.strictObject({
  code: z.string().describe("Stable code, e.g. UnknownField."),
  severity: z.enum(["error", "warning"]).describe("error: nothing is planned. warning: only remarked."),
  path: z.string().describe("Field path, e.g. spec.template.containers[0].image."),
  layer: z
    .string()
    .describe("Where the value came from: service, config NAMESPACE/NAME, preset NAME, settings, platform."),
  message: z.string().describe("What is wrong."),
  fix: z.string().optional().describe("What to do about it."),
});
const appliedConfig = z.strictObject({
  name: z.string().describe("Name of the config."),
  namespace: z.string().describe("Its namespace."),
  source: z.string().describe("Preset: chosen by topology. UserRef: named by the service."),
});
const objectReference = z.strictObject({
  apiVersion: z.string().describe("API version, e.g. apps/v1."),
  kind: z.string().describe("Kind, e.g. Deployment."),
  namespace: z.string().optional().describe("Namespace; none for objects of the cluster."),
  name: z.string().describe("Name."),
});
const issues = z.array(issue).describe("What the plan had to remark.");
const objects = z.array(z.unknown()).describe("The Kubernetes objects, in an order that respects references.");
const mergedSpec = z
  .unknown()
  .describe("The spec that was rendered, as KServe writes it: all layers merged, templates expanded.");

export const serviceOutputs = z.strictObject({
  url: z
    .string()
    .describe(
      "Where clients find the service: the route's host name where there is one, else the workload Service in the cluster.",
    ),
  mergedSpec,
  appliedConfigs: z.array(appliedConfig).describe("The configs that took part, lowest precedence first."),
  objects: z.array(objectReference).describe("All that was made."),
  pin: z
    .strictObject({
      release: z.string().describe("Name of the release; empty for the platform's own defaults."),
      digest: z.string().describe("SHA-256 of what came of it."),
    })
    .optional()
    .describe("The release it was merged with; export it, so that the platform knows. None without a platform."),
  issues: z.array(issue).describe("What the plan had to remark; errors never get here."),
});
export const configOutputs = z.strictObject({
  manifest: z.unknown().describe("The config as it is written; what a service's `configs` takes."),
});
export const platformOutputs = z.strictObject({
  bundle: z
    .unknown()
    .describe(
      "What services need to know of the platform: preset version, defaults, settings and their digest. Pass it as their `platform`, also from another stack.",
    ),
  releases: z
    .unknown()
    .describe("The releases by name; export them, and services of other stacks read them by a StackReference."),
  namespace: z.string().describe("Name of the system namespace."),
});

export const renderOutputs = z.strictObject({
  objects,
  yaml: z.string().describe("The same as YAML documents."),
  mergedSpec,
  appliedConfigs: z.array(appliedConfig).describe("The configs that take part, lowest precedence first."),
  issues,
});
export const validateOutputs = z.strictObject({
  valid: z.boolean().describe("Whether the service can be planned."),
  issues: issues.describe("All that is wrong with it, and what else there is to remark."),
});
export const explainOutputs = z.strictObject({
  leaves: z
    .array(
      z.strictObject({
        path: z
          .string()
          .describe("Where it stands in the merged spec; items of lists by their key, flags by their name."),
        value: z.unknown().describe("Its value."),
        layer: z
          .string()
          .describe(
            "Who set it: preset NAME, config NAMESPACE/NAME, service; derived and completed are the plan's own.",
          ),
        rule: z
          .string()
          .describe(
            "How it came to be: merge, template, accelerator, tuning, defaults, derive, completion or autoscaler.",
          ),
        written: z.unknown().optional().describe("The template that the value came of."),
        overrode: z
          .array(
            z.strictObject({
              layer: z.string().describe("The layer that said it."),
              rule: z.string().optional().describe("How it came into that layer, where it was not written there."),
              value: z.unknown().describe("What it said; null where it deleted the field."),
            }),
          )
          .describe("Whose other value it took the place of, latest first."),
      }),
    )
    .describe("Every leaf of the merged spec: who set it, by which rule, and what it took the place of."),
  appliedConfigs: z.array(appliedConfig).describe("The configs that take part, lowest precedence first."),
  issues,
});

const bytes = z.number();
const roleFit = z.strictObject({
  role: z.string().describe("main, or prefill."),
  accelerator: z.string().describe("Name of the accelerator, or its resource's."),
  memoryGiB: z.number().describe("Memory of one accelerator, in GiB."),
  tensor: z.int().describe("Tensor-parallel size."),
  pipeline: z.int().describe("Pipeline-parallel size."),
  fits: z.boolean().describe("Whether the role fits."),
  rows: z
    .array(
      z.strictObject({
        part: z.string().describe("weights, experts, step, context, KV cache …"),
        bytes: bytes.describe("How much of one accelerator, in bytes."),
        how: z.string().describe("What it follows from."),
      }),
    )
    .describe("What the memory is needed for, in the order in which it is taken."),
  needed: bytes.describe("Sum of the parts, in bytes."),
  budget: bytes.describe("What the engine may use of one accelerator, in bytes."),
  cacheTokens: z.int().describe("Tokens that the KV cache has room for."),
  concurrency: z.number().describe("How many sequences of full length that is."),
  maxModelLen: z.int().describe("The context that is asked for, in tokens."),
  limits: z
    .strictObject({
      tensor: z
        .int()
        .optional()
        .describe("The smallest tensor-parallel size that fits on one node; none does without it."),
      maxModelLen: z.int().optional().describe("The longest context that fits, in tokens; none does without it."),
    })
    .describe("How far the role could go."),
});
export const fitOutputs = z.strictObject({
  fits: z.boolean().describe("Whether the service can be planned and every role is known to fit."),
  roles: z.array(roleFit).describe("The roles of which it can be told."),
  untold: z
    .array(
      z.strictObject({
        role: z.string().describe("main, or prefill."),
        reason: z.string().describe("Why nothing can be said of it."),
        fix: z.string().describe("What would help."),
      }),
    )
    .describe("The roles of which it cannot."),
  issues,
});
