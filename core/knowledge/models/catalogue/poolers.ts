import { TIED } from "./families.ts";
import type { Row } from "./row.ts";

/**
 * Encoders: the BERT family has bidirectional attention and keeps no cache. `max_seq_length` is that of
 * `sentence_bert_config.json`, if it is less.
 */
const BERT = { ...TIED, model_type: "bert", architectures: ["BertModel"], torch_dtype: "float32" };
const ROBERTA = { ...BERT, model_type: "roberta", architectures: ["RobertaModel"] };
const XLM = { ...BERT, model_type: "xlm-roberta", architectures: ["XLMRobertaModel"] };
const MPNET = { ...BERT, model_type: "mpnet", architectures: ["MPNetModel"] };
const MODERN = { ...TIED, model_type: "modernbert", architectures: ["ModernBertModel"] };
const NOMIC = { ...BERT, model_type: "nomic_bert", architectures: ["NomicBertModel"], activation_function: "swiglu" };
/** Jina's BERT: a gated feed-forward part and no positions. */
const ALIBI = { ...NOMIC, position_embedding_type: "alibi" };
const GTE = { ...BERT, model_type: "new", architectures: ["NewModel"], position_embedding_type: "rope" };
const CLASSIFIES = (of: string): { architectures: string[] } => ({ architectures: [`${of}ForSequenceClassification`] });

/** Text models that embed: without the projection back to the vocabulary. */
const EMBEDS = { ...TIED, pooling: true };
/** The same, trained with bidirectional attention. */
const BOTH_WAYS = { ...EMBEDS, is_causal: false };
const H128 = { head_dim: 128 };

/** Embedding models and rerankers. */
// biome-ignore format: a row a line
export const POOLERS: readonly Row[] = [
  ["BAAI/bge-small-en-v1.5", 12, 384, 1536, 12, 12, 30522, 512, "counted+mteb", { ...BERT, billions: 0.0334, also: ["bge-small-en", "gte-small", "e5-small", "e5-small-v2", "snowflake-arctic-embed-s"] }],
  ["BAAI/bge-base-en-v1.5", 12, 768, 3072, 12, 12, 30522, 512, "counted+mteb", { ...BERT, billions: 0.109, also: ["bge-base-en", "e5-base", "e5-base-v2", "gte-base", "snowflake-arctic-embed-m", "snowflake-arctic-embed-m-v1.5"] }],
  ["BAAI/bge-large-en-v1.5", 24, 1024, 4096, 16, 16, 30522, 512, "counted+mteb", { ...BERT, billions: 0.335, also: ["bge-large-en", "e5-large", "e5-large-v2", "gte-large", "mxbai-embed-large-v1", "snowflake-arctic-embed-l", "uae-large-v1"] }],
  ["BAAI/bge-base-zh-v1.5", 12, 768, 3072, 12, 12, 21128, 512, "counted+mteb", { ...BERT, billions: 0.102, also: ["bge-base-zh"] }],
  ["BAAI/bge-large-zh-v1.5", 24, 1024, 4096, 16, 16, 21128, 512, "counted+mteb", { ...BERT, billions: 0.326, also: ["bge-large-zh"] }],
  ["BAAI/bge-small-zh-v1.5", 4, 512, 2048, 8, 8, 21128, 512, "counted", { ...BERT, billions: 0.024, also: ["bge-small-zh"] }],
  ["Snowflake/snowflake-arctic-embed-xs", 6, 384, 1536, 12, 12, 30522, 512, "counted+mteb", { ...BERT, billions: 0.0227 }],
  ["sentence-transformers/all-MiniLM-L6-v2", 6, 384, 1536, 12, 12, 30522, 512, "counted+mteb", { ...BERT, billions: 0.0227, max_seq_length: 256 }],
  ["sentence-transformers/multi-qa-MiniLM-L6-cos-v1", 6, 384, 1536, 12, 12, 30522, 512, "counted+mteb", { ...BERT, billions: 0.0227 }],
  ["sentence-transformers/all-MiniLM-L12-v2", 12, 384, 1536, 12, 12, 30522, 512, "counted+mteb", { ...BERT, billions: 0.0334, max_seq_length: 256 }],
  ["sentence-transformers/paraphrase-multilingual-MiniLM-L12-v2", 12, 384, 1536, 12, 12, 250037, 512, "counted+mteb", { ...BERT, billions: 0.118 }],
  ["sentence-transformers/all-mpnet-base-v2", 12, 768, 3072, 12, 12, 30527, 514, "counted+mteb", { ...MPNET, billions: 0.1095, max_seq_length: 384 }],
  ["sentence-transformers/multi-qa-mpnet-base-dot-v1", 12, 768, 3072, 12, 12, 30527, 514, "counted+mteb", { ...MPNET, billions: 0.1095 }],
  ["cross-encoder/ms-marco-MiniLM-L6-v2", 6, 384, 1536, 12, 12, 30522, 512, "counted", { ...BERT, ...CLASSIFIES("Bert"), billions: 0.0227, also: ["ms-marco-minilm-l-6-v2"] }],
  ["intfloat/multilingual-e5-small", 12, 384, 1536, 12, 12, 250037, 512, "counted+mteb", { ...BERT, billions: 0.118 }],
  ["intfloat/multilingual-e5-base", 12, 768, 3072, 12, 12, 250002, 514, "counted+mteb", { ...XLM, billions: 0.278, also: ["granite-embedding-278m-multilingual", "paraphrase-multilingual-mpnet-base-v2"] }],
  ["intfloat/multilingual-e5-large", 24, 1024, 4096, 16, 16, 250002, 514, "counted+mteb", { ...XLM, billions: 0.56, also: ["multilingual-e5-large-instruct"] }],
  ["BAAI/bge-reranker-base", 12, 768, 3072, 12, 12, 250002, 514, "counted", { ...XLM, ...CLASSIFIES("XLMRoberta"), billions: 0.278 }],
  ["BAAI/bge-reranker-large", 24, 1024, 4096, 16, 16, 250002, 514, "counted", { ...XLM, ...CLASSIFIES("XLMRoberta"), billions: 0.56 }],
  ["BAAI/bge-m3", 24, 1024, 4096, 16, 16, 250002, 8194, "counted+mteb", { ...XLM, billions: 0.568, also: ["bge-m3-unsupervised", "bge-m3-retromae", "snowflake-arctic-embed-l-v2.0"] }],
  // Its config.json is quoted in full in public log 64108299073.
  ["BAAI/bge-reranker-v2-m3", 24, 1024, 4096, 16, 16, 250002, 8194, "counted+mteb", { ...XLM, ...CLASSIFIES("XLMRoberta"), billions: 0.568 }],
  ["jinaai/jina-embeddings-v3", 24, 1024, 4096, 16, 16, 250002, 8194, "counted+mteb", { ...XLM, position_embedding_type: "rotary", billions: 0.572 }],
  ["jinaai/jina-reranker-v2-base-multilingual", 12, 768, 3072, 12, 12, 250002, 1026, "counted+mteb", { ...XLM, ...CLASSIFIES("XLMRoberta"), billions: 0.278 }],
  ["ibm-granite/granite-embedding-107m-multilingual", 6, 384, 1536, 12, 12, 250002, 514, "counted+mteb", { ...XLM, billions: 0.107 }],
  ["ibm-granite/granite-embedding-125m-english", 12, 768, 3072, 12, 12, 50265, 514, "counted+mteb", { ...ROBERTA, billions: 0.1246 }],
  ["ibm-granite/granite-embedding-30m-english", 6, 384, 1536, 12, 12, 50265, 514, "counted+mteb", { ...ROBERTA, billions: 0.0303 }],
  ["answerdotai/ModernBERT-base", 22, 768, 1152, 12, 12, 50368, 8192, "counted+mteb", { ...MODERN, billions: 0.149, also: ["gte-modernbert-base", "gte-reranker-modernbert-base", "modernbert-embed-base", "granite-embedding-english-r2", "granite-embedding-reranker-english-r2"] }],
  ["answerdotai/ModernBERT-large", 28, 1024, 2624, 16, 16, 50368, 8192, "counted", { ...MODERN, billions: 0.395, also: ["modernbert-embed-large"] }],
  ["ibm-granite/granite-embedding-small-english-r2", 12, 384, 1536, 12, 12, 50368, 8192, "counted+mteb", { ...MODERN, billions: 0.0477 }],
  ["Alibaba-NLP/gte-multilingual-base", 12, 768, 3072, 12, 12, 250048, 8192, "counted+mteb", { ...GTE, billions: 0.305, also: ["snowflake-arctic-embed-m-v2.0", "gte-multilingual-reranker-base"] }],
  ["Alibaba-NLP/gte-base-en-v1.5", 12, 768, 3072, 12, 12, 30528, 8192, "counted+mteb", { ...GTE, billions: 0.137 }],
  ["Alibaba-NLP/gte-large-en-v1.5", 24, 1024, 4096, 16, 16, 30528, 8192, "counted+mteb", { ...GTE, billions: 0.435, also: ["stella_en_400m_v5"] }],
  ["nomic-ai/nomic-embed-text-v1.5", 12, 768, 3072, 12, 12, 30528, 8192, "counted+mteb", { ...NOMIC, billions: 0.137, also: ["nomic-embed-text-v1", "nomic-embed-text-v1-unsupervised"] }],
  ["Snowflake/snowflake-arctic-embed-m-long", 12, 768, 3072, 12, 12, 30528, 8192, "counted+mteb", { ...NOMIC, billions: 0.137 }],
  ["jinaai/jina-embeddings-v2-base-en", 12, 768, 3072, 12, 12, 30528, 8192, "counted+mteb", { ...ALIBI, billions: 0.137 }],
  ["jinaai/jina-embeddings-v2-small-en", 4, 512, 2048, 8, 8, 30528, 8192, "counted+mteb", { ...ALIBI, billions: 0.0327 }],
  ["jinaai/jina-embeddings-v2-base-code", 12, 768, 3072, 12, 12, 61056, 8192, "counted+mteb", { ...ALIBI, billions: 0.161, also: ["de", "es", "zh"].map((language) => `jina-embeddings-v2-base-${language}`) }],
  ["nomic-ai/nomic-embed-text-v2-moe", 12, 768, 3072, 12, 12, 250048, 2048, "counted+mteb", { ...NOMIC, activation_function: "gelu", num_experts: 8, num_experts_per_tok: 2, moe_intermediate_size: 3072, decoder_sparse_step: 2, billions: 0.475 }],
  ["google/embeddinggemma-300m", 24, 768, 1152, 3, 1, 262144, 2048, "counted+mteb", { ...EMBEDS, head_dim: 256, sliding_window: 512, use_bidirectional_attention: true, billions: 0.308 }],
  ["intfloat/e5-mistral-7b-instruct", 32, 4096, 14336, 32, 8, 32000, 32768, "counted+mteb", { ...EMBEDS, torch_dtype: "float16", billions: 7.11, also: ["sfr-embedding-mistral", "sfr-embedding-2_r", "linq-embed-mistral", "bge-en-icl", "e5-mistral-7b"] }],
  // A layer of latent attention in addition to the language model.
  ["nvidia/NV-Embed-v2", 32, 4096, 14336, 32, 8, 32000, 32768, "counted+mteb", { ...BOTH_WAYS, billions: 7.85, also: ["nv-embed-v1"] }],
  ["GritLM/GritLM-7B", 32, 4096, 14336, 32, 8, 32000, 32768, "counted+mteb", { pooling: true, billions: 7.24 }],
  ["BAAI/bge-multilingual-gemma2", 42, 3584, 14336, 16, 8, 256002, 8192, "counted+mteb", { ...EMBEDS, head_dim: 256, billions: 9.24 }],
  ["BAAI/bge-reranker-v2-gemma", 18, 2048, 16384, 8, 1, 256000, 8192, "counted", { ...EMBEDS, head_dim: 256, billions: 2.51 }],
  ["Alibaba-NLP/gte-Qwen2-1.5B-instruct", 28, 1536, 8960, 12, 2, 151646, 131072, "counted+mteb", { ...BOTH_WAYS, billions: 1.543, also: ["inf-retriever-v1-1.5b", "stella_en_1.5b_v5"] }],
  ["Alibaba-NLP/gte-Qwen2-7B-instruct", 28, 3584, 18944, 28, 4, 151646, 131072, "counted+mteb", { ...BOTH_WAYS, billions: 7.07, also: ["inf-retriever-v1"] }],
  ["Alibaba-NLP/gte-Qwen1.5-7B-instruct", 32, 4096, 11008, 32, 32, 151936, 32768, "counted+mteb", { ...BOTH_WAYS, billions: 7.1 }],
  ["nomic-ai/nomic-embed-code", 28, 3584, 18944, 28, 4, 152064, 32768, "counted+mteb", { ...EMBEDS, billions: 7.07 }],
  ["nvidia/llama-embed-nemotron-8b", 32, 4096, 14336, 32, 8, 128256, 131072, "counted+mteb", { ...BOTH_WAYS, billions: 7.505 }],
  ["nvidia/llama-nemotron-rerank-1b-v2", 16, 2048, 8192, 32, 8, 128256, 131072, "counted+mteb", { ...BOTH_WAYS, head_dim: 64, billions: 1.236, also: ["llama-nemotron-embed-1b-v2", "llama-3.2-nv-embedqa-1b-v2", "llama-3.2-nv-rerankqa-1b-v2"] }],
  ["mixedbread-ai/mxbai-rerank-base-v2", 24, 896, 4864, 14, 2, 151936, 32768, "counted+mteb", { ...EMBEDS, billions: 0.494 }],
  ["mixedbread-ai/mxbai-rerank-large-v2", 28, 1536, 8960, 12, 2, 151936, 32768, "counted+mteb", { ...EMBEDS, billions: 1.544 }],
  ["jinaai/jina-embeddings-v4", 36, 2048, 11008, 16, 2, 151936, 128000, "counted+mteb", { ...EMBEDS, vision_config: {}, billions: 3.93, beside: "a vision tower and adapters" }],
  ["jinaai/jina-reranker-v3", 28, 1024, 3072, 16, 8, 151936, 131072, "counted+mteb", { ...EMBEDS, ...H128, billions: 0.597 }],
  ["Qwen/Qwen3-Embedding-0.6B", 28, 1024, 3072, 16, 8, 151669, 32768, "config+mteb", { ...EMBEDS, ...H128, billions: 0.596, also: ["octen-embedding-0.6b"] }],
  ["Qwen/Qwen3-Embedding-4B", 36, 2560, 9728, 32, 8, 151665, 40960, "config+mteb", { ...EMBEDS, ...H128, billions: 4.02, also: ["octen-embedding-4b"] }],
  ["Qwen/Qwen3-Embedding-8B", 36, 4096, 12288, 32, 8, 151665, 40960, "config+mteb", { ...EMBEDS, ...H128, billions: 7.57, also: ["octen-embedding-8b"] }],
  ["Qwen/Qwen3-Reranker-0.6B", 28, 1024, 3072, 16, 8, 151669, 40960, "config+mteb", { ...TIED, ...H128, billions: 0.596 }],
  ["Qwen/Qwen3-Reranker-4B", 36, 2560, 9728, 32, 8, 151669, 40960, "config+mteb", { ...TIED, ...H128, billions: 4.02 }],
  ["Qwen/Qwen3-Reranker-8B", 36, 4096, 12288, 32, 8, 151669, 40960, "config+mteb", { ...H128, billions: 8.19 }],
  ["Qwen/Qwen3-VL-Embedding-2B", 28, 2048, 6144, 16, 8, 151936, 262144, "counted+mteb", { ...EMBEDS, ...H128, vision_config: {}, billions: 2.13, also: ["qwen3-vl-reranker-2b"] }],
  ["Qwen/Qwen3-VL-Embedding-8B", 36, 4096, 12288, 32, 8, 151936, 262144, "counted+mteb", { ...EMBEDS, ...H128, vision_config: {}, billions: 8.14 }],
  ["Qwen/Qwen3-VL-Reranker-8B", 36, 4096, 12288, 32, 8, 151936, 262144, "counted", { ...H128, vision_config: {}, billions: 8.77 }],
  // The shape is that of Qwen3-0.6B-Base, the backbone that the recipe names; the recipe states the context.
  ["jinaai/jina-embeddings-v5-text-small", 28, 1024, 3072, 16, 8, 151936, 32768, "aic+litgpt+recipes", { ...EMBEDS, ...H128, billions: 0.677, also: ["retrieval", "text-matching", "classification", "clustering"].map((task) => `jina-embeddings-v5-text-small-${task}`) }],
];
