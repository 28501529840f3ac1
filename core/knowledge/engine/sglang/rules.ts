import type { ArgFinding, Release } from "../flags/judge.ts";
import { readNumber } from "../rules/number.ts";
import { type Ranges, wrongNumberOf, wrongShare } from "../rules/ranges.ts";
import type { Broken } from "../rules/rule.ts";
import { SGLANG_LINES } from "./flags.ts";

/**
 * The ranges of SGLang's numbers. Source: the assertions of check_server_args in sglang/srt/server_args.py of 0.4.10 to
 * 0.5.12, and of validation_hook.py in sglang/srt/arg_groups of 0.5.23; a port is one of a socket, and no engine has
 * fewer ranks, tokens or requests than one.
 */
const RANGES: Ranges = {
  "base-gpu-id": [{ least: 0 }],
  "context-length": [{ least: 1 }],
  "dp-size": [{ least: 1 }],
  "gpu-id-step": [{ least: 1 }],
  "max-running-requests": [{ least: 1 }],
  nnodes: [{ least: 1 }],
  "node-rank": [{ least: 0 }],
  "page-size": [{ least: 1 }],
  port: [{ least: 1, most: 65_535 }],
  "pp-size": [{ least: 1 }],
  "schedule-conservativeness": [{ least: 0 }],
  "tokenizer-worker-num": [{ least: 1 }],
  "tp-size": [{ least: 1 }],
};

/** The share of the memory for weights and KV cache: with more than all of it, the cache is larger than the memory. */
const SHARE = "mem-fraction-static";

/** A command line of SGLang, as rules query it. */
interface Line {
  isOn(flag: string): boolean;
  /** The number of a flag, or its default; undefined if it is known only in the pod. */
  number(flag: string, standard?: number): number | undefined;
}

/**
 * Numbers out of their ranges, and sizes that do not agree: SGLang exits with an AssertionError before it loads the
 * model.
 */
export function judgeSglang(args: readonly string[], release: Release): ArgFinding[] {
  const text = SGLANG_LINES.valuesOf(args);
  const line: Line = {
    isOn: (flag) => text(flag) === "true",
    number: (flag, standard) => (text(flag) === undefined ? standard : readNumber(text(flag))),
  };
  // A configuration file may set more.
  const rules = text("config") === undefined ? [unevenNodes, noSuchNode, unevenCopies, copiesOfNodes] : [];
  const ofRanges = Object.keys(RANGES).flatMap((flag) => wrongNumberOf(RANGES, flag, text(flag), release));
  const found = [...ofRanges, ...wrongShare(SHARE, text(SHARE)), ...rules.flatMap((rule) => rule(line) ?? [])];
  return found.map((one) => ({ code: "InvalidFlagValue", ...one }));
}

function unevenNodes({ number }: Line): Broken | undefined {
  const nodes = number("nnodes");
  const ranks = (number("tp-size", 1) ?? Number.NaN) * (number("pp-size", 1) ?? Number.NaN);
  if (nodes === undefined || nodes < 1 || Number.isNaN(ranks) || ranks % nodes === 0) return undefined;
  const message = `--nnodes is ${nodes}, which does not divide the ${ranks} ranks of --tp-size and --pp-size`;
  return {
    flag: "nnodes",
    message,
    fix: `set --nnodes to a divisor of ${ranks}, or run the same number of ranks on each node`,
  };
}

function noSuchNode({ number }: Line): Broken | undefined {
  const flag = "node-rank";
  const [rank, nodes] = [number(flag), number("nnodes", 1)];
  if (rank === undefined || nodes === undefined || nodes < 1 || rank < nodes) return undefined;
  const fix = nodes === 1 ? "remove it, or add --nnodes" : `write a number from 0 to ${nodes - 1}`;
  return {
    flag,
    message: `--${flag} is ${rank}, but there ${nodes === 1 ? "is one node" : `are ${nodes} nodes`}`,
    fix,
  };
}

const COPIES = "dp-size";
const SHARED = "enable-dp-attention";

/** The copies of attention divide the ranks of the tensor-parallel size among themselves. */
function unevenCopies({ isOn, number }: Line): Broken | undefined {
  const [copies, ranks] = [number(COPIES), number("tp-size", 1)];
  if (!isOn(SHARED) || copies === undefined || ranks === undefined || copies < 2 || ranks % copies === 0)
    return undefined;
  const message = `--${COPIES} is ${copies}, which does not divide --tp-size (${ranks}): with --${SHARED} the data-parallel replicas share these ranks`;
  return {
    flag: COPIES,
    message,
    fix: `set --tp-size to a multiple of ${copies}, or --${COPIES} to a divisor of ${ranks}`,
  };
}

function copiesOfNodes({ isOn, number }: Line): Broken | undefined {
  const [copies, nodes] = [number(COPIES) ?? 1, number("nnodes") ?? 1];
  if (isOn(SHARED) || copies < 2 || nodes < 2) return undefined;
  const message = `--${COPIES} is ${copies} on ${nodes} nodes, but without --${SHARED} all data-parallel replicas run on one node`;
  return { flag: COPIES, message, fix: `add --${SHARED}, or set --${COPIES} to 1` };
}
