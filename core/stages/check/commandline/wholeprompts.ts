import { valuesOf } from "../../../knowledge/engine/flags/commandline.ts";
import { comparesWholePrompts } from "../../../knowledge/engine/rules/wholeprompts.ts";
import { lengthOf } from "../../../knowledge/memory/rank.ts";
import { servedModel } from "../../../knowledge/models/served.ts";
import { type Check, type CheckFinding, type CheckSubject, layerOfFlag } from "../check.ts";
import { asCertain } from "../devices/certain.ts";
import { type Engine, numberOf, unknownFlags } from "../engine.ts";
import { flagPathOf } from "../flagplace.ts";

/**
 * Steps that are shorter than the model's own context, although prompts are processed whole. Where the context is
 * written, the rules of flags that contradict each other compare it.
 */
export const WHOLE_PROMPTS_CHECK: Check = {
  name: "a step holds a whole prompt if prompts are not split",
  source: "SchedulerConfig.verify_max_model_len of vLLM (core/knowledge/engine/rules/wholeprompts.ts)",
  codes: ["InvalidFlagValue"],
  judge: (subject) => {
    const found = subject.engines.filter(({ isVllm }) => isVllm).flatMap((engine) => judgeEngine(engine, subject));
    return asCertain(found, subject);
  },
};

const CHUNKS = "enable-chunked-prefill";
const TOKENS = "max-num-batched-tokens";
const LENGTH = "max-model-len";

function isPooling(text: ReturnType<typeof valuesOf>): boolean {
  return text("runner") === "pooling" || ["task", "convert", "pooler-config"].some((flag) => text(flag) !== undefined);
}

function judgeEngine(engine: Engine, subject: CheckSubject): CheckFinding[] {
  const { args, release } = engine;
  const model = servedModel(subject);
  const text = valuesOf(args);
  const tokens = numberOf(engine, TOKENS);
  if (text(CHUNKS) !== "false" || text(LENGTH) !== undefined || unknownFlags(engine, [LENGTH]).length > 0) return [];
  if (release === undefined || !comparesWholePrompts(release.number)) return [];
  // Other settings may change the context.
  const isOther = ["hf-overrides", "rope-scaling", "hf-config-path"].some((flag) => text(flag) !== undefined);
  if (isOther || model?.maxPositions === undefined || tokens === undefined) return [];
  const length = lengthOf({ model, release: release.number, memoryGiB: 0 });
  if (tokens < 1 || tokens >= length) return [];
  return [
    {
      code: "InvalidFlagValue",
      // The files of a pooling model may name another length.
      ...((model.guessedPositions === true || isPooling(text)) && { severity: "warning" as const }),
      path: flagPathOf(engine, TOKENS),
      layer: layerOfFlag(subject, engine, TOKENS),
      message: `--${TOKENS} is ${tokens}, which is less than the context of the model (${length}), and --no-${CHUNKS} lets no step take a part of a prompt`,
      fix: `set tuning.maxModelLen to ${tokens} or less, or remove --no-${CHUNKS}`,
    },
  ];
}
