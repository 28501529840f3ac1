import { z } from "zod";
import { configSpec, serviceSpec } from "../../core/api/service.ts";
import { serviceGroups, serviceShorthands, shorthands } from "../../core/api/shorthands/shorthands.ts";
import { workload } from "../../core/api/workload.ts";
import { described, option } from "../../core/contract/options/option.ts";
import { configOptions, platformOptions, serviceOptions } from "../../core/contract/options/options.ts";
import type { Role } from "../../core/platform/roles.ts";

/**
 * The arguments of the components: KServe's spec, the shorthands that are lowered into it, and the options of
 * core/contract/options/options.ts. Documents of any shape pass through as they are.
 */
const prefill = z
  .strictObject({ ...workload.shape, ...shorthands })
  .optional()
  .describe("Prefill role: pods that only prefill prompts. The pods of the service itself then only decode.");

/** The spec of a service as it is written: with shorthands, which are lowered before it becomes an object. */
export const writtenService = z.strictObject({
  ...serviceSpec.shape,
  ...serviceShorthands,
  ...serviceGroups,
  prefill,
});

export const serviceArgs = z.strictObject({ ...writtenService.shape, ...serviceOptions });

/**
 * What the functions take: the arguments of a service as one value, so that a program passes the same value to component
 * and function. It has no type: the TypeScript generator misnames types of the kubernetes package in functions.
 */
export const planArgs = z.strictObject({
  name: z.string().describe("Name of the component."),
  args: z
    .looseObject({})
    .meta({ "x-kubernetes-preserve-unknown-fields": true })
    .describe("The arguments of an LLMInferenceService, as the component takes them (an LLMInferenceServiceArgs)."),
});

export const fitArgs = planArgs.extend({
  concurrency: option(
    z.number().positive(),
    "Number of sequences of full length that run at the same time. The KV cache of all of them must fit.",
    { byDefault: 1, unit: "sequences" },
  ),
});

/** The spec of a config as it is written. */
export const writtenConfig = z.strictObject({ ...configSpec.shape, ...serviceShorthands, prefill });

export const configArgs = z.strictObject({ ...writtenConfig.shape, ...configOptions });

const ROLE_TEXT: Readonly<Record<Role, string>> = {
  workerSpec: "pods that both prefill and decode",
  decodeSpec: "pods that only decode",
  prefillSpec: "pods that only prefill; write its fields below `prefill`",
  workerDataParallelSpec: "groups of pods with data parallelism",
  decodeDataParallelSpec: "groups of pods with data parallelism that only decode",
  prefillDataParallelSpec: "groups of pods with data parallelism that only prefill; write its fields below `prefill`",
  routerSpec: "the route",
  schedulerSpec: "the scheduler (endpoint picker)",
  tracingSpec: "tracing",
};
const roles = Object.entries(ROLE_TEXT).map(
  ([role, what]) => [role, described(writtenConfig.optional(), `Defaults of ${what}.`)] as const,
);

export const platformArgs = z.strictObject(platformOptions(z.strictObject(Object.fromEntries(roles))));
