import type { EngineKind } from "../engines.ts";

/** A flag or a variable by which two engines of one model treat the same request differently. */
export interface AnswerFlag {
  /** Its name by engine; an engine that is not named has none. */
  flag?: Partial<Record<EngineKind, string>>;
  /** The environment variable that says the same where the flag is not set. */
  variable?: string;
  /** What clients see where pods of one pool differ in it. */
  effect: string;
  /** What holds where it is not set, where all releases and kinds of hardware have the same. */
  unset?: string;
  /** Whether it comes to the model's own folder or name where it is not set. */
  isOfModel?: true;
  /** Words that say the same as others. */
  synonyms?: Readonly<Record<string, string>>;
  /** Whether its value is never shown. */
  isSecret?: true;
  /** Whether only counts that it is set. */
  isPresence?: true;
  /** Whether it only counts where the scheduler looks up the prefixes that engines report as cached. */
  ofPrefixes?: true;
}

const ENDPOINTS = "the pods do not serve the same endpoints";
const FORMS = "the same request gets answers of different forms";
const TOKENS = "the same request becomes other tokens on some of the pods";
const ANSWERS = "the same request gets other answers on some of the pods";
/** What most models come to, those that generate text: a difference is told only where somebody asks for something else. */
const AUTO = { auto: "generate" };
const REFUSED = "a request that some of the pods answer is refused by others";
const PREFIXES = "the scheduler cannot compare the prefixes that the pods report as cached";

/**
 * What pods behind one pool must have alike, because a request may reach any of them. Flags of memory, parallelism and number
 * formats are not among them: they follow from the hardware.
 * Sources: vllm/entrypoints/openai (cli_args.py, serving_chat.py) and vllm/config of vLLM 0.23; server_args.py of SGLang 0.5; for the
 * prefixes tokenProcessorConfig and kvEventsConfig of llm-d-kv-cache.
 */
export const ANSWER_FLAGS: readonly AnswerFlag[] = [
  {
    flag: { vllm: "api-key", sglang: "api-key" },
    variable: "VLLM_API_KEY",
    effect: "a key that some of the pods ask for is refused or ignored by others",
    isSecret: true,
  },
  {
    flag: { vllm: "root-path", sglang: "fastapi-root-path" },
    effect: "a path with this prefix is found by some of the pods only",
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
