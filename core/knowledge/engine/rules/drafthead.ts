import { lastPart } from "../../models/catalogue/named.ts";

/** Words in the names of heads: files that draft with the layers and the embeddings of one target model. */
const HEAD = /eagle|medusa|hydra|speculator|dflash|dspark/i;

/** Families of models, as their names and those of heads have them. */
const FAMILY =
  /llama|vicuna|qwen|qwq|gemma|mistral|mixtral|ministral|devstral|deepseek|gpt-?oss|glm|phi-|kimi|minimax|granite|nemotron|olmo|ernie|hunyuan|mimo/gi;
/** The parameters of a model in billions, as a part of its name; those of the active experts (`A3B`) are left out. */
const SIZE = /^\d+(?:\.\d+)?b$/;
/** The generation of a model, of families whose generations have different layers or tokens. */
const GENERATION = /(?:llama|qwen|gemma)-?v?\d/gi;

/**
 * Whether the name of a head says that it belongs to another model than the one that is served: a head is trained for
 * one model, and has its width and its tokens. Names that say too little belong to any model.
 */
export function isHeadOfOther(head: string, served: string): boolean {
  if (!HEAD.test(head)) return false;
  const [own, target] = [lastPart(head), lastPart(served)];
  const isOther = [FAMILY, GENERATION].some((pattern) => differs(wordsOf(own, pattern), wordsOf(target, pattern)));
  return isOther || differs(sizesOf(own), sizesOf(target));
}

function sizesOf(name: string): string[] {
  return name
    .toLowerCase()
    .split(/[^a-z0-9.]+/)
    .filter((part) => SIZE.test(part));
}

function wordsOf(name: string, pattern: RegExp): string[] {
  return [...name.replaceAll("_", "-").matchAll(pattern)].map(([word]) => word.toLowerCase().replace(/-v?/, ""));
}

function differs(some: readonly string[], others: readonly string[]): boolean {
  return some.length > 0 && others.length > 0 && !some.some((word) => others.includes(word));
}
