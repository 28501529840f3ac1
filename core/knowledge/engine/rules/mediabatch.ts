import { releaseNumber } from "../release.ts";

/** A family whose media attend in both directions, so that an item of it must fit into one step. */
export interface WholeMedia {
  /** The tokens of the largest item, and its modality. */
  tokens: number;
  modality: "image" | "video";
  /** The first release that does not split an item over steps. */
  from: string;
}

/**
 * Sources: `_VIDEO_MAX_FRAMES * (_VIDEO_MAX_SOFT_TOKENS + 2 + 6)` in vllm/model_executor/models/gemma4_mm.py, of sizes
 * whose text_config has `use_bidirectional_attention: vision` (26B-A4B and 31B), every release from 0.20.0 to 0.33.0;
 * `mm_tokens_per_image` of Gemma 3 and `is_mm_prefix_lm` in vllm/config/model.py, from 0.13.0 on. CudaPlatform turns
 * `--disable-chunked-mm-input` on for them, and compute_mm_encoder_budget refuses smaller steps.
 */
const GEMMA4: WholeMedia = { tokens: 2496, modality: "video", from: "0.20.0" };
const GEMMA3: WholeMedia = { tokens: 256, modality: "image", from: "0.13.0" };

const NAMED: readonly (readonly [name: RegExp, media: WholeMedia])[] = [
  [/^gemma-4-(?:26b|31b)/i, GEMMA4],
  [/^gemma-3-(?:4b|12b|27b)/i, GEMMA3],
];

/** A model as this rule knows it: the last part of its name, and fields of its config if they are given. */
export interface MediaModel {
  name: string;
  type?: unknown;
  attention?: unknown;
}

/** The media of a model that must fit into one step of a release; undefined if there are none. */
export function wholeMedia({ name, type, attention }: MediaModel, release: number): WholeMedia | undefined {
  const media = type === undefined ? NAMED.find(([pattern]) => pattern.test(name))?.[1] : ofType(type, attention);
  return media === undefined || release < (releaseNumber(media.from) ?? 0) ? undefined : media;
}

function ofType(type: unknown, attention: unknown): WholeMedia | undefined {
  if (type === "gemma3") return GEMMA3;
  return type === "gemma4" && attention === "vision" ? GEMMA4 : undefined;
}
