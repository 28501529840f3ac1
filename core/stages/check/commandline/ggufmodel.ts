import { POD_PATH } from "../../../contract/names.ts";
import { flagValue, parseArgs } from "../../../knowledge/engine/flags/commandline.ts";
import { readsOneFile } from "../../../knowledge/engine/rules/gguf.ts";
import { withoutRevision } from "../../../knowledge/models/catalogue/named.ts";
import { type Check, type CheckFinding, type CheckSubject, layerOfFlag } from "../check.ts";
import type { Engine } from "../engine.ts";
import { flagPathOf } from "../flagplace.ts";

/** vLLM reads GGUF from one file, which must be the model on its command line; a folder is not one. */
export const GGUF_MODEL_CHECK: Check = {
  name: "a model in GGUF is given as a file",
  source: "GGUFModelLoader._prepare_weights of vLLM (core/knowledge/engine/rules/gguf.ts)",
  codes: ["InvalidFlagValue"],
  judge: (subject) => subject.engines.flatMap((engine) => judgeEngine(engine, subject)),
};

const FLAGS = ["load-format", "quantization"];

function judgeEngine(engine: Engine, subject: CheckSubject): CheckFinding[] {
  const { isVllm, args, release, path } = engine;
  const { spec } = subject;
  const { uri = "" } = spec.model ?? {};
  // A volume may be mounted at a file; a repository of the hub is always a folder.
  if (!isVllm || !uri.startsWith("hf://") || spec.storageInitializer?.enabled === false) return [];
  const loaded = parseArgs(args).find(({ flag }) => flag === undefined)?.words[0] ?? flagValue(args, "model");
  const flag = FLAGS.find((one) => flagValue(args, one) === "gguf");
  const isNamed = /[-_.]gguf$/i.test(withoutRevision(uri, ":")) && flagValue(args, "load-format") === undefined;
  if (loaded !== POD_PATH.models || (flag === undefined && !isNamed)) return [];
  const isCertain = flag !== undefined && release !== undefined && readsOneFile(release.number);
  return [
    {
      code: "InvalidFlagValue",
      ...(!isCertain && { severity: "warning" as const }),
      path: flagPathOf(engine, flag ?? ""),
      layer: layerOfFlag(subject, engine, flag ?? ""),
      message: `vLLM reads GGUF from a file, but ${path} loads the folder ${POD_PATH.models}, to which the whole repository is downloaded`,
      fix: `write ${POD_PATH.models}/ and the name of the .gguf file as the engine's model, or use a repository with safetensors files`,
    },
  ];
}
