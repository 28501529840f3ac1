import { valuesOf } from "../../../knowledge/engine/flags/commandline.ts";
import { hasPluginFlags } from "../../../knowledge/engine/images.ts";
import { laterClass } from "../../../knowledge/engine/rules/architectures.ts";
import { lastPart } from "../../../knowledge/models/catalogue/named.ts";
import type { Check, CheckFinding, CheckSubject } from "../check.ts";
import { isInTable } from "./flags.ts";

/**
 * A model whose class the release of the engine does not have yet. It is a warning, because Transformers in the image
 * may have a class that vLLM can run.
 */
export const MODEL_CLASS_CHECK: Check = {
  name: "the engine has the class of the model",
  source: "vllm/model_executor/models/registry.py of each release (core/knowledge/engine/rules/architectures.ts)",
  codes: ["UnknownModel"],
  judge: (subject) => judgeSubject(subject).slice(0, 1),
};

/** Flags that may name another class. */
const OTHERS = ["hf-overrides", "model-impl", "model-class-overrides", "config-format", "hf-config-path"];

function judgeSubject({ engines, modelInfo, spec }: CheckSubject): CheckFinding[] {
  const { uri = "" } = spec.model ?? {};
  const stated: unknown = modelInfo?.["architectures"];
  const classes = Array.isArray(stated) ? stated.filter((one) => typeof one === "string") : [];
  // GGUF files name their class in another way.
  if ((!uri.startsWith("hf://") && classes.length === 0) || /gguf/i.test(uri)) return [];
  return engines.flatMap(({ args, release, isVllm, container: { image = "" } }): CheckFinding[] => {
    if (!isVllm || release === undefined || !isInTable(release) || hasPluginFlags(image)) return [];
    const text = valuesOf(args);
    if (OTHERS.some((flag) => text(flag) !== undefined)) return [];
    const later = laterClass(lastPart(uri), classes, release.number);
    if (later === undefined) return [];
    const message = `vLLM ${release.text} does not have the class ${later.architecture} of the model yet: it was added in ${later.from}`;
    const fix = `run vLLM ${later.from} or later, or use another model`;
    return [{ code: "UnknownModel", path: "spec.model.uri", layer: "merged", message, fix, severity: "warning" }];
  });
}
