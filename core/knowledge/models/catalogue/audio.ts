import { H128, HALF, SEES, TIED } from "./families.ts";
import type { Row } from "./row.ts";

const WHISPER = { ...TIED, ...HALF, model_type: "whisper" };

/** Models with audio input: layers and width are those of the decoder or the language model. */
// biome-ignore format: a row a line
export const AUDIO: readonly Row[] = [
  ["openai/whisper-tiny", 4, 384, 1536, 6, 6, 51865, 448, "counted", { ...WHISPER, encoder_layers: 4, billions: 0.0378, also: ["whisper-tiny.en"] }],
  ["openai/whisper-base", 6, 512, 2048, 8, 8, 51865, 448, "counted", { ...WHISPER, encoder_layers: 6, billions: 0.0726, also: ["whisper-base.en"] }],
  ["openai/whisper-small", 12, 768, 3072, 12, 12, 51865, 448, "counted", { ...WHISPER, encoder_layers: 12, billions: 0.242, also: ["whisper-small.en"] }],
  ["openai/whisper-medium", 24, 1024, 4096, 16, 16, 51865, 448, "counted", { ...WHISPER, encoder_layers: 24, billions: 0.764, also: ["whisper-medium.en"] }],
  ["openai/whisper-large-v2", 32, 1280, 5120, 20, 20, 51865, 448, "counted", { ...WHISPER, encoder_layers: 32, billions: 1.543, also: ["whisper-large"] }],
  ["openai/whisper-large-v3", 32, 1280, 5120, 20, 20, 51866, 448, "config+recipes", { ...WHISPER, encoder_layers: 32, billions: 1.55 }],
  ["openai/whisper-large-v3-turbo", 4, 1280, 5120, 20, 20, 51866, 448, "counted+recipes", { ...WHISPER, encoder_layers: 32, billions: 0.809 }],
  ["distil-whisper/distil-large-v3", 2, 1280, 5120, 20, 20, 51866, 448, "counted", { ...WHISPER, encoder_layers: 32, billions: 0.756 }],
  ["mistralai/Voxtral-Mini-3B-2507", 30, 3072, 8192, 32, 8, 131072, 131072, "transformers", { ...SEES, ...H128, billions: 4.68, beside: "an audio encoder of 0.64e9", also: ["voxtral-mini-3b"] }],
  ["mistralai/Voxtral-Small-24B-2507", 40, 5120, 32768, 32, 8, 131072, 131072, "counted", { ...SEES, ...H128, billions: 24.3, beside: "an audio encoder of 0.64e9", also: ["voxtral-small-24b"] }],
  ["Qwen/Qwen2-Audio-7B-Instruct", 32, 4096, 11008, 32, 32, 156032, 8192, "counted", { ...SEES, billions: 8.4, beside: "an audio encoder of 0.64e9", also: ["qwen2-audio-7b"] }],
];
