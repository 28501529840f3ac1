import { releaseNumber } from "../engine/release.ts";
import type { FitRequest } from "./request.ts";
import { isV0, tokensOfV0 } from "./v0.ts";

/** How much vLLM processes at once. */
export interface Batch {
  /** Tokens of a step, and number of sequences. */
  tokens: number;
  sequences: number;
}

/** vLLM's defaults for an amount of memory: the first row that matches in release and memory. */
interface Default extends Batch {
  from: number;
  leastGiB: number;
  /** Whether it also applies to an A100, and to memory that is shared with the node (GB10). */
  ofA100?: boolean;
  ofUnified?: boolean;
}

const since = (release: string): number => releaseNumber(release) ?? 0;
const [SMALL, LARGE, HUGE] = [
  { tokens: 2048, sequences: 256 },
  { tokens: 8192, sequences: 1024 },
  { tokens: 16_384, sequences: 1024 },
];

/**
 * Source: get_batch_defaults (before 0.11.1 _set_default_args_v1), vllm/engine/arg_utils.py, in the wheels of 0.8.5
 * to 0.33.0. NVML reports no memory for GB10, which vLLM counts as none (logs of 0.13 and 0.18 have steps of 2048
 * tokens); 0.33 excludes it by name. The first releases of the V1 engine had the same number of sequences for any
 * memory.
 */
const DEFAULTS: readonly Default[] = [
  { from: since("0.28.0"), leastGiB: 160, ...HUGE, ofA100: true },
  { from: since("0.8.4"), leastGiB: 70, ...LARGE },
  { from: since("0.8.4"), leastGiB: 0, ...SMALL, ofA100: true, ofUnified: true },
  { from: since("0.8.0"), leastGiB: 70, ...LARGE },
  { from: since("0.8.0"), leastGiB: 0, ...SMALL, sequences: LARGE.sequences, ofA100: true, ofUnified: true },
];

/**
 * Exchanges that only support small batches: a step between data-parallel ranks of experts has this many tokens by
 * default. Source: use_batched_dp_moe, vllm/config/parallel.py, and DEFAULT_MAX_NUM_BATCHED_TOKENS_FOR_BATCHED_DP,
 * vllm/config/scheduler.py.
 */
const BATCHED = { from: since("0.20.0"), exchanges: ["deepep_low_latency", "nixl_ep"], tokens: 256 };
/**
 * From here on the throughput mode doubles steps, and prompts may be processed whole. Source:
 * _set_default_max_num_seqs_and_batched_tokens_args.
 */
const DOUBLED = since("0.17.0");
const WHOLE = since("0.11.1");

/** What a step processes: as set, otherwise by default. */
export function batchOf(request: FitRequest, release: number, maxModelLen: number): Batch {
  const { model, maxNumBatchedTokens, maxNumSeqs, wholePrompts = false } = request;
  const usual = usualOf(request, release, maxModelLen);
  const sequences = maxNumSeqs ?? usual.sequences;
  // Bidirectional attention processes a text as a whole; and no step is larger than all sequences together.
  const isWhole = model.cacheless || (wholePrompts && release >= WHOLE);
  const whole = isWhole ? Math.max(usual.tokens, maxModelLen) : usual.tokens;
  const tokens = maxNumBatchedTokens ?? Math.min(whole, sequences * maxModelLen);
  return { tokens, sequences: maxNumSeqs ?? (isV0({ ...request, release }) ? sequences : Math.min(sequences, tokens)) };
}

function usualOf(request: FitRequest, release: number, maxModelLen: number): Batch {
  const { expertParallel, data = 1, exchange = "", throughput = false } = request;
  const isBatched =
    release >= BATCHED.from && expertParallel === true && data > 1 && BATCHED.exchanges.includes(exchange);
  const { tokens, sequences } = defaultOf(request, release, maxModelLen);
  const factor = throughput && release >= DOUBLED ? 2 : 1;
  return { tokens: (isBatched ? BATCHED.tokens : tokens) * factor, sequences: sequences * factor };
}

function defaultOf(request: FitRequest, release: number, maxModelLen: number): Batch {
  const { memoryGiB, smallSteps, unified } = request;
  const run = { ...request, release };
  if (isV0(run)) return { tokens: tokensOfV0(run, maxModelLen), sequences: SMALL.sequences };
  const found = DEFAULTS.find(
    ({ from, leastGiB, ofA100, ofUnified }) =>
      release >= from && memoryGiB >= leastGiB && (ofA100 || !smallSteps) && (ofUnified || !unified),
  );
  return found ?? SMALL;
}
