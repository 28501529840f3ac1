import { asText, jsonOf } from "../../../kubernetes/json.ts";
import { parseArgs, valuesOf } from "../flags/commandline.ts";
import { rootOf } from "../flags/flagbook.ts";
import type { ArgFinding, Release } from "../flags/judge.ts";
import { releaseNumber } from "../release.ts";
import { COMPILATION_RULES } from "./compilation.ts";
import { judgeDrafts } from "./draftrules.ts";
import { FEATURE_RULES } from "./featurerules.ts";
import { KEY_JUDGES } from "./jsonkeys.ts";
import { VALUE_JUDGES } from "./keyvalues.ts";
import { LAUNCH_RULES } from "./launchrules.ts";
import { PAIR_RULES } from "./pairrules.ts";
import { outOfRange } from "./ranges.ts";
import { RANK_RULES } from "./rankrules.ts";
import { type Broken, type Line, lineOf, type Rule, sizeOn } from "./rule.ts";
import { foundBy, type Triggers, triggersOf } from "./triggers.ts";
import { WORD_JUDGES } from "./wordrules.ts";

/**
 * Flags that exist, with values of the right form, but that contradict each other: the engine exits with a ValueError
 * before it loads the model. Only what is written on the command line is judged, never a default.
 */
export function judgeCombined(args: readonly string[], release: Release): ArgFinding[] {
  const text = valuesOf(args);
  const line = lineOf(text, release);
  const parsed = parseArgs(args);
  // Adapters' flags are only read if adapters are on.
  const isRead = (flag: string): boolean => flag !== "max-loras" || line.isOn("enable-lora");
  const ofRanges = parsed.flatMap(({ flag = "", values: [value] }) =>
    isRead(flag) ? outOfRange(flag, value, release) : [],
  );
  const mayHoldMore = text("config") !== undefined || args.some((word) => word.startsWith("$("));
  const { ofAll, ofPart } = triggersOn(release);
  const found = foundBy(
    mayHoldMore ? ofPart : ofAll,
    // A key of a JSON flag (`--flag.key`) belongs to that flag.
    parsed.flatMap(({ flag = "" }) => [flag, rootOf(flag)]),
    line,
  );
  return [...ofRanges, ...found].map((one) => ({ code: "InvalidFlagValue", ...one }));
}

/** The judges of a complete command line, and those of one to which a file or a variable may add. */
interface Judges {
  release: number;
  ofAll: Triggers;
  ofPart: Triggers;
}

/** The judges of a release; those of the last release are kept, because most engines run the same. */
function triggersOn(release: Release): Judges {
  if (kept?.release === release.number) return kept;
  const rules = [
    ...RULES,
    ...LAUNCH_RULES,
    ...RANK_RULES,
    ...PAIR_RULES,
    ...FEATURE_RULES,
    ...COMPILATION_RULES,
  ].filter((rule) => isOf(rule, release.number));
  const judgesWith = (some: readonly Rule[]): Triggers =>
    triggersOf(
      [...some.map(({ broken }) => broken), ...WORD_JUDGES, ...KEY_JUDGES, ...VALUE_JUDGES, judgeDrafts],
      release,
    );
  const ofPart = judgesWith(rules.filter(({ asksForMore }) => asksForMore !== true));
  kept = { release: release.number, ofAll: judgesWith(rules), ofPart };
  return kept;
}

let kept: Judges | undefined;

function isOf({ from, until }: Rule, number: number): boolean {
  const isLater = from === undefined || number >= (releaseNumber(from) ?? 0);
  return isLater && (until === undefined || number < (releaseNumber(until) ?? 0));
}

/** A flag that requires another one to be on. */
function needs(flag: string, isMet: (line: Line) => boolean, message: string, fix: string): Rule["broken"] {
  return (line) => (line.isOn(flag) && !isMet(line) ? { flag, message: `--${flag} ${message}`, fix } : undefined);
}

/** A number that must not be less than another one. */
function atLeast(flag: string, least: string, { when }: { when?: (line: Line) => boolean } = {}): Rule["broken"] {
  return (line) => {
    const [number, other] = [line.number(flag), line.number(least)];
    if (number === undefined || other === undefined || number < 1 || number >= other) return undefined;
    if (when?.(line) === false) return undefined;
    const message = `--${flag} is ${number}, which is less than --${least} (${other})`;
    return { flag, message, fix: `set --${flag} to ${other} or more`, change: { to: "value", value: String(other) } };
  };
}

const RULES: readonly Rule[] = [
  {
    asksForMore: true,
    source: "validate_parsed_serve_args, vllm/entrypoints/openai/cli_args.py",
    broken: needs(
      "enable-auto-tool-choice",
      ({ text }) => text("tool-call-parser") !== undefined,
      "requires --tool-call-parser",
      "add --tool-call-parser with the parser of the model, or remove the flag",
    ),
  },
  {
    asksForMore: true,
    source: "init_static_loras, vllm/entrypoints/openai/models/serving.py; lora_model_runner_mixin.py",
    broken: adaptersWithoutLora,
  },
  {
    asksForMore: true,
    from: "0.11.0",
    source: "validate_parsed_serve_args, vllm/entrypoints/openai/cli_args.py",
    broken: needs(
      "enable-log-outputs",
      ({ isOn }) => isOn("enable-log-requests"),
      "requires --enable-log-requests",
      "add --enable-log-requests, or remove the flag",
    ),
  },
  {
    asksForMore: true,
    from: "0.10.0",
    source: "ParallelConfig, vllm/config/parallel.py",
    broken: needs(
      "enable-eplb",
      ({ isOn }) => isOn("enable-expert-parallel"),
      "balances experts, but expert parallelism is off",
      "set parallelism.expert to true, or remove the flag",
    ),
  },
  {
    asksForMore: true,
    from: "0.9.0",
    source: "ParallelConfig, vllm/config/parallel.py",
    broken: localBeyondAll,
  },
  { asksForMore: true, from: "0.10.2", source: "ParallelConfig, vllm/config/parallel.py", broken: unevenContext },
  {
    source: "LoRAConfig, vllm/config/lora.py",
    broken: atLeast("max-cpu-loras", "max-loras", { when: ({ isOn }) => isOn("enable-lora") }),
  },
  { source: "SchedulerConfig, vllm/config/scheduler.py", broken: atLeast("max-num-batched-tokens", "max-num-seqs") },
  {
    // Earlier engines of V1 turn chunked prefill on whatever the flag is.
    from: "0.11.1",
    source: "SchedulerConfig, vllm/config/scheduler.py; EngineArgs, vllm/engine/arg_utils.py",
    broken: atLeast("max-num-batched-tokens", "max-model-len", {
      when: ({ text }) => text("enable-chunked-prefill") === "false",
    }),
  },
  { source: "KVTransferConfig, vllm/config/kv_transfer.py", broken: wrongTransfer },
];

/** Adapters of the command line are loaded before the server answers, which fails if the engine does not accept any. */
function adaptersWithoutLora({ text, isOn }: Line): Broken | undefined {
  const flag = "lora-modules";
  if (text(flag) === undefined || isOn("enable-lora")) return undefined;
  return { flag, message: `--${flag} requires --enable-lora`, fix: "add --enable-lora, or remove the flag" };
}

function localBeyondAll(line: Line): Broken | undefined {
  const flag = "data-parallel-size-local";
  const [local, all] = [line.number(flag), sizeOn(line, "data-parallel-size")];
  if (local === undefined || all === undefined || local <= all) return undefined;
  const message = `--${flag} is ${local}, but --data-parallel-size is only ${all}`;
  return { flag, message, fix: `set --${flag} to ${all} or less, or --data-parallel-size to ${local} or more` };
}

/** From here on the two groups of ranks that share a context may span each other. */
const SPANNING = releaseNumber("0.26.0") ?? 0;

/** Ranks that share the KV cache of a sequence belong to one tensor-parallel group. */
function unevenContext(line: Line): Broken | undefined {
  const flag = "decode-context-parallel-size";
  if (line.release.number >= SPANNING && sizeOn(line, "prefill-context-parallel-size") !== 1) return undefined;
  const [ranks, tensor] = [line.number(flag), sizeOn(line, "tensor-parallel-size")];
  if (ranks === undefined || tensor === undefined || ranks < 1 || tensor % ranks === 0) return undefined;
  const message = `--${flag} is ${ranks}, which does not divide --tensor-parallel-size (${tensor})`;
  return { flag, message, fix: `set --${flag} to a divisor of ${tensor}, or remove it` };
}

const ROLES = ["kv_producer", "kv_consumer", "kv_both"];

function wrongTransfer({ text }: Line): Broken | undefined {
  const flag = "kv-transfer-config";
  const config = jsonOf(text(flag));
  const role = config?.["kv_role"];
  if (config?.["kv_connector"] === undefined || ROLES.includes(asText(role))) return undefined;
  const message =
    role === undefined
      ? `--${flag} has a kv_connector, but no kv_role`
      : `--${flag}: ${JSON.stringify(role)} is not a kv_role`;
  return { flag, message, fix: `set kv_role to one of ${ROLES.join(", ")}` };
}
