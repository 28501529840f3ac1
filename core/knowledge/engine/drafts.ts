import { jsonOf } from "../../kubernetes/json.ts";
import { flagValue } from "./flags/commandline.ts";

/** Where a command line names the draft model for speculative decoding. */
export interface NamedDraft {
  /** The model as it is written: a name on the Hugging Face Hub, a path, or a URI. */
  model: string;
  /** The flag that names it. */
  flag: string;
  /** The flag, with another model in its place. */
  withModel(model: string): string;
}

const CONFIG = "--speculative-config";
/**
 * Flags whose whole value is the model: a key of vLLM's configuration, vLLM's own flags until 0.8.3 and from 0.22 on, and SGLang's.
 * Source: EngineArgs of vLLM, ServerArgs of SGLang.
 */
const WHOLE = [`${CONFIG}.model`, "--speculative-model", "--spec-model", "--speculative-draft-model-path"];

/** The draft model of a command line; undefined if it names none. Methods without a model (ngram, mtp) name none. */
export function draftIn(args: readonly string[]): NamedDraft | undefined {
  for (const flag of WHOLE) {
    const model = flagValue(args, flag);
    if (model !== undefined) return { model, flag, withModel: (other) => `${flag}=${other}` };
  }
  const config = jsonOf(flagValue(args, CONFIG));
  const model = config?.["model"];
  if (typeof model !== "string") return undefined;
  return {
    model,
    flag: CONFIG,
    withModel: (other) => `${CONFIG}=${JSON.stringify({ ...config, model: other })}`,
  };
}
