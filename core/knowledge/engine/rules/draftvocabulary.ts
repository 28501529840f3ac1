import { releaseNumber } from "../release.ts";

/**
 * From FROM on a whole model that drafts has as many tokens as the model that it drafts for; from ANY_FROM on a key of
 * the configuration allows others. Source: verify_equal_vocab_size_if_draft_model in vllm/config/speculative.py, every
 * release from 0.15.0 to 0.33.0.
 */
const FROM = releaseNumber("0.15.0") ?? 0;
const ANY_FROM = releaseNumber("0.25.0") ?? 0;

/** The key with which a draft model may have other tokens than its target. */
export const ANY_VOCABULARY = "use_heterogeneous_vocab";

/** Whether a release requires a draft model with the tokens of its target, and whether a key can allow others. */
export function comparesVocabularies(release: number): boolean {
  return release >= FROM;
}

export function allowsAnyVocabulary(release: number): boolean {
  return release >= ANY_FROM;
}
