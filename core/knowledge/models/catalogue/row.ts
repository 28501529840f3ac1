import type { ModelInfo } from "../config/config.ts";

/** The sources of a row's facts; the rows contain the keys. */
const SOURCES = {
  aic: "ai-dynamo/aiconfigurator@095f58a51, aic-core/src/aiconfigurator_core/model_configs: the config.json of the model",
  litgpt: "Lightning-AI/litgpt@26857050, litgpt/config.py",
  kaito:
    "kaito-project/kaito@056b8280b, presets/workspace/models/model_catalog.yaml: shape, context and size of the files",
  recipes: "vllm-project/recipes@8959cf6, models/: context, parameters and precision",
  mteb: "embeddings-benchmark/mteb@a905523d, mteb/models/model_implementations: parameters, those of the embeddings, and tokens",
  config:
    "the config.json of the model on huggingface.co; the parameters that follow from it agree with the model card",
  counted:
    "the shape of the model's family, without its config.json at hand; the parameters that follow from it agree with the published number",
  transformers:
    "huggingface/transformers 5.24.0, src/transformers/models: the defaults of the model's class, which names the checkpoint that they are of; of another version or size, see the row's comment",
  presets:
    "zhenghao21/heterollm-sim-4.0.0@0152775ce, src/heterollm_sim/model_presets.py: fields of the config.json at a named revision",
  quoted: "the config.json or the card of the model, as the place that the row's comment names quotes it",
  logs: "vLLM's logs in public issues: see the row's comment",
} as const;
type Source = keyof typeof SOURCES;

/** What a row has in addition to its columns: more fields of the config, and: */
interface More extends ModelInfo {
  /** Other names of the same model. */
  also?: readonly string[];
  /** Published number of parameters, in 10⁹, if it includes parts that are not counted from the shape (vision, MTP). */
  billions?: number;
  /** Size of the files, or of the loaded weights if that is more, in GiB. Without it weights are parameters × bytes. */
  gib?: number;
  /** Large parts that the shape does not cover: parameters and files exceed the counted sum. */
  beside?: string;
}

/**
 * Name, layers, hidden, feed-forward, heads, KV heads, vocabulary, context, sources (joined by +), and other
 * differences.
 */
export type Row = readonly [string, number, number, number, number, number, number, number, string, More?];
export const isSource = (name: string): name is Source => Object.hasOwn(SOURCES, name);
