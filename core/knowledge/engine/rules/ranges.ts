import { jsonOf } from "../../../kubernetes/json.ts";
import { entryOf } from "../../../kubernetes/table.ts";
import type { FlagChange, Release } from "../flags/judge.ts";
import { positionIn, type Span } from "../release.ts";
import { TYPED_SINCE } from "./keyvalues.ts";
import { readNumber } from "./number.ts";
import type { Broken } from "./rule.ts";

/** The range of a number: from the least to the most, or beyond and below what it must not reach. */
interface Range extends Span {
  least?: number;
  most?: number;
  above?: number;
  below?: number;
  /** The fix, if it is not the range itself. */
  fix?: string;
}

/** By flag, its ranges in the releases. */
export type Ranges = Readonly<Record<string, readonly Range[]>>;

const COUNT: readonly Range[] = [{ least: 1 }];
const countFrom = (from: string): readonly Range[] => [{ least: 1, from }];
const notNegativeFrom = (from: string): readonly Range[] => [{ least: 0, from }];

/**
 * The ranges of numbers. Source: `Field(ge=…, gt=…, le=…, lt=…)` of the classes in vllm/config, every release from
 * 0.11.1 to 0.33.0; counts without a release are as old as vLLM's own checks, and a port is one of the socket that it
 * binds before it loads anything.
 */
const RANGES: Ranges = {
  "block-size": COUNT,
  "cpu-offload-gb": [{ least: 0 }],
  "data-parallel-rpc-port": [{ least: 1, most: 65_535, from: "0.28.0" }],
  "data-parallel-size": COUNT,
  "data-parallel-size-local": notNegativeFrom("0.23.0"),
  "dbo-decode-token-threshold": notNegativeFrom("0.23.0"),
  "dbo-prefill-token-threshold": notNegativeFrom("0.23.0"),
  "decode-context-parallel-size": COUNT,
  "dp-sync-interval": COUNT,
  "elastic-ep-max-dp-size": COUNT,
  "kv-cache-metrics-sample": [{ above: 0, most: 1 }],
  "long-prefill-token-threshold": notNegativeFrom("0.25.0"),
  "mamba-block-size": COUNT,
  "max-logprobs": [{ least: -1 }],
  "max-long-partial-prefills": countFrom("0.11.1"),
  "max-lora-cls-labels": COUNT,
  "max-loras": COUNT,
  "max-num-active-seqs": COUNT,
  "max-num-batched-tokens": COUNT,
  "max-num-partial-prefills": countFrom("0.11.1"),
  "max-num-queued-reqs": [{ least: 0 }],
  "max-num-queued-tokens": [{ least: 0 }],
  "max-num-scheduled-tokens": [
    { least: 0, until: "0.32.0" },
    { least: 1, from: "0.32.0" },
  ],
  "max-num-seqs": COUNT,
  "max-parallel-loading-workers": countFrom("0.23.0"),
  "mm-encoder-fp8-scale-save-margin": [{ above: 0 }],
  "mm-ipc-gpu-memory-gb": [{ least: 0 }],
  "mm-processor-cache-gb": notNegativeFrom("0.11.1"),
  "mm-shm-cache-max-object-size-mb": notNegativeFrom("0.11.1"),
  nnodes: countFrom("0.23.0"),
  "node-rank": notNegativeFrom("0.23.0"),
  "offload-group-size": [{ least: 0 }],
  "offload-num-in-group": COUNT,
  "offload-prefetch-step": [{ least: 0 }],
  "pipeline-parallel-size": COUNT,
  // Any free port is 0, on which nothing would find the engine.
  port: [{ least: 0, most: 65_535, fix: "write a port from 1 to 65535" }],
  "prefill-context-parallel-size": COUNT,
  "prefill-schedule-interval": COUNT,
  "prefix-cache-retention-interval": [{ least: 0 }],
  "prefix-match-unit": COUNT,
  "replayssm-buffer-len": COUNT,
  "safetensors-prefetch-block-size": COUNT,
  "safetensors-prefetch-num-threads": COUNT,
  "shutdown-timeout": [{ least: 0 }],
  "spec-tokens": COUNT,
  "stream-interval": COUNT,
  "swap-space": notNegativeFrom("0.11.1"),
  "tensor-parallel-size": COUNT,
  "ubatch-size": notNegativeFrom("0.23.0"),
  "video-pruning-rate": [{ least: 0, below: 1, from: "0.11.1" }],
  watermark: [{ least: 0, below: 1 }],
};

/** The same for keys of documents, in the releases before those whose types are in keyvaluetable.ts. */
const KEY_RANGES: Readonly<Record<string, Ranges>> = {
  "eplb-config": { num_redundant_experts: notNegativeFrom("0.11.1") },
  "profiler-config": {
    active_iterations: COUNT,
    delay_iterations: [{ least: 0 }],
    max_iterations: [{ least: 0 }],
    wait_iterations: [{ least: 0 }],
    warmup_iterations: [{ least: 0 }],
  },
  "speculative-config": {
    disable_by_batch_size: [{ least: 2, from: "0.11.1" }],
    draft_tensor_parallel_size: countFrom("0.11.1"),
    max_model_len: countFrom("0.11.1"),
    prompt_lookup_max: countFrom("0.11.1"),
    prompt_lookup_min: countFrom("0.11.1"),
  },
};

/** A number that its flag does not take, or numbers of its document. */
export function outOfRange(flag: string, value: string | undefined, release: Release): Broken[] {
  if (entryOf(KEY_RANGES, flag) !== undefined) return keysOutOfRange(flag, value, release);
  if (flag === LENGTH) return wrongLength(value);
  return SHARES.includes(flag) ? wrongShare(flag, value) : wrongNumberOf(RANGES, flag, value, release);
}

/** A number outside the range that a table has for its flag. */
export function wrongNumberOf(ranges: Ranges, flag: string, value: string | undefined, release: Release): Broken[] {
  const number = readNumber(value);
  if (number === undefined) return [];
  const wrong = wrongOf(entryOf(ranges, flag), number, release);
  return wrong.map(({ what, fix }) => ({ flag, message: `--${flag}: ${value} ${what}`, fix }));
}

function keysOutOfRange(flag: string, value: string | undefined, release: Release): Broken[] {
  if (release.number >= TYPED_SINCE) return [];
  const document = jsonOf(value) ?? {};
  return Object.entries(entryOf(KEY_RANGES, flag) ?? {}).flatMap(([key, ranges]) => {
    const number = entryOf(document, key);
    if (typeof number !== "number") return [];
    return wrongOf(ranges, number, release).map(({ what, fix }) => ({
      flag,
      message: `--${flag}: ${key} is ${number}, which ${what}`,
      fix: fix.replace("write", `set ${key} in it to`),
    }));
  });
}

/** What is wrong with a number in the ranges of a release. */
function wrongOf(
  ranges: readonly Range[] = [],
  number: number,
  { number: release }: Release,
): { what: string; fix: string }[] {
  const range = ranges.find((span) => positionIn(span, release) === "inside");
  if (range === undefined) return [];
  const { least = -Infinity, most = Infinity, above = -Infinity, below = Infinity } = range;
  if (number >= least && number <= most && number > above && number < below) return [];
  return [{ what: wordsOf(range, number), fix: range.fix ?? `write ${toWrite(range)}` }];
}

function wordsOf({ least, above, most, below }: Range, number: number): string {
  if (least !== undefined && number < least) return `is less than ${least}`;
  if (above !== undefined && number <= above) return `is not more than ${above}`;
  return most !== undefined && number > most ? `is more than ${most}` : `is not less than ${below}`;
}

function toWrite({ least, above, most, below }: Range): string {
  const from = least === undefined ? `more than ${above}` : `${least}`;
  if (most !== undefined) return least === undefined ? `${from}, and at most ${most}` : `${from} to ${most}`;
  return below === undefined ? `${from} or more` : `${from} or more, and less than ${below}`;
}

const LENGTH = "max-model-len";

/** -1 stands for the length that fits. */
function wrongLength(value: string | undefined): Broken[] {
  const number = readNumber(value);
  if (number === undefined || number >= 1 || number === -1) return [];
  const message = `--${LENGTH}: the context must have at least 1 token, not ${value}`;
  return [{ flag: LENGTH, message, fix: "write 1 or more" }];
}

/** Two names of one setting. */
const SHARES = ["gpu-memory-utilization", "device-memory-utilization"];
/** From here on, a share is meant as a percentage. */
const PERCENT = 10;

/** A share of the memory that is not between nothing and all of it. */
export function wrongShare(flag: string, value: string | undefined): Broken[] {
  const number = readNumber(value);
  if (number === undefined || (number > 0 && number <= 1)) return [];
  const change: FlagChange = { to: "value", value: String(number / 100) };
  const isPercent = number >= PERCENT && number <= 100;
  const fix = isPercent ? `write ${number / 100}` : "write a share of the memory, such as 0.9";
  const message = `--${flag}: ${value} is not a share of the memory: it must be more than 0 and at most 1`;
  return [{ flag, message, fix, ...(isPercent && { change }) }];
}
