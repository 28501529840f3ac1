import { flagValue } from "../../../knowledge/engine/flags/commandline.ts";
import { hasPluginFlags } from "../../../knowledge/engine/images.ts";
import {
  isMtp,
  lacksMtp,
  type MtpModel,
  refusesStagesOfDspark,
  refusesStagesOfMtp,
} from "../../../knowledge/engine/rules/mtp.ts";
import { modelOf } from "../../../knowledge/models/catalogue/catalogue.ts";
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
  const served = servedAs(subject);
  const flag = FLAGS.find((one) => flagValue(args, one) !== undefined) ?? "";
  const found = (refused: "certainly" | "perhaps", message: string, fix: string): CheckFinding => ({
    code: "InvalidFlagValue",
    path: flagPathOf(engine, flag),
    layer: layerOfFlag(subject, engine, flag),
    message: `--${flag}: ${message}`,
    fix,
    ...(refused === "perhaps" && { severity: "warning" as const }),
    ...withFixes(flagFixes(engine, flag, { to: "nothing" }, subject)),
  });
  const lacks = method === DSPARK ? undefined : lacksMtp(served, release.number);
  if (lacks !== undefined) {
    const message = `the model has no layers that the method ${method} drafts with`;
    return [found(lacks, message, `remove --${flag}, or use another method`)];
  }
  const stages = Number(flagValue(args, "pipeline-parallel-size") ?? 1);
  const refused = (method === DSPARK ? refusesStagesOfDspark : refusesStagesOfMtp)(served, release.number);
  if (stages < 2 || refused === undefined) return [];
  const message = `vLLM ${release.text} does not divide the layers of the method ${method} into pipeline stages, but pipeline is ${stages}`;
  return [found(refused, message, `remove --${flag}, or divide the model with parallelism.tensor only`)];
}

function servedAs({ spec, modelInfo }: CheckSubject): MtpModel {
  const types = [modelInfo?.model_type, modelInfo?.text_config?.model_type].filter((type) => typeof type === "string");
  const isKnown = modelOf(spec.model ?? {}) !== undefined;
  return { name: lastPart(spec.model?.uri ?? ""), types, isKnown };
}
