import { roleAt } from "../../../contract/role.ts";
import { ENGINE_TITLE } from "../../../knowledge/engine/engines.ts";
import { SGLANG_LINES } from "../../../knowledge/engine/sglang/flags.ts";
import { fit as estimate } from "../../../knowledge/memory/fit.ts";
import { gib } from "../../../knowledge/memory/rank.ts";
import type { ModelFacts } from "../../../knowledge/models/facts.ts";
import { servedModel } from "../../../knowledge/models/served.ts";
import { type Check, type CheckFinding, type CheckSubject, layerOfFlag } from "../check.ts";
import { asCertain } from "../devices/certain.ts";
import { devicesOf } from "../devices/devices.ts";
import { fitRequestOf, rankOf } from "../devices/memory.ts";
import { type Engine, numberOf, unknownFlags } from "../engine.ts";
import { flagPathOf, settingName } from "../flagplace.ts";
import { inVllmWords } from "./sglangwords.ts";

/**
 * SGLang uses a share of the memory for weights and KV cache, and the rest for everything else. It serves with whatever
 * cache is left, so only weights that leave no room at all are certain to fail. Without a written share it chooses one
 * of about 0.9, minus what it reserves for its graphs.
 */
export const SGLANG_MEMORY_CHECK: Check = {
  name: "the weights fit into the share of SGLang",
  source: "mem_fraction_static in sglang/srt/server_args.py, and ModelConfig in sglang/srt/configs/model_config.py",
  codes: ["MemoryFit", "ContextTooLong"],
  judge: (subject) => {
    const model = servedModel(subject);
    if (model === undefined) return [];
    const engines = subject.engines.filter(({ isSglang, pod }) => isSglang && pod === "template");
    return engines.flatMap((engine) =>
      asCertain([...judgeWeights(engine, model, subject), ...judgeContext(engine, model, subject)], subject),
    );
  },
};

const USUAL = 0.9;
const FRACTION = "mem-fraction-static";

function judgeWeights(engine: Engine, model: ModelFacts, subject: CheckSubject): CheckFinding[] {
  const devices = devicesOf(engine, subject);
  const device = devices?.accelerator && rankOf(devices.accelerator, devices.model);
  const isUnknown = unknownFlags(engine, ["tp-size", "pp-size", "dp-size", "quantization", "dtype"]).length > 0;
  if (devices === undefined || device === undefined || isUnknown) return [];
  const { rows } = estimate(fitRequestOf(inVllmWords(engine), model, device));
  const weights = rows.filter(({ part }) => part === "weights" || part === "experts");
  const needed = weights.reduce((sum, { bytes }) => sum + bytes, 0);
  const written = Number(SGLANG_LINES.flagValue(engine.args, `--${FRACTION}`) ?? Number.NaN);
  const share = Number.isNaN(written) ? USUAL : written;
  const budget = share * device.memoryGiB * 1024 ** 3;
  if (needed < budget) return [];
  const parts = weights.map(({ part, bytes, how }) => `${part} ${gib(bytes)} (${how})`).join(" + ");
  const of = `${gib(budget)} of ${device.memoryGiB} GiB`;
  const name = devices.name ?? devices.resource;
  return [
    {
      code: "MemoryFit",
      ...(needed < device.memoryGiB * 1024 ** 3 && Number.isNaN(written) && { severity: "warning" }),
      path: roleAt(engine.role),
      layer: layerOfFlag(subject, engine, FRACTION),
      message: `the weights leave no room for a KV cache: each ${name} holds ${parts}, and ${ENGINE_TITLE.sglang} gives them ${of} (--${FRACTION} ${share})`,
      fix: `set parallelism.tensor to more, raise --${FRACTION}, use an accelerator with more memory, or a quantised model`,
    },
  ];
}

const CONTEXT = "context-length";
/** SGLang accepts 1, true, yes and the like as permission to exceed the limit. */
const LONGER = "SGLANG_ALLOW_OVERWRITE_LONGER_CONTEXT_LEN";

function judgeContext(
  engine: Engine,
  { maxPositions, guessedPositions }: ModelFacts,
  subject: CheckSubject,
): CheckFinding[] {
  const asked = numberOf(engine, CONTEXT);
  const isScaled = SGLANG_LINES.flagValue(engine.args, "--json-model-override-args") !== undefined;
  const isAllowed = engine.container.env?.some(({ name }) => name === LONGER) === true;
  if (asked === undefined || maxPositions === undefined || asked <= maxPositions || isScaled || isAllowed) return [];
  return [
    {
      code: "ContextTooLong",
      ...(guessedPositions === true && { severity: "warning" as const }),
      path: flagPathOf(engine, CONTEXT),
      layer: layerOfFlag(subject, engine, CONTEXT),
      message: `${CONTEXT} is ${asked}, but the model supports at most ${maxPositions} tokens of context`,
      fix: `set ${settingName(engine, CONTEXT, "tuning.maxModelLen")} to ${maxPositions} or less, or extend the context with --json-model-override-args`,
    },
  ];
}
