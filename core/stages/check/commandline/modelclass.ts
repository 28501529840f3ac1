import { valuesOf } from "../../../knowledge/engine/flags/commandline.ts";
import type { Release } from "../../../knowledge/engine/flags/judge.ts";
import { hasPluginFlags } from "../../../knowledge/engine/images.ts";
import { laterClass } from "../../../knowledge/engine/rules/architectures.ts";
import { lastPart } from "../../../knowledge/models/catalogue/named.ts";
import { textsOf } from "../../../kubernetes/json.ts";
import type { Check, CheckFinding, CheckSubject } from "../check.ts";
import type { Engine } from "../engine.ts";
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

/** The release of an engine whose classes the tables know; undefined if plugins or flags may add or name others. */
export function releaseOfClasses({ args, release, isVllm, container: { image = "" } }: Engine): Release | undefined {
  if (!isVllm || release === undefined || !isInTable(release) || hasPluginFlags(image)) return undefined;
  const text = valuesOf(args);
  return OTHERS.some((flag) => text(flag) !== undefined) ? undefined : release;
}

/** The `architectures` of the model's config, and its URI; undefined where its files name the class in another way. */
export function classOf({ modelInfo, spec }: CheckSubject): { uri: string; stated: readonly string[] } | undefined {
  const { uri = "" } = spec.model ?? {};
  const stated = textsOf(modelInfo?.["architectures"]);
  // GGUF files name their class in another way.
  return (!uri.startsWith("hf://") && stated.length === 0) || /gguf/i.test(uri) ? undefined : { uri, stated };
}

function judgeSubject(subject: CheckSubject): CheckFinding[] {
  const model = classOf(subject);
  if (model === undefined) return [];
  return subject.engines.flatMap((engine): CheckFinding[] => {
    const release = releaseOfClasses(engine);
    const later = release && laterClass(lastPart(model.uri), model.stated, release.number);
    if (release === undefined || later === undefined) return [];
    const message = `vLLM ${release.text} does not have the class ${later.architecture} of the model yet: it was added in ${later.from}`;
    const fix = `run vLLM ${later.from} or later, or use another model`;
    return [{ code: "UnknownModel", path: "spec.model.uri", layer: "merged", message, fix, severity: "warning" }];
  });
}
