import { flagValue } from "../../../knowledge/engine/flags/commandline.ts";
import { blocksNeeded, blockTokens } from "../../../knowledge/engine/rules/blocks.ts";
import type { ModelFacts } from "../../../knowledge/models/facts.ts";
import { servedModel } from "../../../knowledge/models/served.ts";
import { type Check, type CheckFinding, type CheckSubject, layerOfFlag, withFixes } from "../check.ts";
import { type Engine, numbersOf, unknownFlags } from "../engine.ts";
import { flagFixes } from "../flagfixes.ts";
import { flagPathOf } from "../flagplace.ts";
import { asCertain } from "./certain.ts";
import { devicesOf } from "./devices.ts";

const BLOCKS = "num-gpu-blocks-override";
const SIZE = "block-size";
const LENGTH = "max-model-len";
const SHARED = ["decode-context-parallel-size", "prefill-context-parallel-size"] as const;
/** Flags that select the backend, or blocks of another size. */
const SKIPPED = "kv-cache-dtype-skip-layers";
const CHOICES = ["attention-backend", "attention-config", "kv-cache-dtype", SKIPPED];
const NVIDIA = "nvidia.com";
/** Vendors on whose accelerators a size that is set stays as it is. */
const PLAIN: ReadonlySet<string> = new Set([NVIDIA, "amd.com"]);

/** Variables with the same effect. */
const CHOOSING = /^VLLM_(?:ATTENTION|FLASH|KV_CACHE|USE)_/;

/** A KV cache with fewer blocks than one full-length sequence needs: vLLM does not start. */
export const BLOCKS_CHECK: Check = {
  name: "the KV cache has blocks for the context",
  source: "get_kv_cache_configs of vLLM (core/knowledge/engine/rules/blocks.ts)",
  codes: ["MemoryFit"],
  judge: (subject) =>
    subject.engines
      .filter(({ isVllm, pod }) => isVllm && pod === "template")
      .flatMap((engine) => asCertain(judgeBlocks(engine, subject), subject)),
};

function judgeBlocks(engine: Engine, subject: CheckSubject): CheckFinding[] {
  const number = numbersOf(engine);
  const { release } = engine;
  const [blocks, model] = [number(BLOCKS), servedModel(subject)];
  const length = number(LENGTH) ?? ownLength(engine, model);
  if (blocks === undefined || length === undefined || model === undefined) return [];
  // Without a size there is one rank, and vLLM chooses the blocks; it refuses sizes below 1.
  if ([SIZE, ...SHARED].some((flag) => (number(flag) ?? 1) < 1)) return [];
  if (unknownFlags(engine, [BLOCKS, LENGTH, SIZE, ...SHARED]).length > 0) return [];
  const { resource = "" } = devicesOf(engine, subject) ?? {};
  const tokens = blockTokens(model, {
    named: number(SIZE),
    isChosen: isChosen(engine) || !resource.startsWith(`${NVIDIA}/`),
    isAligned: isAligned(engine, resource),
  });
  const ranks = SHARED.reduce((all, flag) => all * (number(flag) ?? 1), 1);
  const found = tokens && blocksNeeded(tokens, length, ranks, release?.number ?? Number.MAX_SAFE_INTEGER);
  if (!found || blocks >= found.sequence + found.kept) return [];
  const { sequence, kept } = found;
  const keeps = kept === 0 ? "" : `, of which vLLM keeps ${kept} for itself`;
  const message = `--${BLOCKS}: a sequence of ${length} tokens takes ${sequence} blocks of ${tokens} tokens, but the KV cache has ${blocks}${keeps}`;
  const longest = (blocks - kept) * (tokens ?? 1) * ranks;
  return [
    {
      code: "MemoryFit",
      ...((release === undefined || number(LENGTH) === undefined) && { severity: "warning" as const }),
      path: flagPathOf(engine, BLOCKS),
      layer: layerOfFlag(subject, engine, BLOCKS),
      message,
      fix: `remove --${BLOCKS}, or set it to ${sequence + kept} or more${longest > 0 ? `, or set tuning.maxModelLen to ${longest} or less` : ""}`,
      ...withFixes(flagFixes(engine, BLOCKS, { to: "nothing" }, subject)),
    },
  ];
}

/**
 * Without a length vLLM takes the model's own. Of a pooling model it is in a file that the catalogue does not know: the
 * `max_seq_length` of sentence-transformers. Source: _get_and_verify_max_len, vllm/config/model.py.
 */
function ownLength({ args }: Engine, model: ModelFacts | undefined): number | undefined {
  const isOther = [LENGTH, "config", "hf-overrides"].some((flag) => flagValue(args, flag) !== undefined);
  return isOther || model?.pooling ? undefined : (model?.defaultPositions ?? model?.maxPositions);
}

/** Whether anything other than vLLM's defaults decides the layout of blocks. */
function isChosen({ args, container }: Engine): boolean {
  const { env = [], envFrom = [] } = container;
  const isFlagged = CHOICES.some((flag) => flagValue(args, flag) !== undefined);
  return isFlagged || envFrom.length > 0 || env.some(({ name }) => CHOOSING.test(name));
}

/** Whether vLLM may enlarge blocks of a size that is set. */
function isAligned({ args }: Engine, resource: string): boolean {
  return !PLAIN.has(resource.split("/")[0] ?? "") || flagValue(args, SKIPPED) !== undefined;
}
