import { positionIn, releaseNumber, type Span } from "../engine/release.ts";
import { encoderBytes, encoderBytesV0, largestInput } from "./encoder.ts";
import { graphsGib } from "./graphs.ts";
import { GIB, type Part, type Rank } from "./rank.ts";
import { INTEL } from "./request.ts";
import { isRunnerV2 } from "./runner.ts";
import { isV0, leavesSamplerV0, sequencesOfV0 } from "./v0.ts";

/**
 * What vLLM allocates in addition to weights and cache, by release, the first that is old enough. Parts follow vLLM's
 * source if it contains them; amounts are those of its logs (tests/core/knowledge/memory,
 * ashishkamra/vllm-memory-estimator@8b0e21d), rather too large than too small.
 */
interface Release {
  from: string;
  /**
   * How often the sampler holds the logits of a step's sequences in 32 bits. Sorted with their indices they are held 9.6 times, until a
   * kernel of Triton took over (apply_top_k_top_p, vllm/v1/sample/ops/topk_topp_sampler.py, 0.17.0), which has a row of its own for
   * each multiprocessor: where nothing else is counted too much, logs need 4.8 for 256 sequences.
   */
  sampler: number;
  /**
   * Buffers of the communication between the ranks of an engine, GiB; with graphs, also those of the fused all-reduce
   * (enable_allreduce_rms_fusion, vllm/config/vllm.py, 0.17.0).
   */
  communication: number;
  fused: number;
  /** Inputs of experts that are quantised to 8 bits on the way, GiB, at 8192 tokens per step. */
  eightBits: number;
  /** Whether the working memory of such experts is kept while the sampler runs. */
  keepsExperts?: boolean;
  /** Working memory of kernels for experts in a 4-bit float, GiB. */
  fourBits: number;
  /**
   * The workspace of FlashInfer, GiB (VLLM_FLASHINFER_WORKSPACE_BUFFER_SIZE), once profiling covers it; Model Runner V2
   * does not profile attention.
   */
  workspace: number;
  /**
   * Whether the allocator keeps blocks of the profiling run, which count as used because memory is measured by what is
   * free (memory_profiling, 0.27), until such blocks are no longer split for lasting allocations
   * (_scoped_allocator_max_split around profile_run, vllm/v1/worker/gpu_worker.py, 0.31).
   */
  keepsBlocks?: boolean;
  /** Bytes of each number that a layer with a state computes per token, in addition to what experts compute. */
  states: number;
}

const PROFILED = { fourBits: 1.5, workspace: 0.5, states: 4 };
const BARE = { fourBits: 0, workspace: 0, states: 0 };
const FUSED = { sampler: 4, communication: 1, fused: 1.1, eightBits: 1.5 };
const RELEASES: readonly Release[] = [
  { from: "0.31.0", ...FUSED, ...PROFILED },
  { from: "0.27.0", ...FUSED, ...PROFILED, keepsBlocks: true },
  // Nightlies between 0.19.1 and 0.20.0 call themselves 0.19.2rc1.
  { from: "0.19.2", ...FUSED, ...PROFILED },
  { from: "0.17.0", ...FUSED, ...BARE, sampler: 4.8 },
  { from: "0.11.1", sampler: 9.6, communication: 1, fused: 0, eightBits: 1.5, keepsExperts: true, ...BARE },
  { from: "0.11.0", sampler: 9.6, communication: 1.4, fused: 0, eightBits: 1.5, ...BARE },
  { from: "0.8.0", sampler: 9.6, communication: 1.4, fused: 0, eightBits: 6, ...BARE },
  { from: "0.0.0", sampler: 9.7, communication: 2.1, fused: 0, eightBits: 3, ...BARE, fourBits: 1 },
];

/**
 * Libraries of CUDA or its counterpart, GiB; the surplus of runtimes of other vendors than NVIDIA, twice as much with
 * experts; and their buffers of communication.
 */
const CONTEXT = 0.2;
const OTHER_VENDOR = 1.2;
/** The same on Intel's GPUs, whose kernels of experts in a 4-bit float need no additional space: logs of gpt-oss on a B60 report 1.2 to 1.4. */
const INTEL_GIB = 1.35;
const OTHER_COMMUNICATION = 1.4;
/**
 * Copies of the logits if FlashInfer samples, which does not sort: logs of 0.10.1 report 2.3 to 2.5. Later releases than
 * these also run the kernel of Triton while they measure memory (_dummy_sampler_run). Source: flashinfer_sample,
 * vllm/v1/sample/ops/topk_topp_sampler.py, which 0.8.0 to 0.16.0 call if FlashInfer is installed or a variable asks.
 */
const FLASHINFER: Span & { copies: number } = { from: "0.8.0", until: "0.17.0", copies: 3 };

/** Kernels that multiply experts as they are stored and by inputs of 16 bits need no other space (--moe-backend). */
const PLAIN_KERNELS: ReadonlySet<string> = new Set(["marlin", "triton"]);

/**
 * vLLM's own kernels for experts in a 4-bit float have no working memory of such a size (1.4 GiB in all in a log of 0.19 on
 * an RTX 5090); those that FlashInfer has for NVFP4 take more than others (2.2 GiB in three logs of 0.20).
 */
const OWN_KERNELS = "cutlass";
const OF_NVFP4 = 1.5;

/** Tokens of a step by default on large GPUs. */
const USUAL_STEP = 8192;

export function reservedParts(rank: Rank): Part[] {
  const { release } = rank;
  const of = RELEASES.find(({ from }) => release >= (releaseNumber(from) ?? 0)) as Release;
  const workspace = rank.vendor === "nvidia.com" && !isRunnerV2(rank) ? of.workspace : 0;
  const extra = contextGib(rank) + graphsGib(rank) + communication(rank, of) + vendorGib(rank) + workspace;
  const files = rank.unified ? [{ part: "page cache", bytes: filesBytes(rank), how: FILES }] : [];
  return [
    { part: "step", ...stepOf(rank, of) },
    { part: "context", bytes: extra * GIB, how: "device runtime, communication buffers and graphs" },
    ...files,
  ];
}

/**
 * The part of the weights' files that the node caches in memory that it shares with the GPU: logs of GB10 report up to
 * 14 % of the weights.
 */
const KEPT = 0.14;
const FILES = "files of the weights that the node caches, in the memory that it shares with the GPU";

/**
 * From this release on, used memory is the difference in free memory since the start (memory_profiling,
 * vllm/utils/mem_utils.py), so that the memory of the process itself counts too.
 */
const CONSUMED = releaseNumber("0.27.0") ?? 0;
const PROCESS_GIB = 2;

function filesBytes({ model, layers, tensor, weightBytes, release }: Rank): number {
  const process = release >= CONSUMED ? PROCESS_GIB * GIB : 0;
  return (KEPT * weightBytes * layers) / model.layers / tensor + process;
}

/**
 * Copies of the logits in Model Runner V2, whose profile leaves top-k, top-p and log probabilities out
 * (_dummy_sampler_run): logs of 0.27 and 0.32 report 1.7 to 2.3.
 */
const SAMPLER_V2 = 2.5;

/** Until this release, what a tower has released does not serve the language model in Model Runner V2. */
const REUSED = releaseNumber("0.31.0") ?? 0;

/**
 * What a step holds at its peak: the layers' activations or the sampler, which comes after them. Source: profile_run,
 * vllm/v1/worker/gpu_model_runner.py. Logs report 9.58 times the logits and the hidden state
 * (llm-d-incubation/llm-d-planner).
 */
function stepOf(rank: Rank, of: Release): Omit<Part, "part"> {
  const { model, tokens, sequences } = rank;
  const hidden = tokens * model.hidden * 2;
  const how = `${tokens} tokens and ${sequences} sequences at once`;
  const copied = copiedBytes(rank);
  const isKept = of.keepsExperts === true && model.bytesPerParameter === 1;
  const layers = layerBytes(rank, of, copied);
  const sampler = copiesOf(rank, of);
  const blocks = of.keepsBlocks && copied === 0 ? layers : 0;
  const logits = logitBytes(rank, sampler) + (isKept ? copied : 0);
  if (isV0(rank)) return { bytes: hidden + Math.max(layers, logits, encoderBytesV0(rank)), how };
  const { work, kept } = encoderBytes(rank);
  const text = hidden + kept + Math.max(layers, logits) + blocks;
  const isSum = of.keepsBlocks || (isRunnerV2(rank) && rank.release < REUSED);
  if (work <= text) return { bytes: isSum ? text + work : text, how };
  const media = largestInput(rank);
  return isSum ? { bytes: text + work, how: `${media}, and ${how}` } : { bytes: work, how: media };
}

/** How often the sampler holds the logits. */
function copiesOf(rank: Rank, { sampler }: Release): number {
  if (isRunnerV2(rank)) return SAMPLER_V2;
  const isFlashInfer = rank.flashInferSampler && !isV0(rank) && positionIn(FLASHINFER, rank.release) === "inside";
  return isFlashInfer ? FLASHINFER.copies : sampler;
}

/**
 * Before 0.7, the V0 engine used more in addition to the step, most on large GPUs; from 0.7 on its logs report 0.05 to
 * 0.1 GiB ("non_torch_memory").
 */
const CONTEXT_V0 = { small: 0.45, large: 1.8, narrow: 0.1 };
const NARROW_V0 = releaseNumber("0.7.0") ?? 0;

function contextGib(rank: Rank): number {
  const { release, isLarge } = rank;
  if (!isV0(rank)) return CONTEXT;
  if (release >= NARROW_V0) return CONTEXT_V0.narrow;
  return isLarge ? CONTEXT_V0.large : CONTEXT_V0.small;
}

/**
 * From this number of tokens on, `--quantization=awq` writes a matrix out in 16 bits before it multiplies (without the
 * flag Marlin does not). The largest are the two halves of the feed-forward part. Source: AWQLinearMethod.apply,
 * vllm/model_executor/layers/quantization/awq.py.
 */
const WRITTEN_OUT = 256;

/**
 * Activations in 16 bits for the tokens of a step, in addition to the hidden state: what the widest layer produces,
 * which is the feed-forward part's two halves and their product, queries, keys and values, or the tokens that experts
 * receive; plus what is gathered and mixed.
 */
function layerBytes(rank: Rank, { eightBits, fourBits, states }: Release, copied: number): number {
  const { model, tensor, tokens } = rank;
  const { hidden, heads, headDim, expertWidth, width, streams, bytesPerParameter } = model;
  const isSparse = expertWidth !== undefined;
  const widest = Math.max(3 * heads * headDim, isSparse ? 0 : 3 * width);
  const writtenOut = rank.writesOut && !isSparse && tokens >= WRITTEN_OUT ? (4 * hidden * width) / tensor : 0;
  const dense = tokens * (hidden + widest / tensor) * 2 + writtenOut;
  // Streams of the hidden state are mixed in 32 bits.
  const mixed = streams === undefined ? 0 : tokens * streams * hidden * 6;
  const ofStates = (tokens * stateWidth(rank) * states) / tensor;
  const isSpacious = isSparse && !PLAIN_KERNELS.has(rank.moeBackend);
  const eight = isSpacious && bytesPerParameter === 1 ? eightBits * Math.min(1, tokens / USUAL_STEP) : 0;
  const four = isSpacious && rank.moeBackend !== OWN_KERNELS && quantizesInputs(rank) ? fourBits * shareOf(model) : 0;
  return Math.max(dense, copied) + mixed + ofStates + gatheredBytes(rank) + (eight + four) * GIB;
}

/**
 * Whether kernels for experts of four bits quantise the inputs too. GPUs before Blackwell multiply NVFP4 with Marlin, by
 * inputs of 16 bits. Source: is_supported_config of the kernels, vllm/model_executor/layers/fused_moe/oracle/nvfp4.py.
 */
function quantizesInputs({ model: { format = "", wideInputs }, vendor, multipliesFp4 }: Rank): boolean {
  if (!/fp4$/.test(format) || vendor === INTEL || wideInputs) return false;
  return format !== "nvfp4" || multipliesFp4;
}

function shareOf({ format }: Rank["model"]): number {
  return format === "nvfp4" ? OF_NVFP4 : 1;
}

/** The numbers that a layer with a state (linear attention, Mamba) computes per token. */
function stateWidth({ model: { stateParameters = 0, uncachedLayers = 0, hidden } }: Rank): number {
  return uncachedLayers === 0 ? 0 : stateParameters / uncachedLayers / hidden;
}

/**
 * An indexer gathers the keys of as many tokens as 40 sequences of full length have: 0.8 GiB at 163840 tokens, 5.2 GiB at a
 * million. Source: get_max_prefill_buffer_size, vllm/v1/attention/backends/mla/indexer.py.
 */
function gatheredBytes({ model, maxModelLen }: Rank): number {
  return 40 * maxModelLen * (model.indexEntryBytes ?? 0);
}

/**
 * Fused experts processed at most this many tokens at once up to 0.11, and fewer until 0.18. Source:
 * VLLM_FUSED_MOE_CHUNK_SIZE, vllm/envs.py.
 */
const CHUNKS = [
  { from: releaseNumber("0.18.0") ?? 0, tokens: Number.POSITIVE_INFINITY },
  { from: releaseNumber("0.12.0") ?? 0, tokens: 16_384 },
  { from: 0, tokens: 65_536 },
];

/** Each token is copied for each of its experts, and each copy returns. */
function copiedBytes({ model, expertRanks, tokens, release }: Rank): number {
  const { expertWidth, expertsPerToken = 1, expertHidden = model.hidden } = model;
  if (expertWidth === undefined) return 0;
  const atOnce = Math.min(tokens, CHUNKS.find(({ from }) => release >= from)?.tokens ?? tokens);
  return atOnce * expertsPerToken * ((3 * expertWidth) / expertRanks + 2 * expertHidden) * 2;
}

/**
 * Logits are gathered whole on every rank; a pooling model has none. Source: LogitsProcessor,
 * vllm/model_executor/layers/logits_processor.py.
 */
function logitBytes(rank: Rank, copies: number): number {
  const { model, tokens, maxModelLen } = rank;
  if (model.pooling || leavesSamplerV0(rank, maxModelLen)) return 0;
  const sequences = isV0(rank) ? sequencesOfV0(model, rank) : rank.sequences;
  return Math.min(sequences, tokens) * model.vocab * 4 * copies;
}

/**
 * Hopper, and the Blackwell of data centres (10.0 and 10.3, not 12.0), share memory over ranks and fuse the sum with
 * the next operation; others, which usually have no fast link, need less. Sources: SYMM_MEM_ALL_REDUCE_MAX_SIZES,
 * vllm/distributed/device_communicators/all_reduce_utils.py; enable_allreduce_rms_fusion.
 */
const JOINED = [90, 100, 103];
const SLOW_LINK = 0.2;
/** Until this release, data-parallel ranks and pipeline stages turned the fused all-reduce off. */
const ALL_RANKS = releaseNumber("0.21.0") ?? 0;

function communication(rank: Rank, of: Release): number {
  const { tensor, expertRanks, isLarge, vendor, capability, eager } = rank;
  if (tensor === 1 && expertRanks === 1) return 0;
  if (vendor !== "nvidia.com") return OTHER_COMMUNICATION;
  if (!isLarge || !JOINED.includes(capability)) return SLOW_LINK;
  const isAlone = rank.data === 1 && rank.pipeline === 1;
  const isFused = tensor > 1 && !eager && (isAlone || rank.release >= ALL_RANKS);
  return of.communication + (isFused ? of.fused : 0);
}

function vendorGib({ vendor, model }: Rank): number {
  if (vendor === "nvidia.com") return 0;
  if (vendor === INTEL) return INTEL_GIB;
  return OTHER_VENDOR * (model.expertWidth === undefined ? 1 : 2);
}
