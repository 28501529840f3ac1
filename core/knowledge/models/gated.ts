import { remembering } from "../../kubernetes/remember.ts";
import { withoutRevision } from "./catalogue/named.ts";

/** Which repositories of the Hugging Face Hub are gated: their files need a token of an account that accepted their terms. */

interface Repositories {
  publisher: string;
  /** Names of the publisher's models; without it all of them. */
  names?: RegExp;
  source: string;
}

/** Gated repositories: their card has a form (`extra_gated_prompt`), and requests without a token are refused (401). */
const GATED: readonly Repositories[] = [
  { publisher: "meta-llama", source: "sgl-project/sglang#387; vllm-project/recipes@8959cf6, models/meta-llama" },
  {
    publisher: "google",
    // Gemma 4 is under the Apache License, and open.
    names: /^(gemma-(2b|7b|1\.1-|2-|3-|3n-)|(code|pali|med|shield|recurrent|embedding|t5)gemma)/i,
    source: "Gemma's terms of use, ai.google.dev/gemma/terms: cards with `license: gemma`",
  },
  {
    publisher: "coherelabs",
    names: /^cohere-transcribe-/i,
    source: "the 401 that its config.json answers without a token, as clients that download it handle it",
  },
  { publisher: "nvidia", names: /^cosmos-reason/i, source: "the note on docs.vultr.com/models/nvidia-cosmos-reason-2" },
  { publisher: "openbmb", names: /^minicpm-v-2_6/i, source: "matatonic/openedai-vision#25" },
];

/**
 * Publishers all of whose repositories for engines have a licence that needs no acceptance: MIT, Apache 2.0 and the
 * like.
 */
const OPEN: readonly string[] = [
  ...["qwen", "deepseek-ai", "openai", "openai-community", "microsoft", "ibm-granite", "zai-org", "moonshotai"],
  ...["baai", "intfloat", "sentence-transformers", "tinyllama", "huggingfacetb", "redhatai", "unsloth"],
];

/** Whether a repository is gated; undefined if that is not known. */
export const isGated = remembering((uri): boolean | undefined => {
  const [publisher = "", name] = withoutRevision(uri.replace(/^hf:\/\//, "").toLowerCase(), ":", "@").split("/");
  if (name === undefined) return undefined;
  const isNamed = (one: Repositories): boolean => one.publisher === publisher && (one.names?.test(name) ?? true);
  if (GATED.some(isNamed)) return true;
  return OPEN.includes(publisher) ? false : undefined;
});
