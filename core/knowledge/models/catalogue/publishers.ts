/**
 * Publishers who publish the models of others in another form, or unchanged, and keep the shape and the name: companies
 * of accelerators and of quantisation, and mirrors. Source: the cards of their models, which name the original as
 * `base_model` with the relation `quantized`, or are copies of its card.
 */
const REDISTRIBUTORS: ReadonlySet<string> = new Set([
  "amd",
  "bartowski",
  "casperhansen",
  "cyankiwi",
  "gaunernst",
  "hugging-quants",
  "inferact",
  "intel",
  "lmstudio-community",
  "neuralmagic",
  "nm-testing",
  "nousresearch",
  "nvidia",
  "quanttrio",
  "redhatai",
  "thebloke",
  "unsloth",
]);

/** Publishers under other names: renamed, or as ModelScope has them. */
const SAME: ReadonlyMap<string, string> = new Map([
  ["thudm", "zai-org"],
  ["zhipuai", "zai-org"],
  ["llm-research", "meta-llama"],
  ["openai-mirror", "openai"],
]);

/** The publisher in a name, in lower case; undefined if it has none. */
export function publisherOf(name: string): string | undefined {
  return name.split("/").at(-2)?.toLowerCase();
}

/** Whether a model of this name has the shape of the row that its last part refers to; of other publishers it only may have. */
export function isPublished(name: string, id: string): boolean {
  const publisher = publisherOf(name);
  if (publisher === undefined) return false;
  return REDISTRIBUTORS.has(publisher) || (SAME.get(publisher) ?? publisher) === publisherOf(id);
}
