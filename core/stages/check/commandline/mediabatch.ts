import { parseArgs } from "../../../knowledge/engine/flags/commandline.ts";
import { rootOf } from "../../../knowledge/engine/flags/flagbook.ts";
import { hasPluginFlags } from "../../../knowledge/engine/images.ts";
import { type MediaModel, wholeMedia } from "../../../knowledge/engine/rules/mediabatch.ts";
import { lastPart } from "../../../knowledge/models/catalogue/named.ts";
import { type Check, type CheckFinding, type CheckSubject, layerOfFlag, withFixes } from "../check.ts";
import { devicesOf } from "../devices/devices.ts";
import { type Engine, numberOf, unknownFlags } from "../engine.ts";
import { flagFixes } from "../flagfixes.ts";
import { flagPathOf } from "../flagplace.ts";

export const MEDIA_BATCH_CHECK: Check = {
  name: "an item of media that is not split fits into one step",
  source:
    "compute_mm_encoder_budget, vllm/v1/core/encoder_cache_manager.py (core/knowledge/engine/rules/mediabatch.ts)",
  codes: ["InvalidFlagValue"],
  judge: (subject) => subject.engines.flatMap((engine) => judgeEngine(engine, subject)),
};

const GOOGLE = "hf://google/";
const STEP = "max-num-batched-tokens";
/** Flags that may leave out media, or change their size. */
const CHANGE = ["limit-mm-per-prompt", "language-model-only", "mm-processor-kwargs", "hf-overrides", "model-impl"];

function judgeEngine(engine: Engine, subject: CheckSubject): CheckFinding[] {
  const { args, release, isVllm, container } = engine;
  const step = numberOf(engine, STEP);
  if (!isVllm || release === undefined || step === undefined || step < 1) return [];
  if (hasPluginFlags(container.image ?? "") || !isOnCuda(engine, subject)) return [];
  // Keys of these flags may be written separately.
  const isChanged = parseArgs(args).some(({ flag }) => flag !== undefined && CHANGE.includes(rootOf(flag)));
  if (isChanged || unknownFlags(engine, CHANGE).length > 0) return [];
  const media = wholeMedia(served(subject), release.number);
  if (media === undefined || step >= media.tokens) return [];
  const { tokens, modality } = media;
  // Another publisher may have left out the media.
  const isCertain = subject.modelInfo !== undefined || subject.spec.model?.uri?.startsWith(GOOGLE) === true;
  return [
    {
      code: "InvalidFlagValue",
      path: flagPathOf(engine, STEP),
      layer: layerOfFlag(subject, engine, STEP),
      message: `--${STEP} is ${step}, but vLLM does not split ${modality === "image" ? "an image" : "a video"} of this model, whose ${tokens} tokens must fit into one step`,
      fix: `set --${STEP} to ${tokens} or more`,
      ...(!isCertain && { severity: "warning" as const }),
      ...withFixes(flagFixes(engine, STEP, { to: "value", value: String(tokens) }, subject)),
    },
  ];
}

/** Other platforms split the items. */
function isOnCuda(engine: Engine, subject: CheckSubject): boolean {
  return devicesOf(engine, subject)?.resource === "nvidia.com/gpu";
}

function served({ modelInfo, spec }: CheckSubject): MediaModel {
  const { uri = "", name = "" } = spec.model ?? {};
  return {
    name: lastPart(uri.startsWith("hf://") ? uri : name || uri),
    type: modelInfo?.model_type,
    attention: modelInfo?.text_config?.["use_bidirectional_attention"],
  };
}
