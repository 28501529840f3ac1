import { releaseNumber } from "../engine/release.ts";
import type { ModelFacts } from "../models/facts.ts";
import { gib, type Part, type Rank } from "./rank.ts";
import { loadedBytes } from "./weights.ts";

/** Bytes of a model's weights as they are stored. */
export function storedBytes(model: ModelFacts): number {
  const dtype = model.bytesPerParameter === 4 ? "float32" : "auto";
  return loadedBytes({ model, memoryGiB: 0, dtype }).weightBytes;
}

/** The weights of the rank: its share of the experts, and of everything else except for what each rank holds whole. */
export function weightParts(rank: Rank): Part[] {
  const { model, tensor, pipeline, expertRanks, layers, weightBytes, expertBytes } = rank;
  const stage = layers / model.layers;
  const expertShare = weightBytes === 0 ? 0 : expertBytes / weightBytes;
  const whole = Math.min(wholeBytes(rank), weightBytes - expertBytes);
  const dense = ((weightBytes - expertBytes - whole) / tensor + whole) * stage;
  const size = `${gib(weightBytes)} GiB`;
  const over = pipeline > 1 ? `tensor ${tensor} × pipeline ${pipeline}` : `tensor ${tensor}`;
  if (expertShare === 0) return [{ part: "weights", bytes: dense, how: `${size} over ${over}` }];
  const spread = pipeline > 1 ? `${expertRanks} ranks × pipeline ${pipeline}` : `${expertRanks} ranks (tensor × data)`;
  const percent = Math.round(expertShare * 100);
  return [
    { part: "weights", bytes: dense, how: `${100 - percent} % of ${size} over ${over}` },
    { part: "experts", bytes: (expertBytes * stage) / expertRanks, how: `${percent} % of ${size} over ${spread}` },
  ];
}

/**
 * The part of the padding of a rank's experts that depends on the kernels: a third of it on NVIDIA's data-centre GPUs,
 * where logs of gpt-oss-120b report 64.4 and 66 GiB (vllm-project/vllm#33155, #23278), and all of it on other GPUs.
 */
export function unsurePadding({ model, layers, padding, expertRanks, isLarge, vendor }: Rank): number {
  const share = isLarge && vendor === "nvidia.com" ? 1 / 3 : 1;
  return ((padding * layers) / model.layers / expertRanks) * share;
}

/**
 * From here on vLLM splits the tower of Pixtral over ranks. Source: vllm/model_executor/models/pixtral.py, in the
 * package `vllm` of 0.19.1 and 0.20.0.
 */
const SPLIT_TOWERS = releaseNumber("0.20.0") ?? 0;

/**
 * Formats of 4 bits that quantise every layer except for the embeddings: vllm-project/vllm#14447 logs 21.21 GiB on each
 * of 16 ranks of DeepSeek-R1-AWQ.
 */
const OF_ALL_LAYERS: ReadonlySet<string> = new Set(["awq", "gptq"]);

/**
 * What a rank holds whole: the projections into the latents of DeepSeek's attention, and a tower that is not split.
 * Sources: ReplicatedLinear in vllm/model_executor/models/deepseek_v2.py; MultiModalConfig.mm_encoder_tp_mode, which
 * models without support for it ignore.
 */
function wholeBytes({ model, release, wholeTower, leavesTower }: Rank): number {
  const { wholeParameters = 0, towerParameters = 0, bytesPerParameter, format = "" } = model;
  const isWhole = wholeTower || (model.wholeTower === true && release < SPLIT_TOWERS && !leavesTower);
  const tower = isWhole ? towerParameters * 2 : 0;
  const isKept = bytesPerParameter < 1 && !OF_ALL_LAYERS.has(format);
  return wholeParameters * (isKept ? 2 : bytesPerParameter) + tower;
}
