import { releaseNumber } from "../engine/release.ts";
import { isChunkedV0, isV0 } from "./batch.ts";
import { GIB, type Part, type Rank } from "./rank.ts";

/**
 * What vLLM takes beside weights and cache, by release, the first that is old enough. Fitted to what it logged of H100, H200,
 * B200 and MI300X (tests/core/knowledge/memory/measured.yaml; ashishkamra/vllm-memory-estimator@8b0e21d), so that the estimate
 * of the cache is rather too small than too large.
 */
interface Release {
  from: string;
  /** How often the logits of a step's sequences are held in 32 bits: sampling sorted them, with their indices, up to 0.17. */
  logits: number;
  /** CUDA graphs, GiB: counted before the cache is made from 0.20 on, where there are any. */
  graphs: number;
  /** Buffers of the communication between the ranks of an engine, GiB. */
  communication: number;
  /** Inputs of experts that are quantised to 8 bits on the way, GiB, at 8192 tokens a step. */
  eightBits: number;
}

const RELEASES: readonly Release[] = [
  { from: "0.20.0", logits: 1, graphs: 0.9, communication: 2.1, eightBits: 1 },
  { from: "0.18.0", logits: 1, graphs: 0, communication: 2.1, eightBits: 1 },
  { from: "0.11.1", logits: 6, graphs: 0, communication: 2.1, eightBits: 1 },
  { from: "0.11.0", logits: 6, graphs: 0, communication: 0.7, eightBits: 1 },
  { from: "0.8.0", logits: 6, graphs: 0, communication: 2.1, eightBits: 3 },
  { from: "0.0.0", logits: 9.7, graphs: 0, communication: 2.1, eightBits: 3 },
];

/** The context of CUDA or its like, GiB, and what AMD's runtime and those of others take more: twice as much where it pads experts. */
const CONTEXT = 0.7;
const AMD = 1;
const OTHER_VENDOR = 0.7;
/**
 * Graphs on AMD, GiB, counted from this release on: capturing them took 2.6 to 8.9 GiB on MI300X (VME), and 3.9 in the first log that
 * counts them. Source: determine_available_memory, vllm/v1/worker/gpu_worker.py (vllm-project/vllm#44825).
 */
const AMD_GRAPHS = { from: releaseNumber("0.25.0") ?? 0, gib: 3 };
/** Tokens of a step by default on large GPUs. */
const USUAL_STEP = 8192;
/** What kernels of experts of 4 bits work in, GiB. */
const FOUR_BITS = 1;
/** A vision or audio tower works on its largest input while memory is profiled; other runtimes than CUDA attend there without a kernel that saves memory. */
const TOWER = { nvidia: 1, other: 2 };

export function reservedParts(rank: Rank): Part[] {
  const { tokens, sequences, release, eager, vendor, model } = rank;
  const of = RELEASES.find(({ from }) => release >= (releaseNumber(from) ?? 0)) as Release;
  const tower = model.multimodal ? TOWER[vendor === "nvidia.com" ? "nvidia" : "other"] : 0;
  const extra =
    contextGib(rank) + (eager ? 0 : graphsGib(rank, of)) + communication(rank, of) + vendorGib(rank) + tower;
  return [
    {
      part: "step",
      bytes: stepBytes(rank, of) + gatheredBytes(rank),
      how: `${tokens} tokens and ${sequences} sequences at once`,
    },
    { part: "context", bytes: extra * GIB, how: "device runtime, communication buffers and graphs" },
  ];
}

/**
 * What a step holds at its fullest. In the V0 engine that is either the layers' activations or the sampler, which comes after them and
 * sorts the logits with their indices: its logs tell 9.6 to 9.8 times the logits (vllm-project/vllm#12529, kept/measured.yaml).
 */
function stepBytes(rank: Rank, of: Release): number {
  const layers = activations(rank) + expertBytes(rank, of);
  const sampler = logitBytes(rank, of.logits);
  return isV0(rank.release) ? Math.max(layers, sampler) : layers + sampler;
}

function graphsGib({ vendor, release }: Rank, { graphs }: Release): number {
  return vendor === "amd.com" && release >= AMD_GRAPHS.from ? AMD_GRAPHS.gib : graphs;
}

/** Before 0.7, the V0 engine took more beside the step on large GPUs; from 0.7 on it took as little as on small ones. */
const CONTEXT_V0 = { small: 0.45, large: 1.8 };
const NARROW_V0 = releaseNumber("0.7.0") ?? 0;

function contextGib({ release, isLarge }: Rank): number {
  if (!isV0(release)) return CONTEXT;
  return isLarge && release < NARROW_V0 ? CONTEXT_V0.large : CONTEXT_V0.small;
}

/**
 * Activations in 16 bits for the tokens of a step: the hidden state and what the widest layer makes of it, which is the
 * feed-forward part's two halves and their product, or queries, keys and values.
 */
function activations({ model, tensor, tokens }: Rank): number {
  const { hidden, heads, headDim, expertWidth, width, streams } = model;
  const widest = Math.max(3 * heads * headDim, expertWidth === undefined ? 3 * width : 0);
  // Streams of the hidden state are mixed in 32 bits.
  const mixed = streams === undefined ? 0 : tokens * streams * hidden * 6;
  return tokens * (2 * hidden + widest / tensor) * 2 + mixed;
}

/**
 * An indexer gathers the keys of as many tokens as 40 sequences of full length have: 0.8 GiB at 163840 tokens, 5.2 GiB at a
 * million. Source: get_max_prefill_buffer_size, vllm/v1/attention/backends/mla/indexer.py.
 */
function gatheredBytes({ model, maxModelLen }: Rank): number {
  return 40 * maxModelLen * (model.indexEntryBytes ?? 0);
}

/** Each token is copied for each expert that it passes, and comes back from each. */
function expertBytes({ model, expertRanks, tokens }: Rank, { eightBits }: Release): number {
  const { expertWidth, expertsPerToken = 1, expertHidden = model.hidden, bytesPerParameter } = model;
  if (expertWidth === undefined) return 0;
  const copied = tokens * expertsPerToken * ((3 * expertWidth) / expertRanks + 2 * expertHidden) * 2;
  if (bytesPerParameter >= 2) return copied;
  const ofStep = eightBits * Math.min(1, tokens / USUAL_STEP);
  return copied + (bytesPerParameter < 1 ? FOUR_BITS : ofStep) * GIB;
}

/** Logits are gathered whole on every rank; what pools makes none. Source: LogitsProcessor, vllm/model_executor/layers/logits_processor.py. */
function logitBytes({ model, sequences, tokens, release, maxModelLen }: Rank, copies: number): number {
  if (model.pooling || isChunkedV0(release, maxModelLen)) return 0;
  return Math.min(sequences, tokens) * model.vocab * 4 * copies;
}

/** Small GPUs, which no fast link joins, need less. */
const SLOW_LINK = 0.5;

function communication({ tensor, expertRanks, isLarge }: Rank, of: Release): number {
  if (tensor === 1 && expertRanks === 1) return 0;
  return isLarge ? of.communication : SLOW_LINK;
}

function vendorGib({ vendor, model }: Rank): number {
  if (vendor === "nvidia.com") return 0;
  const more = vendor === "amd.com" ? AMD : OTHER_VENDOR;
  return more * (model.expertWidth === undefined ? 1 : 2);
}
