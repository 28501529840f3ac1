import { lastPart } from "./named.ts";

/** The checkpoint, its weights in GiB as they are loaded, and where that was read. */
type Published = readonly [string, number, string];

/**
 * Quantised checkpoints whose size does not follow from their form, because their publisher leaves parts of the model in 16 bits: the
 * attention, the embeddings of the output, towers. Others publish the same model in the same form and under the same name with
 * everything quantised, so a row is of one publisher.
 */
// biome-ignore format: a row a line
const PUBLISHED: readonly Published[] = [
  // Its config.json leaves out lm_head, embed_vision and every self_attn, which 31 GiB agrees with; vllm-project/vllm#40291 saw 29.4 GiB before they were all loaded.
  ["nvidia/Gemma-4-31B-IT-NVFP4", 31, "the card of LilaRest/gemma-4-31B-it-NVFP4-turbo, which compares them on one GPU"],
  ["prithivMLmods/gemma-4-31B-it-NVFP4", 19.6, "the same card"],
  ["cyankiwi/gemma-4-31B-it-AWQ-4bit", 19.6, "the same card"],
];

const GIB = 1024 ** 3;
const BYTES = new Map(PUBLISHED.map(([id, gib]) => [id.toLowerCase(), gib * GIB]));

/** The size of the weights of a checkpoint, by the name of its publisher and its own; undefined where it follows from its form. */
export function publishedBytes(name: string): number | undefined {
  const publisher = name.split("/").at(-2);
  return publisher === undefined ? undefined : BYTES.get(`${publisher.toLowerCase()}/${lastPart(name)}`);
}
