import { valuesOf } from "../../../knowledge/engine/flags/commandline.ts";
import { misfits } from "../../../knowledge/engine/rules/parsertokens.ts";
import { type Check, type CheckFinding, type CheckSubject, layerOfFlag, withFixes } from "../check.ts";
import type { Engine } from "../engine.ts";
import { flagFixes } from "../flagfixes.ts";
import { flagPathOf } from "../flagplace.ts";

/**
 * A parser for another family: it fails without the token that it looks for. It is a warning, because some releases
 * create the parser for each request, and serve those that it does not concern.
 */
export const PARSER_TOKENS_CHECK: Check = {
  name: "the vocabulary of the model has the tokens of the parsers",
  source: "vllm/reasoning and vllm/tool_parsers (core/knowledge/engine/rules/parsertokens.ts)",
  codes: ["InvalidFlagValue"],
  judge: (subject) => subject.engines.filter(({ isVllm }) => isVllm).flatMap((engine) => judgeEngine(engine, subject)),
};

function judgeEngine(engine: Engine, subject: CheckSubject): CheckFinding[] {
  const { release, args } = engine;
  const text = valuesOf(args);
  if (release === undefined || text("tokenizer") !== undefined) return [];
  return misfits(subject.spec.model?.uri ?? "", text, release.number).map(({ flag, parser, token }) => ({
    code: "InvalidFlagValue",
    severity: "warning",
    path: flagPathOf(engine, flag),
    layer: layerOfFlag(subject, engine, flag),
    message: `--${flag}: ${parser} looks for the token ${token}, which the vocabulary of the model does not have`,
    fix: "use the parser of the model's family, or remove the flag",
    ...withFixes(flag === "reasoning-parser" ? flagFixes(engine, flag, { to: "nothing" }, subject) : []),
  }));
}
