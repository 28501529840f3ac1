import { flagValue } from "../../../knowledge/engine/flags/commandline.ts";
import { publisherOf } from "../../../knowledge/models/catalogue/publishers.ts";
import { type Check, type CheckFinding, type CheckSubject, layerOfFlag } from "../check.ts";
import type { Engine } from "../engine.ts";
import { flagPathOf } from "../flagplace.ts";

/**
 * Mistral's own format of files, which its repositories have in addition to that of Transformers. It is a warning,
 * because another publisher may have kept the files.
 */
export const MISTRAL_FORMAT_CHECK: Check = {
  name: "the repository has the files of the format",
  source:
    "MISTRAL_CONFIG_NAME (params.json) of vllm/transformers_utils/config.py, and consolidated*.safetensors of the model loader; vllm-project/vllm#17132",
  codes: ["InvalidFlagValue"],
  judge: (subject) => subject.engines.filter(({ isVllm }) => isVllm).flatMap((engine) => judgeEngine(engine, subject)),
};

const FILES = [
  ["config-format", "params.json"],
  ["load-format", "consolidated*.safetensors"],
] as const;

function judgeEngine(engine: Engine, subject: CheckSubject): CheckFinding[] {
  const { uri = "" } = subject.spec.model ?? {};
  const publisher = uri.startsWith("hf://") ? publisherOf(uri.slice("hf://".length)) : undefined;
  if (publisher === undefined || publisher === "mistralai") return [];
  const found = FILES.find(([flag]) => flagValue(engine.args, flag) === "mistral");
  if (found === undefined) return [];
  const [flag, files] = found;
  return [
    {
      code: "InvalidFlagValue",
      severity: "warning",
      path: flagPathOf(engine, flag),
      layer: layerOfFlag(subject, engine, flag),
      message: `--${flag} is mistral, for which vLLM reads ${files}: repositories of other publishers than mistralai usually have only the files of Transformers`,
      fix: "remove --config-format, --load-format and --tokenizer-mode, unless the repository has those files",
    },
  ];
}
