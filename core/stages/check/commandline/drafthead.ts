import { draftIn } from "../../../knowledge/engine/drafts.ts";
import { ENGINE_FLAGS } from "../../../knowledge/engine/flags/known.ts";
import { isHeadOfOther } from "../../../knowledge/engine/rules/drafthead.ts";
import { type Check, type CheckFinding, type CheckSubject, layerOfFlag } from "../check.ts";
import { type Engine, flagsOwner } from "../engine.ts";
import { flagPathOf } from "../flagplace.ts";

export const DRAFT_HEAD_CHECK: Check = {
  name: "a head that drafts belongs to the model that is served",
  source:
    "EAGLE, Medusa and the like are trained on the hidden states of one model (core/knowledge/engine/rules/drafthead.ts)",
  codes: ["InvalidFlagValue"],
  judge: (subject) => subject.engines.flatMap((engine) => judgeEngine(engine, subject)),
};

/** Another publisher may have named a head after what it was derived from, so nothing here is certain. */
function judgeEngine(engine: Engine, subject: CheckSubject): CheckFinding[] {
  const { uri = "" } = subject.spec.model ?? {};
  const draft = engine.isVllm || engine.isSglang ? draftIn(engine.args) : undefined;
  // Only the name of a hub is certain to be the model's.
  if (draft === undefined || !uri.startsWith("hf://") || !isHeadOfOther(draft.model, uri)) return [];
  const served = uri.slice("hf://".length);
  const flag = ENGINE_FLAGS[flagsOwner(engine)].book.flagName(draft.flag);
  return [
    {
      code: "InvalidFlagValue",
      severity: "warning",
      path: flagPathOf(engine, flag),
      layer: layerOfFlag(subject, engine, flag),
      message: `${draft.flag}: by its name, ${draft.model} drafts for another model than ${served}, and a head works only with the model that it was trained for`,
      fix: `use a head that was trained for ${served}, or remove ${draft.flag}`,
    },
  ];
}
