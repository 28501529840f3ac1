import type { ParallelismSpec } from "../../../api/shorthands/parallelism.ts";
import type { Finding } from "../../../contract/issues/issue.ts";
import { type Rule, workloadRule } from "../rule.ts";

const SOURCE = "validateWorkloadParallelism, llm_inference_service_validation.go, KServe v0.20.0";
const SIZES = ["pipeline", "data", "dataLocal"] as const;

export const PARALLELISM_RULES: readonly Rule[] = [
  workloadRule(
    "a worker needs the size of its group",
    SOURCE,
    ({ workload: { worker, parallelism }, path, behaviour }) => {
      // If devices count as well, the stage that counts them reports it (core/stages/derive/groups.ts).
      if (
        behaviour.tensorOverPods ||
        worker === undefined ||
        isDataParallel(parallelism) ||
        isPipelineParallel(parallelism)
      )
        return [];
      return [
        {
          code: "MissingField",
          path: `${path}.worker`,
          message: "worker creates groups of pods, but the number of pods in a group is not set",
          fix: `set ${path}.parallelism.data with dataLocal, or ${path}.parallelism.pipeline`,
        },
      ];
    },
  ),

  workloadRule("data and pipeline parallelism exclude each other", SOURCE, ({ workload, path, behaviour }) => {
    const { parallelism, worker } = workload;
    if (!isDataParallel(parallelism) || !isPipelineParallel(parallelism)) return [];
    if (behaviour.dataParallelCopies && worker === undefined) return [];
    return [
      {
        code: "Conflict",
        path: `${path}.parallelism`,
        message: "pipeline and data (or dataLocal) cannot be set together: each of them determines the size of a group",
        fix: "remove pipeline, or data and dataLocal",
      },
    ];
  }),

  workloadRule("data and dataLocal are set together", SOURCE, ({ workload: { parallelism }, path, behaviour }) => {
    if (parallelism === undefined || behaviour.dataParallelCopies) return [];
    const { data, dataLocal } = parallelism;
    if ((data === undefined) === (dataLocal === undefined)) return [];
    const [missing, present] = data === undefined ? ["data", "dataLocal"] : ["dataLocal", "data"];
    return [
      {
        code: "MissingField",
        path: `${path}.parallelism.${missing}`,
        message: `${missing} must be set when ${present} is set`,
        fix:
          missing === "data"
            ? "set data to the total number of ranks"
            : "set dataLocal to the number of ranks in one pod",
      },
    ];
  }),

  {
    ...workloadRule("dataLocal divides data", "own rule: KServe rounds down and starts too few ranks", (subject) => {
      const { workload, path, behaviour, partial } = subject;
      const { data = partial ? 0 : 1, dataLocal = 1 } = workload.parallelism ?? {};
      if (!behaviour.dataParallelCopies || dataLocal < 1 || data % dataLocal === 0) return [];
      return [
        {
          code: "Conflict",
          path: `${path}.parallelism.dataLocal`,
          message: `dataLocal (${dataLocal}) does not divide data (${data}), so the ranks cannot be spread evenly over pods`,
          fix: `set dataLocal to a divisor of ${data}, or data to a multiple of ${dataLocal}`,
        },
      ];
    }),
  },

  workloadRule("parallel sizes are positive", SOURCE, ({ workload: { parallelism = {} }, path }) =>
    SIZES.flatMap((size): Finding[] => {
      const value = parallelism[size];
      if (value === undefined || value > 0) return [];
      const message = `${size} is ${value}; a size must be greater than 0`;
      return [{ code: "InvalidValue", path: `${path}.parallelism.${size}`, message, fix: "write 1 or more" }];
    }),
  ),

  workloadRule(
    "the size of a group does not change",
    "validateImmutableParallelism, llm_inference_service_validation.go, KServe v0.20.0",
    ({ workload, old, path, behaviour }) => {
      const [before, now] = [groupSize(old?.parallelism), groupSize(workload.parallelism)];
      if (old === undefined || behaviour.groupSize !== "immutable" || before === now) return [];
      return [
        {
          code: "Immutable",
          path: `${path}.parallelism`,
          message: `the size of a group is ${before} and cannot become ${now}`,
          fix: "keep the size, or create a service with another name",
        },
      ];
    },
  ),
];

function isDataParallel({ data = 0, dataLocal = 0 }: ParallelismSpec = {}): boolean {
  return data > 0 || dataLocal > 0;
}

function isPipelineParallel({ pipeline = 0 }: ParallelismSpec = {}): boolean {
  return pipeline > 0;
}

/** Pods of a group. Source: ParallelismSpec.GetSize, llm_inference_service_types_func.go, KServe v0.20.0. */
function groupSize(parallelism: ParallelismSpec = {}): number {
  const { data = 1, dataLocal = 1, pipeline = 1 } = parallelism;
  if (isDataParallel(parallelism)) return Math.max(Math.floor(Math.max(data, 1) / Math.max(dataLocal, 1)), 1);
  return isPipelineParallel(parallelism) ? pipeline : 1;
}
