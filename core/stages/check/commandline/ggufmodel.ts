import { POD_PATH } from "../../../contract/names.ts";
import { flagValue, parseArgs } from "../../../knowledge/engine/flags/commandline.ts";
import { releaseNumber } from "../../../knowledge/engine/release.ts";
import { type Check, type CheckFinding, type CheckSubject, layerOfFlag } from "../check.ts";
import type { Engine } from "../engine.ts";
import { flagPathOf } from "../flagplace.ts";

/**
 * vLLM reads GGUF from one file, which must be the model on its command line; a folder is not one. Up to the release in
 * {@link OWN}: later ones leave GGUF to plugins.
 */
export const GGUF_MODEL_CHECK: Check = {
  name: "a model in GGUF is given as a file",
  source:
    "GGUFModelLoader._prepare_weights, vllm/model_executor/model_loader/gguf_loader.py, 0.6 to 0.24 (vllm-project/vllm#17661)",
  codes: ["InvalidFlagValue"],
  judge: (subject) => subject.engines.flatMap((engine) => judgeEngine(engine, subject)),
};

const OWN = releaseNumber("0.25.0") ?? 0;
const FLAGS = ["load-format", "quantization"];

function judgeEngine(engine: Engine, subject: CheckSubject): CheckFinding[] {
  const { isVllm, args, release, path } = engine;
  const { spec } = subject;
  const { uri = "" } = spec.model ?? {};
  // A volume may be mounted at a file; a repository of the hub is always a folder.
  if (!isVllm || !uri.startsWith("hf://") || spec.storageInitializer?.enabled === false) return [];
  const loaded = parseArgs(args).find(({ flag }) => flag === undefined)?.words[0] ?? flagValue(args, "model");
  const isAsked = FLAGS.some((one) => flagValue(args, one) === "gguf");
  const isNamed = /(?:^|[-_.])gguf$/i.test(uri.replace(/:[^/]*$/, "")) && flagValue(args, "load-format") === undefined;
  if (loaded !== POD_PATH.models || !(isAsked || isNamed)) return [];
  const flag = FLAGS.find((one) => flagValue(args, one) === "gguf") ?? "";
  const isCertain = isAsked && release !== undefined && release.number < OWN;
  return [
    {
      code: "InvalidFlagValue",
      ...(!isCertain && { severity: "warning" as const }),
      path: flagPathOf(engine, flag),
      layer: layerOfFlag(subject, engine, flag),
      message: `vLLM reads GGUF from a file, but ${path} loads the folder ${POD_PATH.models}, to which the whole repository is downloaded`,
      fix: `write ${POD_PATH.models}/ and the name of the .gguf file as the engine's model, or use a repository with safetensors files`,
    },
  ];
}
