import type { FitRequest } from "./parts.ts";
import { GIB, kvBytes, type Part, type Rank, rankOf, reservedParts, weightParts } from "./parts.ts";

/** Whether a model fits, per accelerator. All amounts are bytes. */
export interface Fit {
  fits: boolean;
  /** What the memory is needed for, in the order in which it is taken. */
  rows: Part[];
  needed: number;
  /** What vLLM may use. */
  budget: number;
  /** Tokens that the KV cache holds, and how many sequences of full length that is. */
  cacheTokens: number;
  concurrency: number;
  maxModelLen: number;
  suggestions: {
    /** The smallest tensor-parallel size with which it fits. */
    tensor?: number;
    /** The longest context that fits as it is, in tokens. */
    maxModelLen?: number;
  };
}

const DEFAULT_UTILIZATION = 0.92;

/**
 * The memory of one accelerator: weights, what a step works in, and the KV cache of `concurrency` sequences of `maxModelLen`
 * tokens. An estimate from published shapes, not a measurement: what a step works in depends on kernels.
 */
export function fit(request: FitRequest): Fit {
  const estimate = estimateOf(request);
  const { tensor = 1 } = request;
  const suggested = estimate.fits ? undefined : smallestTensor(request, tensor);
  const longest = estimate.fits ? undefined : longestContext(request, estimate.maxModelLen);
  return {
    ...estimate,
    suggestions: {
      ...(suggested !== undefined && { tensor: suggested }),
      ...(longest !== undefined && { maxModelLen: longest }),
    },
  };
}

/** How far a request can go, whether it fits as it is or not; undefined where nothing fits. */
export interface Limits {
  /** The smallest tensor-parallel size with which it fits, all else as asked. */
  tensor?: number;
  /** The longest context that fits, in tokens, up to what the model was made for. */
  maxModelLen?: number;
}

export function limitsOf(request: FitRequest): Limits {
  const tensor = smallestTensor(request, 0);
  const { maxPositions = estimateOf(request).maxModelLen } = request.model;
  const isWhole = estimateOf({ ...request, maxModelLen: maxPositions }).fits;
  const maxModelLen = isWhole ? maxPositions : longestContext(request, maxPositions);
  return { ...(tensor !== undefined && { tensor }), ...(maxModelLen !== undefined && { maxModelLen }) };
}

type Estimate = Omit<Fit, "suggestions">;

function estimateOf(request: FitRequest): Estimate {
  const { model, memoryGiB, concurrency = 1, kvCacheMemoryBytes } = request;
  const utilization = request.gpuMemoryUtilization ?? DEFAULT_UTILIZATION;
  const maxModelLen = request.maxModelLen ?? model.maxPositions ?? 2048;
  const rank = rankOf(request);
  const weights = weightParts(rank);
  const fixed = [...weights, ...movedParts(request, sum(weights)), ...reservedParts(rank)];
  const perSequence = kvBytes(rank, maxModelLen);
  const taken = sum(fixed);
  const cache = concurrency * perSequence;
  const memory = memoryGiB * GIB;
  // A size that is set is taken beside the utilisation, which then limits nothing.
  const budget = kvCacheMemoryBytes === undefined ? memory * utilization : memory;
  const room = Math.max(0, kvCacheMemoryBytes ?? budget - taken);
  const rows = [...fixed, cachePart(rank, concurrency, maxModelLen, cache)];
  const needed = taken + Math.max(cache, kvCacheMemoryBytes ?? 0);
  return {
    fits: needed <= budget && cache <= room,
    rows,
    needed,
    budget,
    cacheTokens: Math.floor((room * maxModelLen) / perSequence),
    concurrency: Math.floor((room / perSequence) * 100) / 100,
    maxModelLen,
  };
}

function movedParts({ cpuOffloadGiB = 0, draftBytes = 0 }: FitRequest, weights: number): Part[] {
  const offloaded = Math.min(weights, cpuOffloadGiB * GIB);
  return [
    ...(offloaded > 0 ? [{ part: "offloaded", bytes: -offloaded, how: "in the node's memory" }] : []),
    ...(draftBytes > 0 ? [{ part: "draft model", bytes: draftBytes, how: "speculative decoding" }] : []),
  ];
}

function cachePart(rank: Rank, concurrency: number, length: number, bytes: number): Part {
  const many = concurrency === 1 ? "one sequence" : `${concurrency} sequences`;
  return { part: "KV cache", bytes, how: `${many} of ${length} tokens, ${rank.cacheRule}` };
}

function sum(parts: readonly Part[]): number {
  return parts.reduce((total, { bytes }) => total + bytes, 0);
}

const SIZES = [1, 2, 4, 8, 16];

function smallestTensor(request: FitRequest, current: number): number | undefined {
  const { model, devicesPerNode = 8, pipeline = 1 } = request;
  const allowed = SIZES.filter(
    (size) => size > current && size * pipeline <= devicesPerNode && model.heads % size === 0,
  );
  return allowed.find((tensor) => estimateOf({ ...request, tensor }).fits);
}

/** In steps of 256 tokens, which every block size divides; undefined where not even one step fits. */
function longestContext(request: FitRequest, atMost: number): number | undefined {
  let [least, most] = [0, Math.floor(atMost / 256)];
  while (least < most) {
    const middle = Math.ceil((least + most) / 2);
    if (estimateOf({ ...request, maxModelLen: middle * 256 }).fits) least = middle;
    else most = middle - 1;
  }
  return least === 0 ? undefined : least * 256;
}
