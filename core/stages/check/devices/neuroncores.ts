import { neuronCores } from "../../../knowledge/accelerators/neuroncores.ts";
import { quantityNumber } from "../../../kubernetes/quantity.ts";
import { entryOf } from "../../../kubernetes/table.ts";
import { type Check, type CheckFinding, type CheckSubject, layerOfFlag } from "../check.ts";
import { type Engine, numberOf, unknownFlags } from "../engine.ts";
import { flagPathOf } from "../flagplace.ts";

/** Tensor-parallel ranks of one pod that exceed the cores of the Neuron devices which it requests. */
export const NEURON_CHECK: Check = {
  name: "the cores of the devices carry the ranks",
  source: "AWS Neuron's documentation (core/knowledge/accelerators/neuroncores.ts)",
  codes: ["GpuShape"],
  judge: (subject) => subject.engines.filter(({ isVllm }) => isVllm).flatMap((engine) => judgeEngine(engine, subject)),
};

const RESOURCE = "aws.amazon.com/neuron";
const TENSOR = "tensor-parallel-size";

function judgeEngine(engine: Engine, subject: CheckSubject): CheckFinding[] {
  const { container, podSpec, workload } = engine;
  const known = neuronCores(podSpec.nodeSelector ?? {});
  const count = quantityNumber(entryOf(container.resources?.limits ?? {}, RESOURCE) ?? 0);
  const ranks = numberOf(engine, TENSOR);
  // The ranks of a group are spread over its pods.
  if (known === undefined || !(count > 0) || ranks === undefined || workload.worker !== undefined) return [];
  const all = count * known.cores;
  if (ranks <= all || unknownFlags(engine, [TENSOR]).length > 0) return [];
  const most = 2 ** Math.floor(Math.log2(all));
  return [
    {
      code: "GpuShape",
      path: flagPathOf(engine, TENSOR),
      layer: layerOfFlag(subject, engine, TENSOR),
      message: `--${TENSOR} is ${ranks}, but ${count} devices of ${known.family} have ${all} cores`,
      fix: `set --${TENSOR}, or parallelism.tensor if that sets it, to ${most} or less, or request more devices`,
    },
  ];
}
