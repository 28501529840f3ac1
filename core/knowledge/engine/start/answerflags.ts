import type { EngineKind } from "../engines.ts";

/** A flag or a variable whose difference makes two engines of one model treat the same request differently. */
export interface AnswerFlag {
  /** Its name by engine; an engine that is not listed has none. */
  flag?: Partial<Record<EngineKind, string>>;
  /** The environment variable that sets it if the flag is not set. */
  variable?: string;
  /** What clients see if pods of one pool differ in it. */
  effect: string;
  /** Its default, if all releases and kinds of hardware have the same. */
  unset?: string;
  /** Whether its default is the model's own folder or name. */
  isOfModel?: true;
  /** Words with the same meaning as others. */
  synonyms?: Readonly<Record<string, string>>;
  /** Whether its value is never shown. */
  isSecret?: true;
  /** Whether it only matters that it is set. */
  isPresence?: true;
  /** Whether it only matters if the scheduler looks up the prefixes that engines report as cached. */
  ofPrefixes?: true;
}

const ENDPOINTS = "the pods do not serve the same endpoints";
const FORMS = "the pods answer the same request in different formats";
const TOKENS = "some of the pods split the same request into different tokens";
const ANSWERS = "some of the pods give different answers to the same request";
/** The default for most models, those that generate text: a difference is only reported if another value is written. */
const AUTO = { auto: "generate" };
const REFUSED = "some of the pods refuse requests that others answer";
const PREFIXES = "the scheduler cannot compare the prefixes that the pods report as cached";

/**
 * Settings that pods behind one pool must have in common, because a request may reach any of them. Flags of memory,
 * parallelism and number formats are not among them: they follow from the hardware. Sources: vllm/entrypoints/openai
 * (cli_args.py, serving_chat.py) and vllm/config of vLLM 0.23; server_args.py of SGLang 0.5; for the prefixes
 * tokenProcessorConfig and kvEventsConfig of llm-d-kv-cache.
 */
export const ANSWER_FLAGS: readonly AnswerFlag[] = [
  {
    flag: { vllm: "api-key", sglang: "api-key" },
    variable: "VLLM_API_KEY",
    effect: "some of the pods refuse or ignore an API key that others require",
    isSecret: true,
  },
  {
    flag: { vllm: "root-path", sglang: "fastapi-root-path" },
    effect: "only some of the pods serve paths with this prefix",
  },
  { flag: { vllm: "runner" }, effect: ENDPOINTS, unset: "auto", synonyms: AUTO },
  { flag: { vllm: "convert" }, effect: ENDPOINTS, unset: "auto", synonyms: { auto: "none" } },
  { flag: { vllm: "task" }, effect: ENDPOINTS, unset: "auto", synonyms: AUTO },
  { flag: { sglang: "is-embedding" }, effect: ENDPOINTS, unset: "false" },
  { flag: { vllm: "enable-auto-tool-choice" }, effect: REFUSED, unset: "false" },
  { flag: { vllm: "tool-call-parser", sglang: "tool-call-parser" }, effect: FORMS },
  { flag: { vllm: "reasoning-parser", sglang: "reasoning-parser" }, effect: FORMS },
  { flag: { vllm: "chat-template", sglang: "chat-template" }, effect: TOKENS },
  { flag: { vllm: "tokenizer", sglang: "tokenizer-path" }, effect: TOKENS, isOfModel: true },
  { flag: { vllm: "tokenizer-revision" }, effect: TOKENS, unset: "main" },
  { flag: { vllm: "revision", sglang: "revision" }, effect: ANSWERS, unset: "main" },
  { flag: { vllm: "generation-config" }, effect: ANSWERS, unset: "auto" },
  { flag: { vllm: "override-generation-config", sglang: "preferred-sampling-params" }, effect: ANSWERS },
  { flag: { vllm: "limit-mm-per-prompt", sglang: "limit-mm-data-per-request" }, effect: REFUSED },
  { flag: { vllm: "enable-prompt-embeds" }, effect: REFUSED, unset: "false" },
  { flag: { vllm: "max-logprobs" }, effect: REFUSED, unset: "20" },
  { flag: { vllm: "block-size", sglang: "page-size" }, effect: PREFIXES, ofPrefixes: true },
  { flag: { vllm: "prefix-caching-hash-algo" }, effect: PREFIXES, ofPrefixes: true },
  { variable: "PYTHONHASHSEED", effect: PREFIXES, ofPrefixes: true },
  {
    flag: { vllm: "kv-events-config", sglang: "kv-events-config" },
    effect: PREFIXES,
    isPresence: true,
    ofPrefixes: true,
  },
];
