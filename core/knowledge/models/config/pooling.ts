import { asText, type Json, objectOf, objectsOf } from "../../../kubernetes/json.ts";
import { entryOf } from "../../../kubernetes/table.ts";
import { type ModelInfo, numberOf } from "./config.ts";

/**
 * What follows from how a model is used: an encoder, or a model that makes one vector of a text, differs from a
 * generative model.
 */
export interface Use {
  /** Whether a text becomes a vector or a score: no logits are made. */
  pooling?: boolean;
  /** Whether attention is bidirectional: keys and values are needed once, and none is cached. */
  cacheless?: boolean;
}

/**
 * Families of encoders, and how many of their positions are unused: those of the RoBERTa family begin after the
 * padding position. Source: vllm/model_executor/models/roberta.py, and `padding_idx` of the families' embeddings in
 * transformers.
 */
const ENCODERS: Readonly<Record<string, number>> = {
  bert: 0,
  distilbert: 0,
  electra: 0,
  "deberta-v2": 0,
  modernbert: 0,
  nomic_bert: 0,
  new: 0,
  gte: 0,
  roberta: 2,
  "xlm-roberta": 2,
  "xlm-roberta-xl": 2,
  camembert: 2,
  mpnet: 2,
};

/**
 * Suffixes of an architecture's name for which vLLM runs a model as a pooling model. Source: _SUFFIX_TO_DEFAULTS,
 * vllm/config/model.py, 0.10 to 0.33.
 */
const POOLS = /(ForTextEncoding|EmbeddingModel|Classification|ClassificationModel|ForRewardModeling|RewardModel)$/;
const WRITES = /(ForCausalLM|ForConditionalGeneration|ChatModel|LMHeadModel)$/;

export function useOf(config: ModelInfo): Use {
  const { model_type: type = "" } = config;
  const isEncoder = entryOf(ENCODERS, type) !== undefined;
  const stated = config["architectures"];
  const architecture = Array.isArray(stated) ? String(stated[0]) : "";
  const looksBothWays = config["is_causal"] === false || config["use_bidirectional_attention"] === true;
  const pools =
    config["pooling"] === true ||
    isEncoder ||
    POOLS.test(architecture) ||
    (architecture.endsWith("Model") && !WRITES.test(architecture));
  return {
    ...(pools && { pooling: true }),
    ...((isEncoder || looksBothWays) && pools && { cacheless: true }),
  };
}

/** Numbers of tokens, as the facts of a model have them. */
interface Positions {
  maxPositions?: number;
  statedPositions?: number;
  defaultPositions?: number;
}

/**
 * How many tokens a model can take, and the number in its config if that is larger. Sentence-transformers have a
 * lower limit in `sentence_bert_config.json`, which vLLM obeys. Source: _get_and_verify_max_len, vllm/config/model.py.
 */
export function positionsOf(config: ModelInfo): Positions {
  const { max_position_embeddings: stated, model_type: type = "" } = config;
  if (stated === undefined) return {};
  const { position_embedding_type: kind = "absolute" } = config;
  const unused = kind === "absolute" ? (entryOf(ENCODERS, type) ?? 0) : 0;
  const usable = Math.min(stated - unused, numberOf(config["max_seq_length"]) ?? stated);
  const original = isLongRope(config) ? numberOf(config["original_max_position_embeddings"]) : undefined;
  return {
    maxPositions: usable,
    ...(usable < stated && { statedPositions: stated }),
    ...(original !== undefined && original < usable && { defaultPositions: original }),
  };
}

function isLongRope(config: ModelInfo): boolean {
  const stated = objectOf((config["rope_scaling"] ?? config["rope_parameters"]) as Json | undefined);
  return [stated, ...objectsOf(Object.values(stated))].some((rope) =>
    ["longrope", "su"].includes(asText(rope["rope_type"] ?? rope["type"])),
  );
}
