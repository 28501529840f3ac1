import { positionIn, releaseNumber, type Span } from "../engine/release.ts";
import type { Rank } from "./rank.ts";
import { INTEL } from "./request.ts";

/**
 * Bytes of a tower for each patch of a picture, whole on each rank and split over ranks, as logs of Gemma 3 report them
 * on one rank (0.8.2) and on four (0.8.0); the patches of a token, and the tokens of the largest picture, if nothing else
 * is known: those of Qwen's towers from 2-VL to 3.8.
 */
const PATCH = { whole: 12.5 * 1024, split: 14 * 1024, ofToken: 4 };
const LARGEST = 16_384;

/** The vendors whose workers run the tower on a whole video. */
const GPUS: readonly string[] = ["nvidia.com", "amd.com", INTEL];
/** Until this release one picture is subtracted from the room that a video has. */
const WHOLE_ROOM = releaseNumber("0.10.2") ?? 0;
/** These releases keep room for a video with its time stamps, of which each was counted as 12.5 tokens. */
const STAMPED: Span = { from: "0.11.0", until: "0.13.0" };

type Seen = Pick<Rank, "model" | "tokens" | "tensor" | "wholeTower">;

/** What a tower holds for so many tokens of pictures, on a rank. */
function towerBytes({ model, tensor, wholeTower }: Seen, tokens: number): number {
  const { patches = PATCH.ofToken, scale = 1 } = model.pictures ?? {};
  const split = wholeTower ? PATCH.split : PATCH.split / tensor;
  return tokens * patches * scale * (PATCH.whole + split);
}

/**
 * What the V1 engine holds for pictures before it runs the language model: the tower's work on as many of the largest as
 * a step has room for, or on one; and their tokens, which stay. Source: MultiModalBudget, vllm/multimodal/encoder_budget.py
 * (earlier compute_mm_encoder_budget), and profile_run, vllm/v1/worker/gpu_model_runner.py.
 */
export function encoderBytes(rank: Rank): { work: number; kept: number } {
  const { model, tokens, tensor, release, multimodal, wholeTower, withoutVideos } = rank;
  if (!multimodal) return { work: 0, kept: 0 };
  const { levels = 1, stamped = 0 } = model.pictures ?? {};
  const largest = largestOf(rank);
  const items = Math.max(1, Math.floor(tokens / largest));
  const share = wholeTower ? Math.ceil(items / tensor) : items;
  const stamps = positionIn(STAMPED, release) === "inside" && !withoutVideos ? stamped : 0;
  const kept = Math.max(tokens, largest, stamps) * model.hidden * 2 * levels;
  return { work: towerBytes(rank, share * largest), kept };
}

/** Tokens of the largest picture or video. Where a flag sets their size, they count as what fits into a step. */
function largestOf(rank: Rank): number {
  const { largest = LARGEST } = rank.model.pictures ?? {};
  return rank.sizedMedia ? Math.min(rank.tokens, largest) : largest * picturesOfVideo(rank);
}

/** As how many pictures the largest video counts; 1 if none is larger than a picture. */
function picturesOfVideo({ model, vendor, maxModelLen, release, withoutVideos, sizedMedia }: Rank): number {
  const { largest = LARGEST, videoPictures = 1 } = model.pictures ?? {};
  if (sizedMedia || withoutVideos || !GPUS.includes(vendor)) return 1;
  const room = Math.floor(maxModelLen / largest) - (release < WHOLE_ROOM ? 1 : 0);
  return Math.max(1, Math.min(videoPictures, room));
}

/** What the tower works on, in words. */
export function largestInput(rank: Rank): string {
  if (picturesOfVideo(rank) > 1) return "the largest video in the vision tower";
  return rank.model.pictures === undefined ? "the largest picture or sound" : "the largest picture in the vision tower";
}

/** From this release on a flag limits media in JSON. */
const JSON_LIMITS = releaseNumber("0.10.0") ?? 0;

/** Whether an engine needs less memory if it takes no videos, and has a flag in JSON for that. */
export function canLeaveVideos(rank: Rank): boolean {
  return rank.multimodal && rank.release >= JSON_LIMITS && picturesOfVideo(rank) > 1;
}

/**
 * Bytes of an encoder for each token and number of its hidden state (Whisper in 0.9.0), which is what its feed-forward
 * part, queries, keys and values take.
 */
const ENCODED = 21;

type Encoding = Pick<Rank, "model" | "multimodal" | "tokens" | "sequences" | "tensor" | "wholeTower">;

/**
 * What encoders hold: pictures fill a step (_dummy_run, vllm/worker/model_runner.py), and each sequence has the longest
 * input of an encoder (profile_run, vllm/worker/enc_dec_model_runner.py).
 */
export function encoderBytesV0(rank: Encoding): number {
  const { encoderTokens = 0, hidden } = rank.model;
  if (encoderTokens > 0) return rank.sequences * encoderTokens * hidden * ENCODED;
  return rank.multimodal ? towerBytes(rank, rank.tokens) : 0;
}
