import { releaseNumber } from "../engine/release.ts";
import { bytesOf, type ModelFacts } from "../models/facts.ts";
import { type FitRequest, INTEL } from "./request.ts";

/** All weights as they are in memory, and the experts' part of these. */
export interface Loaded {
  weightBytes: number;
  expertBytes: number;
  /** The padding in the experts' bytes for the kernels. */
  padding: number;
}

/**
 * Quantisation by the engine leaves out the embeddings. Publishers leave them out too, and the towers for images and
 * audio; a publisher who only quantises the experts leaves out everything else.
 */
export function loadedBytes(request: FitRequest): Loaded {
  const { model, dtype = "auto", quantization } = request;
  const { parameters, embeddingParameters, expertParameters, bytesPerParameter, weightBytes, otherBytes } = model;
  const wide = bytesOf(dtype) ?? Math.max(2, loadedAs(bytesPerParameter));
  const isPlain = bytesPerParameter >= 2;
  const applied = isPlain && quantization !== undefined ? bytesOf(quantization) : undefined;
  const each = applied ?? (isPlain ? (bytesOf(dtype) ?? loadedAs(bytesPerParameter)) : bytesPerParameter);
  const others = parameters - embeddingParameters - expertParameters;
  const kept = applied === undefined && each < 2 ? Math.min(others, keptParameters(model)) : 0;
  const embeddings = embeddingParameters * (each < 2 ? wide : each);
  const counted =
    expertParameters * each + (others - kept) * (applied ?? otherBytes ?? each) + kept * wide + embeddings;
  const all =
    weightBytes === undefined ? counted : applied === undefined ? weightBytes : Math.min(weightBytes, counted);
  // A published size of all weights is divided in proportion to the counted parts: in mixed formats, experts have the
  // smaller share of the bytes.
  const stored = all * ((expertParameters * each) / counted);
  const loaded = all - (leavesTower(request) ? Math.min(all - stored, (model.towerParameters ?? 0) * wide) : 0);
  const isWide = each >= 2 && applied === undefined;
  const expertBytes = stored * (isWide && request.vendor === "amd.com" ? spacedBy(request) : (paddedBy(request) ?? 1));
  const rows = each === 1 && request.vendor === "amd.com" && isPadded(request) ? longerRows(request) : 0;
  return { weightBytes: loaded + expertBytes - stored + rows, expertBytes, padding: expertBytes - stored };
}

/**
 * From this release on a tower is not loaded if all of its media are excluded. Source: SupportsMultiModal._mark_tower_model,
 * vllm/model_executor/models/interfaces.py.
 */
const LEAVES_TOWERS = releaseNumber("0.15.0") ?? 0;

export function leavesTower({ textOnly, release = Number.MAX_SAFE_INTEGER }: FitRequest): boolean {
  return textOnly === true && release >= LEAVES_TOWERS;
}

/**
 * On AMD, rows of 8 bits whose bytes are a multiple of the first are longer by the second, by default in every release:
 * VLLM_ROCM_FP8_PADDING, _maybe_pad_fp8_weight in vllm/model_executor/layers/quantization/utils/fp8_utils.py, which is
 * not called for scales per channel, for ModelOpt's and Quark's FP8, and for integers. Experts
 * are padded in another way, and the shapes of latent attention are not known here.
 */
const LONGER = { multipleOf: 512, by: 256 };

function isPadded({ model, quantization, plainRows }: FitRequest): boolean {
  const { format = quantization, plainRows: asStored } = model;
  return format === "fp8" && plainRows !== true && asStored !== true;
}

/** The padding over all ranks, in bytes: of queries, keys and values, of their output, and of the feed-forward part. */
function longerRows({ model, tensor = 1 }: FitRequest): number {
  const { layers, hidden, heads, kvHeads, headDim, width, expertWidth, sharedWidth = 0, latent } = model;
  if (latent !== undefined) return 0;
  const forward = expertWidth === undefined ? width : sharedWidth;
  const rows = (count: number, length: number): number => (length > 0 && length % LONGER.multipleOf === 0 ? count : 0);
  const ofRank =
    rows(((heads + 2 * kvHeads) * headDim + 2 * forward) / tensor, hidden) +
    rows(hidden, (heads * headDim) / tensor) +
    rows(hidden, forward / tensor);
  return ofRank * layers * LONGER.by * tensor;
}

/**
 * Weights of 32 bits are loaded as 16 bits unless a dtype is set. Source: _resolve_auto_dtype, vllm/config/model.py.
 */
function loadedAs(bytes: number): number {
  return bytes === 4 ? 2 : bytes;
}

/** What stays in 16 bits in addition to the embeddings. */
function keptParameters({ towerParameters = 0, stateParameters = 0, keepsStates }: ModelFacts): number {
  return towerParameters + (keepsStates ? stateParameters : 0);
}

/**
 * How much larger experts of MXFP4 are for the kernels: their width on a rank is a multiple of 128, the hidden state of 256. Source:
 * mxfp4_round_up_hidden_size_and_intermediate_size, vllm/model_executor/layers/fused_moe/oracle/mxfp4.py, 0.32, for Marlin and TensorRT-LLM. Intel's kernels take them as they are stored.
 */
function paddedBy({ model, tensor = 1, vendor }: FitRequest): number | undefined {
  const { format, expertWidth, expertHidden, hidden } = model;
  if (format !== "mxfp4" || expertWidth === undefined || vendor === INTEL) return undefined;
  const [width, across] = [expertWidth / tensor, expertHidden ?? hidden];
  return ((Math.ceil(width / 128) * 128) / width) * ((Math.ceil(across / 256) * 256) / across);
}

/** On AMD, rows of experts in 16 bits whose bytes are a multiple of this get as many more numbers. Source: VLLM_ROCM_MOE_PADDING, UnquantizedFusedMoEMethod._maybe_pad_weight. */
const SPACED = { bytes: 512, numbers: 128 };

/**
 * How much more memory experts in 16 bits take on AMD. If the second matrix gets longer rows, it is placed where the
 * first was, which is twice as large and cannot be freed: 79.29 GiB for 57.87 of Qwen3-VL-30B, 126.7 for 93.3 of Llama
 * 4 Maverick (VME).
 */
function spacedBy({ model, tensor = 1, data = 1, expertParallel }: FitRequest): number {
  const { expertWidth, expertHidden = model.hidden } = model;
  if (expertWidth === undefined) return 1;
  const width = expertParallel ? expertWidth : expertWidth / (tensor * data);
  const more = (row: number): number => ((row * 2) % SPACED.bytes === 0 ? SPACED.numbers / row : 0);
  const first = 2 * (1 + more(expertHidden));
  return (first + (more(width) > 0 ? 2 : 1)) / 3;
}
