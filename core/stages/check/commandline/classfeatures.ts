import { valuesOf } from "../../../knowledge/engine/flags/commandline.ts";
import { type Lacking, lacks } from "../../../knowledge/engine/rules/classfeatures.ts";
import { readNumber } from "../../../knowledge/engine/rules/number.ts";
import { servedModel } from "../../../knowledge/models/served.ts";
import { type Check, type CheckFinding, type CheckSubject, layerOfFlag } from "../check.ts";
import { asCertain } from "../devices/certain.ts";
import { type Engine, unknownFlags } from "../engine.ts";
import { inFields } from "../flagfixes.ts";
import { flagPathOf } from "../flagplace.ts";
import { classOf, releaseOfClasses } from "./modelclass.ts";

/** Adapters and pipeline stages of a model whose class does not support them in the engine's release. */
export const CLASS_FEATURES_CHECK: Check = {
  name: "the class of the model supports adapters and stages",
  source:
    "supports_lora and supports_pp of the classes in vllm/model_executor/models (core/knowledge/engine/rules/classfeatures.ts)",
  codes: ["InvalidFlagValue"],
  judge: (subject) => {
    const found = subject.engines.flatMap((engine) => judgeEngine(engine, subject));
    const isNamed = servedModel(subject) !== undefined || classOf(subject)?.stated.length !== 0;
    const own = isNamed ? found : found.map((one) => ({ ...one, severity: "warning" as const }));
    return asCertain(own, subject);
  },
};

const LORA = "enable-lora";
const STAGES = "pipeline-parallel-size";

function judgeEngine(engine: Engine, subject: CheckSubject): CheckFinding[] {
  const [model, release] = [classOf(subject), releaseOfClasses(engine)];
  if (model === undefined || release === undefined) return [];
  const text = valuesOf(engine.args);
  const isWritten = (flag: string): boolean => text(flag) !== undefined && unknownFlags(engine, [flag]).length === 0;
  const adapters = text(LORA) === "true" ? lacks("adapters", model, release.number) : undefined;
  const isStaged = isWritten(STAGES) && (readNumber(text(STAGES)) ?? 1) > 1;
  const stages = isStaged ? lacks("stages", model, release.number) : undefined;
  const run = (later: string | undefined): string => (later === undefined ? "" : `run vLLM ${later} or later, or `);
  const finding = (
    flag: string,
    { architecture, isLater, later }: Lacking,
    what: string,
    fix: string,
  ): CheckFinding => ({
    code: "InvalidFlagValue",
    path: flagPathOf(engine, flag),
    layer: layerOfFlag(subject, engine, flag),
    message: `--${flag}: in vLLM ${release.text} the class ${architecture} of the model ${what}`,
    fix: inFields(`${run(later)}${fix}`, engine),
    ...(isLater && { severity: "warning" }),
  });
  const oneStage = `set --${STAGES} or parallelism.pipeline to 1, and use tensor-parallel ranks`;
  return [
    ...(adapters ? [finding(LORA, adapters, "does not support LoRA adapters", "remove the adapters")] : []),
    ...(stages ? [finding(STAGES, stages, "cannot be split into pipeline stages", oneStage)] : []),
  ];
}
