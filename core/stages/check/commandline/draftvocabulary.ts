import { flagValue } from "../../../knowledge/engine/flags/commandline.ts";
import {
  ANY_VOCABULARY,
  allowsAnyVocabulary,
  comparesVocabularies,
} from "../../../knowledge/engine/rules/draftvocabulary.ts";
import { namesForm } from "../../../knowledge/models/catalogue/catalogue.ts";
import { servedModel } from "../../../knowledge/models/served.ts";
import { type Check, type CheckFinding, type CheckSubject, layerOfFlag } from "../check.ts";
import { draftsOf, speculativeOf } from "../devices/drafts.ts";
import type { Engine } from "../engine.ts";
import { flagPathOf } from "../flagplace.ts";

export const DRAFT_VOCABULARY_CHECK: Check = {
  name: "a draft model has the vocabulary of its target",
  source:
    "verify_equal_vocab_size_if_draft_model, vllm/config/speculative.py (core/knowledge/engine/rules/draftvocabulary.ts)",
  codes: ["InvalidFlagValue"],
  judge: (subject) => subject.engines.flatMap((engine) => judgeEngine(engine, subject)),
};

const FLAGS = ["speculative-config", "spec-model", "spec-method"];

function judgeEngine(engine: Engine, subject: CheckSubject): CheckFinding[] {
  const { args, release, isVllm } = engine;
  const config = speculativeOf(engine);
  if (!isVllm || release === undefined || !comparesVocabularies(release.number)) return [];
  if (config[ANY_VOCABULARY] === true) return [];
  if (typeof config["model"] !== "string" || flagValue(args, "hf-overrides") !== undefined) return [];
  const { draft } = draftsOf(engine);
  const target = servedModel(subject);
  if (draft === undefined || target === undefined || draft.model.vocab === target.vocab) return [];
  const flag = FLAGS.find((one) => flagValue(args, one) !== undefined) ?? "";
  const other = allowsAnyVocabulary(release.number) ? `, or set ${ANY_VOCABULARY} in it to true` : "";
  return [
    {
      code: "InvalidFlagValue",
      path: flagPathOf(engine, flag),
      layer: layerOfFlag(subject, engine, flag),
      message: `--${flag}: the draft model has ${draft.model.vocab} tokens and the model ${target.vocab}, but vLLM requires the same number`,
      fix: `use a draft model with ${target.vocab} tokens${other}, or remove --${flag}`,
      ...(!isCertain(config["model"], subject) && { severity: "warning" as const }),
    },
  ];
}

/** Other publishers may have added tokens to a model. */
function isCertain(draft: string, { spec, modelInfo }: CheckSubject): boolean {
  const uri = draft.includes("://") ? draft : `hf://${draft}`;
  return (
    /^hf:\/\/[\w.-]+\/[\w.-]+$/.test(uri) &&
    namesForm({ uri }) &&
    (modelInfo !== undefined || namesForm(spec.model ?? {}))
  );
}
