import { flagValue, parseArgs } from "../../../knowledge/engine/flags/commandline.ts";
import { flagName } from "../../../knowledge/engine/flags/flags.ts";
import { comparesBlocks } from "../../../knowledge/memory/cache.ts";
import type { Fit } from "../../../knowledge/memory/fit.ts";
import type { FitRequest } from "../../../knowledge/memory/request.ts";
import { type CheckFinding, type CheckSubject, layerOfFlag } from "../check.ts";
import { type Engine, unknownFlags } from "../engine.ts";
import { flagAt } from "../flagfixes.ts";
import { flagPathOf } from "../flagplace.ts";

const SEQUENCES = "max-num-seqs";
/** Flags with which no such graph is captured, or with which states and blocks have other sizes than estimated. */
const OTHERWISE: readonly string[] = [
  "enforce-eager",
  "compilation-config",
  "cudagraph-mode",
  "optimization-level",
  "num-gpu-blocks-override",
  "block-size",
  "mamba-block-size",
  "mamba-cache-dtype",
  "mamba-ssm-cache-dtype",
  "mamba-cache-mode",
  "load-format",
];
const GRAPHS_OF: ReadonlySet<string | undefined> = new Set(["nvidia.com", "amd.com"]);

/** An engine, and its memory; `unknown` are flags that contain a value known only in the pod. */
interface Estimated {
  engine: Engine;
  request: FitRequest;
  result: Fit;
  unknown: readonly string[];
}

/** The cache has fewer blocks for states than a step has sequences. */
export function judgeStates({ engine, request, result, unknown }: Estimated, subject: CheckSubject): CheckFinding[] {
  const { states, verdict } = result;
  const { release, vendor } = request;
  if (states === undefined || verdict === "exceeds" || unknown.length > 0 || states.sequences <= states.blocks)
    return [];
  if (!comparesBlocks(release) || !GRAPHS_OF.has(vendor) || hasOtherBlocks(engine)) return [];
  const { sequences, blocks, most } = states;
  const least = roundedDown(blocks);
  const isSet = flagValue(engine.args, SEQUENCES) !== undefined;
  const whose = isSet ? "" : ", the default,";
  return [
    {
      code: "MemoryFit",
      ...((sequences <= most || request.unified) && { severity: "warning" }),
      path: flagPathOf(engine, SEQUENCES),
      layer: layerOfFlag(subject, engine, SEQUENCES),
      message: `--${SEQUENCES} is ${sequences}${whose} but the cache has about ${blocks} blocks, each for the state of one sequence, and vLLM does not start with fewer blocks than sequences`,
      fix: `set --${SEQUENCES} to ${least} or less, or use more memory`,
      fixes: [{ path: flagAt(engine, SEQUENCES), value: String(least) }],
    },
  ];
}

function hasOtherBlocks(engine: Engine): boolean {
  if (unknownFlags(engine, [...OTHERWISE, SEQUENCES]).length > 0) return true;
  const named = parseArgs(engine.args).map(({ flag = "" }) => flagName(flag).split(".")[0] ?? "");
  return named.some((name) => OTHERWISE.includes(name)) || engine.args.some((arg) => /^-(?:O|cc)/.test(arg));
}

/** Nine tenths, in steps of 8 if there are enough. */
function roundedDown(blocks: number): number {
  const least = Math.max(1, Math.floor(blocks * 0.9));
  return least < 8 ? least : least - (least % 8);
}
