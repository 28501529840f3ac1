import { type Json, objectOf } from "../../../kubernetes/json.ts";
import { entryOf } from "../../../kubernetes/table.ts";
import { type ModelInfo, numberOf } from "./config.ts";

/** What the tower of a model makes of pictures and videos, as far as it is not like most. */
export interface Pictures {
  /** Patches that become one token. */
  patches?: number;
  /** Tokens of the largest picture, or of a video if that is larger. */
  largest?: number;
  /** How many of the largest pictures one video is counted as at most, in as many tokens as a sequence has. */
  videoPictures?: number;
  /** Tokens of the largest video with its time stamps, for which the first releases with the model keep room. */
  stamped?: number;
  /** How many times the tokens are kept: with the outputs of some of the tower's layers. */
  levels?: number;
  /** How much the tower holds of a patch, compared with others. */
  scale?: number;
}

/**
 * By `model_type` of the vision part or of the model. Sources: get_mm_max_tokens_per_item and what it calls, in qwen2_vl.py,
 * qwen3_vl.py, gemma4_mm.py, glm4_1v.py, internvl.py and pixtral.py of vllm/model_executor/models, 0.9 to 0.33. Qwen2.5-VL rotates positions in 32
 * bits and has a gated feed-forward part: 15.3 GiB for 114688 tokens (log of 0.22).
 */
const QWEN3: Pictures = { levels: 4, stamped: 153_600 };
const FAMILIES: Readonly<Record<string, Pictures>> = {
  pixtral: { largest: 3025 },
  gemma4_vision: { patches: 9, largest: 2496 },
  qwen2_vl: { videoPictures: 7 },
  qwen2_5_vl: { videoPictures: 7, scale: 1.32 },
  qwen3_vl: QWEN3,
  qwen3_vl_moe: QWEN3,
  // Eight times the pixels of a picture are the most of a video.
  glm4v: { largest: 3750, videoPictures: 8, scale: 1.4 },
  glm4v_moe: { largest: 3750, videoPictures: 8, scale: 1.4 },
  // A frame of a video is a picture, and no number of them is too many.
  internvl_chat: { largest: 256, videoPictures: Number.POSITIVE_INFINITY },
};
/** The width of a tower of InternVL that holds as much as others, and the usual one. */
const INTERN_VIT = { as: 1300, usual: 1024 };

export function picturesOf(info: ModelInfo): Pictures | undefined {
  const vision = objectOf(info["vision_config"] as Json | undefined);
  const type = [vision["model_type"], info.model_type]
    .map(String)
    .find((name) => entryOf(FAMILIES, name) !== undefined);
  if (type === undefined) return ofOneSize(info, vision);
  const width = type === "internvl_chat" ? (numberOf(vision["hidden_size"]) ?? INTERN_VIT.usual) : undefined;
  return { ...entryOf(FAMILIES, type), ...(width && { scale: width / INTERN_VIT.as }) };
}

/** Gemma 3: pictures of one size, of which each has the same number of tokens. */
function ofOneSize(info: ModelInfo, vision: Readonly<Record<string, unknown>>): Pictures | undefined {
  const [side, patch, tokens] = [vision["image_size"], vision["patch_size"], info["mm_tokens_per_image"]].map(numberOf);
  return side && patch && tokens ? { patches: (side / patch) ** 2 / tokens, largest: tokens } : undefined;
}
