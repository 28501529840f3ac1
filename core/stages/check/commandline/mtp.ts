import { flagValue } from "../../../knowledge/engine/flags/commandline.ts";
import { hasPluginFlags } from "../../../knowledge/engine/images.ts";
import { isMtp, lacksMtp, refusesStagesOfDspark, refusesStagesOfMtp } from "../../../knowledge/engine/rules/mtp.ts";
import { lastPart } from "../../../knowledge/models/catalogue/named.ts";
import { type Check, type CheckFinding, type CheckSubject, layerOfFlag, withFixes } from "../check.ts";
import { speculativeOf } from "../devices/drafts.ts";
import type { Engine } from "../engine.ts";
import { flagFixes } from "../flagfixes.ts";
import { flagPathOf } from "../flagplace.ts";

export const MTP_CHECK: Check = {
  name: "the model has what multi-token prediction drafts with",
  source: "SpeculativeConfig, vllm/config/speculative.py (core/knowledge/engine/rules/mtp.ts)",
  codes: ["InvalidFlagValue"],
  judge: (subject) => subject.engines.flatMap((engine) => judgeEngine(engine, subject)),
};

/** Drafts with layers of the model itself, as multi-token prediction does, unless another model is named. */
const DSPARK = "dspark";
const FLAGS = ["speculative-config", "spec-method"];

function judgeEngine(engine: Engine, subject: CheckSubject): CheckFinding[] {
  const { args, release, isVllm, container } = engine;
  const { uri = "" } = subject.spec.model ?? {};
  const { method, model } = speculativeOf(engine);
  // Only a model of the hub is certain to be what its name states.
  if (!isVllm || release === undefined || !uri.startsWith("hf://")) return [];
  if (hasPluginFlags(container.image ?? "")) return [];
  if (typeof method !== "string" || model !== undefined || !(isMtp(method) || method === DSPARK)) return [];
  const name = lastPart(uri);
  const flag = FLAGS.find((one) => flagValue(args, one) !== undefined) ?? "";
  const found = (message: string, fix: string): CheckFinding => ({
    code: "InvalidFlagValue",
    path: flagPathOf(engine, flag),
    layer: layerOfFlag(subject, engine, flag),
    message: `--${flag}: ${message}`,
    fix,
    ...withFixes(flagFixes(engine, flag, { to: "nothing" }, subject)),
  });
  if (method !== DSPARK && lacksMtp(name, release.number))
    return [
      found(`the model has no layers that the method ${method} drafts with`, `remove --${flag}, or use another method`),
    ];
  const stages = Number(flagValue(args, "pipeline-parallel-size") ?? 1);
  const refuses = method === DSPARK ? refusesStagesOfDspark : refusesStagesOfMtp;
  if (stages < 2 || !refuses(name, release.number)) return [];
  const message = `vLLM ${release.text} does not divide the layers of the method ${method} into pipeline stages, of which there are ${stages}`;
  return [found(message, `remove --${flag}, or divide the model with parallelism.tensor only`)];
}
