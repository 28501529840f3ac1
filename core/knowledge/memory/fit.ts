import { splitsBlocks, tensorSizes } from "../models/split.ts";
import { kvBytes, stateBlocksOf } from "./cache.ts";
import { canLeaveVideos } from "./encoder.ts";
import { otherParts } from "./otherparts.ts";
import { unsurePadding, weightParts } from "./parts.ts";
import { cacheTypeRead, GIB, lengthOf, type Part, type Rank, rankOf } from "./rank.ts";
import type { FitRequest } from "./request.ts";
import { reservedParts } from "./reserve.ts";

/**
 * The result of an estimate. `fits`: with room to spare. `tight`: too close to decide. `exceeds`: not even with
 * slightly smaller weights and half of the usual working memory of a step.
 */
type Verdict = "fits" | "tight" | "exceeds";

/** Whether a model fits, per accelerator. All amounts are bytes. */
export interface Fit {
  /** Whether the estimate is within what vLLM may use. */
  fits: boolean;
  verdict: Verdict;
  /** What needs the memory, in the order in which it is allocated. */
  rows: Part[];
  needed: number;
  /** What vLLM may use. */
  budget: number;
  /** Number of tokens in the KV cache, and how many full-length sequences that is; 0 for an encoder, which has none. */
  cacheTokens: number;
  concurrency: number;
  maxModelLen: number;
  /**
   * For a model with state layers: the sequences of a step, and the number of blocks in the cache, as estimated and at
   * most. vLLM captures no graphs if there are fewer blocks than sequences.
   */
  states?: { sequences: number; blocks: number; most: number };
  suggestions: {
    /** The smallest tensor-parallel size that fits with room to spare. */
    tensor?: number;
    /** The longest context that fits without other changes, with room to spare, in tokens. */
    maxModelLen?: number;
    /** Whether it fits with room to spare if it takes no videos. */
    withoutVideos?: true;
  };
}

type Is = (estimate: Estimate) => boolean;
const fitsEasily: Is = ({ verdict }) => verdict === "fits";
const fitsAtAll: Is = ({ fits }) => fits;

const DEFAULT_UTILIZATION = 0.92;

/** From this share of what vLLM may use on, a fit is tight. */
const TIGHT = 0.95;
/**
 * The uncertainty of an estimate: the share of a step's working memory, and of weights whose size is given, or follows
 * from parameters.
 */
const UNCERTAIN = { reserve: 0.5, told: 0.02, counted: 0.05 };

/**
 * The memory of one accelerator: weights, the working memory of a step, and the KV cache of `concurrency` sequences of
 * `maxModelLen` tokens. An estimate from published shapes, not a measurement: the working memory depends on kernels.
 */
export function fit(request: FitRequest): Fit {
  const estimate = estimateOf(request);
  const { tensor = 1 } = request;
  const isEasy = estimate.verdict === "fits";
  const suggested = isEasy ? undefined : smallestTensor(request, tensor, fitsEasily);
  const longest = isEasy ? undefined : longestContext(request, estimate.maxModelLen, fitsEasily);
  const leavesVideos =
    !isEasy && canLeaveVideos(rankOf(request)) && fitsEasily(estimateOf({ ...request, withoutVideos: true }));
  return {
    ...estimate,
    suggestions: {
      ...(suggested !== undefined && { tensor: suggested }),
      ...(longest !== undefined && { maxModelLen: longest }),
      ...(leavesVideos && { withoutVideos: true as const }),
    },
  };
}

/** How far a request can go, whether it fits as it is or not; undefined if nothing fits. */
export interface Limits {
  /** The smallest tensor-parallel size that fits if nothing else changes. */
  tensor?: number;
  /** The longest context that fits, in tokens, up to the model's own. */
  maxModelLen?: number;
}

export function limitsOf(request: FitRequest): Limits {
  const tensor = smallestTensor(request, 0, fitsAtAll);
  const { maxPositions = estimateOf(request).maxModelLen } = request.model;
  const isWhole = estimateOf({ ...request, maxModelLen: maxPositions }).fits;
  const maxModelLen = isWhole ? maxPositions : longestContext(request, maxPositions, fitsAtAll);
  return { ...(tensor !== undefined && { tensor }), ...(maxModelLen !== undefined && { maxModelLen }) };
}

type Estimate = Omit<Fit, "suggestions">;

function estimateOf(request: FitRequest): Estimate {
  const { model, memoryGiB, concurrency = 1, kvCacheMemoryBytes } = request;
  const utilization = request.gpuMemoryUtilization ?? DEFAULT_UTILIZATION;
  const maxModelLen = lengthOf(request);
  const rank = rankOf(request);
  const weights = weightParts(rank);
  const reserved = reservedParts(rank);
  const fixed = [...weights, ...otherParts(request, rank, sum(weights)), ...reserved];
  const perSequence = kvBytes(rank, maxModelLen);
  const taken = sum(fixed);
  const cache = concurrency * perSequence;
  const memory = memoryGiB * GIB;
  // A size that is set is allocated outside of the utilisation, which then has no effect; it has none without a cache
  // either.
  const isLimited = kvCacheMemoryBytes === undefined && !model.cacheless;
  const budget = isLimited ? memory * utilization : memory;
  const room = Math.max(0, kvCacheMemoryBytes ?? budget - taken);
  const rows = [...fixed, cachePart(rank, concurrency, maxModelLen, { cache, set: kvCacheMemoryBytes })];
  const needed = taken + Math.max(cache, kvCacheMemoryBytes ?? 0);
  const unsure =
    sum(reserved) * UNCERTAIN.reserve +
    sum(weights) * UNCERTAIN[model.weightBytes ? "told" : "counted"] +
    unsurePadding(rank);
  const fits = needed <= budget && cache <= room;
  // A cache of a set size that is too small for one sequence is certain to fail, whatever the rest of the estimate is.
  const least = concurrency * leastCache(request, maxModelLen, perSequence);
  const isSmall = kvCacheMemoryBytes !== undefined && least > room;
  const exceeds = isSmall || taken + Math.max(least, kvCacheMemoryBytes ?? 0) - unsure > budget;
  return {
    fits,
    verdict: verdictOf({ exceeds: exceeds && !request.unified, close: !fits || needed > TIGHT * budget }),
    rows,
    needed,
    budget,
    cacheTokens: model.cacheless ? 0 : Math.floor((room * maxModelLen) / perSequence),
    concurrency: model.cacheless ? 0 : Math.floor((room / perSequence) * 100) / 100,
    maxModelLen,
    ...statesOf(rank, room, kvCacheMemoryBytes === undefined ? unsure : 0),
  };
}

/** The cache of a sequence in the type that the model's files may ask for. */
function leastCache(request: FitRequest, length: number, estimated: number): number {
  const read = cacheTypeRead(request);
  return read?.guessed ? kvBytes(rankOf({ ...request, kvCacheDtype: read.type }), length) : estimated;
}

function statesOf(rank: Rank, room: number, unsure: number): Pick<Fit, "states"> {
  const block = stateBlocksOf(rank)?.bytes;
  if (block === undefined) return {};
  const [blocks, most] = [room, room + unsure].map((bytes) => Math.floor(bytes / block)) as [number, number];
  return { states: { sequences: rank.sequences, blocks, most } };
}

function verdictOf({ exceeds, close }: { exceeds: boolean; close: boolean }): Verdict {
  if (exceeds) return "exceeds";
  return close ? "tight" : "fits";
}

function cachePart(
  rank: Rank,
  concurrency: number,
  length: number,
  { cache, set = 0 }: { cache: number; set: number | undefined },
): Part {
  const many = concurrency === 1 ? "one sequence" : `${concurrency} sequences`;
  const size = set > cache ? "the size that is set, which exceeds the need of " : "";
  return {
    part: "KV cache",
    bytes: Math.max(cache, set),
    how: `${size}${many} of ${length} tokens, ${rank.cacheRule}`,
  };
}

function sum(parts: readonly Part[]): number {
  return parts.reduce((total, { bytes }) => total + bytes, 0);
}

function smallestTensor(request: FitRequest, current: number, is: Is): number | undefined {
  const { model, devicesPerNode = 8, pipeline = 1, data = 1, expertParallel = false } = request;
  return tensorSizes(model)
    .filter((size) => expertParallel || !splitsBlocks(model, size, data))
    .filter((size) => size > current && size * pipeline <= devicesPerNode && Number.isInteger(Math.log2(size)))
    .find((tensor) => is(estimateOf({ ...request, tensor })));
}

/** In steps of 256 tokens, which every block size divides; undefined if not even one step fits. */
function longestContext(request: FitRequest, atMost: number, is: Is): number | undefined {
  let [least, most] = [0, Math.floor(atMost / 256)];
  while (least < most) {
    const middle = Math.ceil((least + most) / 2);
    if (is(estimateOf({ ...request, maxModelLen: middle * 256 }))) least = middle;
    else most = middle - 1;
  }
  return least === 0 ? undefined : least * 256;
}
