import { POD_PATH } from "../../../contract/names.ts";
import { flagValue, parseArgs } from "../../../knowledge/engine/flags/commandline.ts";
import type { Check, CheckFinding, CheckSubject } from "../check.ts";
import type { Engine } from "../engine.ts";
import { flagPathOf } from "../flagplace.ts";

export const LOADED_MODEL_CHECK: Check = {
  name: "the engine loads the weights that the service fetches",
  source:
    "the model of vllm serve: its first word, or --model; KServe v0.20.0 fetches model.uri to the folder that its presets name",
  codes: ["UnusedField", "InvalidFlagValue"],
  judge: (subject) => subject.engines.flatMap((engine) => judgeEngine(engine, subject)),
};

/**
 * A model of a hub, or a URI that the engine reads itself: not a path in the pod, and not a value that is known only in
 * the pod.
 */
const ELSEWHERE = /^(?:[A-Za-z0-9][\w.-]*\/[\w.-]+|[a-z][a-z0-9+]*:\/\/[^$]+)$/;

function judgeEngine(engine: Engine, { spec }: CheckSubject): CheckFinding[] {
  const uri = spec.model?.uri;
  const loaded = engine.isVllm ? modelOf(engine) : undefined;
  if (loaded === "" && engine.start?.complete === true) return [noModel(engine)];
  if (uri === undefined || loaded === undefined || !(ELSEWHERE.test(loaded) || isUnmounted(loaded, engine))) return [];
  if (spec.storageInitializer?.enabled === false) return [];
  // A model that only a hub has is identified by its name; a revision is not part of the name.
  const fetched = /^hf:\/\/([^:]+)/.exec(uri)?.[1];
  const isOther = fetched !== undefined && fetched.toLowerCase() !== loaded.toLowerCase();
  const isPath = loaded.startsWith("/");
  const what = isPath ? loaded : isOther ? `${loaded}, another model` : `${loaded} itself`;
  return [
    {
      code: "UnusedField",
      path: "spec.model.uri",
      layer: "merged",
      message: `the engine of ${engine.path} loads ${what}, so it does not read the weights that are downloaded to ${POD_PATH.models}`,
      fix: `write ${POD_PATH.models} as the engine's model, or set storageInitializer.enabled to false`,
    },
  ];
}

function noModel(engine: Engine): CheckFinding {
  return {
    code: "InvalidFlagValue",
    path: flagPathOf(engine, ""),
    layer: "merged",
    message: "the model on the engine's command line is an empty word, so vLLM has no model to load",
    fix: "remove the empty word",
  };
}

/** A word without a slash, or a path that is neither in the folder of the weights nor in a volume. */
function isUnmounted(loaded: string, { container: { volumeMounts = [] } }: Engine): boolean {
  if (/^[A-Za-z][\w.-]*$/.test(loaded)) return true;
  if (!/^\/[\w./-]+$/.test(loaded)) return false;
  const folders = [POD_PATH.models, ...volumeMounts.map(({ mountPath }) => mountPath)];
  return !folders.some((folder) => `${loaded}/`.startsWith(`${folder.replace(/\/$/, "")}/`));
}

/** The model on an engine's command line. The server's module does not read a bare word as the model. */
function modelOf({ args, start }: Engine): string | undefined {
  const word = start?.isModule === true ? undefined : parseArgs(args).find(({ flag }) => flag === undefined)?.words[0];
  return word ?? flagValue(args, "model");
}
