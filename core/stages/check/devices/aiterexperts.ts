import { flagValue } from "../../../knowledge/engine/flags/commandline.ts";
import { AITER_FALLS_BACK, AITER_WIDTH, aiterRuns, enablesAiter } from "../../../knowledge/engine/rules/aiter.ts";
import { isFormCertain, servedModel } from "../../../knowledge/models/served.ts";
import { tensorSizes } from "../../../knowledge/models/split.ts";
import { type Check, type CheckFinding, type CheckSubject, layerOfFlag, withFixes } from "../check.ts";
import { type Engine, numberOf } from "../engine.ts";
import { flagPathOf } from "../flagplace.ts";
import { devicesOf } from "./devices.ts";
import { tensorFixes } from "./sizefixes.ts";

const TENSOR = "tensor-parallel-size";

/** Experts in MXFP4 that are split into parts which AITER's kernels do not take. */
export const AITER_CHECK: Check = {
  name: "AITER's kernels take a rank's part of experts in MXFP4",
  source: "vllm-project/vllm#35637 and #35893 (core/knowledge/engine/rules/aiter.ts)",
  codes: ["ModelShape"],
  judge: (subject) => subject.engines.filter(({ isVllm }) => isVllm).flatMap((engine) => judgeEngine(engine, subject)),
};

/** AMD's publications in MXFP4 are Quark's. */
const QUARK = /^hf:\/\/amd\//i;

function judgeEngine(engine: Engine, subject: CheckSubject): CheckFinding[] {
  const facts = servedModel(subject);
  const { args, release, container } = engine;
  const { expertWidth, format } = facts ?? {};
  const isQuark = QUARK.test(subject.spec.model?.uri ?? "");
  const isSplit = flagValue(args, "enable-expert-parallel") !== "true";
  if (facts === undefined || expertWidth === undefined || release === undefined || !isSplit) return [];
  if (format !== "mxfp4" || !isQuark || expertWidth % AITER_WIDTH !== 0) return [];
  const runs = aiterRuns(devicesOf(engine, subject)?.name ?? "", release.number);
  if (runs === undefined || !enablesAiter((name) => container.env?.find((one) => one.name === name)?.value)) return [];
  const data = numberOf(engine, "data-parallel-size") ?? 1;
  const tensor = numberOf(engine, TENSOR) ?? 1;
  const isWhole = (size: number): boolean => (expertWidth / (size * data)) % AITER_WIDTH === 0;
  if (isWhole(tensor)) return [];
  const sizes = tensorSizes(facts).filter(isWhole);
  const smaller = sizes.filter((size) => size < tensor).at(-1);
  const message = `an expert is ${expertWidth} wide, of which tensor ${tensor}${data > 1 ? ` × data ${data}` : ""} leaves ${expertWidth / (tensor * data)} to a rank, but AITER's kernels for MXFP4 in vLLM ${release.text} take multiples of ${AITER_WIDTH}`;
  const later = `run vLLM ${AITER_FALLS_BACK} or later, which falls back to other kernels`;
  const fix = sizes.length === 0 ? later : `set parallelism.tensor to ${sizes.join(" or ")}, or ${later}`;
  const certain = runs === "certainly" && isFormCertain(subject);
  return [
    {
      ...{
        code: "ModelShape",
        path: flagPathOf(engine, TENSOR),
        layer: layerOfFlag(subject, engine, TENSOR),
        message,
        fix,
      },
      ...withFixes(smaller === undefined ? [] : tensorFixes(engine, smaller, subject)),
      ...(!certain && { severity: "warning" as const }),
    },
  ];
}
