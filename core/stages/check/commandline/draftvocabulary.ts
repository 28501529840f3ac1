import { flagValue, parseArgs } from "../../../knowledge/engine/flags/commandline.ts";
import {
  ANY_VOCABULARY,
  allowsAnyVocabulary,
  comparesVocabularies,
} from "../../../knowledge/engine/rules/draftvocabulary.ts";
import { namesForm } from "../../../knowledge/models/catalogue/catalogue.ts";
import { servedModel } from "../../../knowledge/models/served.ts";
import { asText } from "../../../kubernetes/json.ts";
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
  if (YES.test(asText(config[ANY_VOCABULARY]))) return [];
  if (typeof config["model"] !== "string" || flagValue(args, "hf-overrides") !== undefined) return [];
  const { draft } = draftsOf(engine);
  const target = servedModel(subject);
  if (draft === undefined || target === undefined || draft.model.vocab === target.vocab) return [];
  const flag = FLAGS.find((one) => flagValue(args, one) !== undefined) ?? "";
  const keys = keysOf(engine, flag);
  const [key = flag] = keys;
  const set = keys.length === 0 ? `${ANY_VOCABULARY} in it` : `--${flag}.${ANY_VOCABULARY}`;
  const other = allowsAnyVocabulary(release.number) ? `, or set ${set} to true` : "";
  const removed = keys.length === 0 ? [flag] : keys;
  return [
    {
      code: "InvalidFlagValue",
      path: flagPathOf(engine, key),
      layer: layerOfFlag(subject, engine, key),
      message: `--${flag}: the draft model has ${draft.model.vocab} tokens and the model ${target.vocab}, but vLLM requires the same number`,
      fix: `use a draft model with ${target.vocab} tokens${other}, or remove ${removed.map((one) => `--${one}`).join(", ")}`,
      ...(!isCertain(config["model"], subject) && { severity: "warning" as const }),
    },
  ];
}

/** The texts that pydantic reads as true. */
const YES = /^(?:true|t|yes|y|on|1)$/i;

/** The flags that write a document key by key (`--flag.key`). */
function keysOf({ args }: Engine, flag: string): string[] {
  const flags = parseArgs(args).flatMap((arg) => arg.flag ?? []);
  return [...new Set(flags.filter((one) => one.startsWith(`${flag}.`)))];
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
