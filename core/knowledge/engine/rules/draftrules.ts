import type { Json, JsonObject } from "../../../kubernetes/json.ts";
import { jsonOf } from "../../../kubernetes/json.ts";
import { nearest } from "../../../kubernetes/nearest.ts";
import { entryOf } from "../../../kubernetes/table.ts";
import { VLLM_FLAGS } from "../flags/flags.ts";
import { CHOICES } from "../flags/flagtable.ts";
import type { FlagChange } from "../flags/judge.ts";
import { WITHOUT_DRAFT } from "../nixl.ts";
import { positionIn, readSpan, releaseNumber, type Span } from "../release.ts";
import { type Broken, type Line, sizeOn } from "./rule.ts";

const FLAG = "speculative-config";
/** Methods whose proposals come from separate weights. */
const WITH_MODEL = ["draft_model", "eagle", "eagle3", "medusa", "mlp_speculator"];
/** Methods for which no file contains the number of proposed tokens. */
const WITH_COUNT = ["draft_model", "ngram", "ngram_gpu"];
/** Methods whose heads hardly ever have `n_predict` in their config.json, from which vLLM would take the number (vllm-project/vllm#20375). */
const OFTEN_WITH_COUNT = ["eagle", "eagle3"];
const METHOD_FLAG = "spec-method";
/**
 * From here on pydantic checks the method against those of the release. Source: SpeculativeConfig, vllm/config.py,
 * 0.9.2.
 */
const STRICT = releaseNumber("0.9.2") ?? 0;
const SINCE: Readonly<Record<string, Span>> = Object.fromEntries(
  (CHOICES[METHOD_FLAG] ?? "")
    .trim()
    .split(/\s+/)
    .map((token) => [readSpan(token).name, readSpan(token)]),
);

/**
 * What vLLM refuses of --speculative-config before it loads a model.
 * Source: SpeculativeConfig of vllm/config/speculative.py, asked of vLLM 0.32.0; the rules are as old as the flag. Methods have
 * the releases of --spec-method's choices.
 */
export function judgeDrafts(line: Line): Broken[] {
  const { text } = line;
  const config = jsonOf(text(FLAG));
  if (config === undefined) return [];
  const ofRelease = [unknownMethod(config, line), withoutClass(config, line)];
  const found = [...ofRelease, ...SHAPES.map((rule) => rule(config))].flatMap((one) => one ?? []);
  // A file may set the number of ranks.
  const tensor = text("config") === undefined ? sizeOn(line, "tensor-parallel-size") : undefined;
  return [...found, ...(tensor === undefined ? [] : wrongRanks(config, tensor, line))];
}

/** A number of tokens to propose, but nothing that proposes them. */
function noDraft(config: JsonObject): Broken | undefined {
  if (config[COUNT] === undefined || config["model"] !== undefined || config["method"] !== undefined) return undefined;
  const message = `--${FLAG}: ${COUNT} is set, but neither a method nor a draft model is`;
  return {
    flag: FLAG,
    message,
    fix: "set method in it, for example to ngram or mtp, or set model in it to the draft model",
  };
}

const RANKS = "draft_tensor_parallel_size";

/**
 * From here on a whole model that drafts has as many ranks as the model that it drafts for. Source:
 * _raise_if_draft_tp_mismatch in vllm/v1/spec_decode/draft_model.py, every release from 0.15.0 to 0.33.0.
 */
const SAME_RANKS = releaseNumber("0.15.0") ?? 0;

function wrongRanks(config: JsonObject, tensor: number, { release }: Line): Broken[] {
  const ranks = config[RANKS];
  if (typeof ranks !== "number" || ranks === tensor || isWithoutModel(config)) return [];
  const isNamed = methodOf(config) === "draft_model";
  const isWhole = release.number >= SAME_RANKS && (isNamed || (ranks === 1 && mayBeWhole(config)));
  if (ranks === 1 && !isWhole) return [];
  const others = isWhole
    ? `not --tensor-parallel-size (${tensor})`
    : `neither 1 nor --tensor-parallel-size (${tensor})`;
  const message = `--${FLAG}: ${RANKS} is ${ranks}, which is ${others}`;
  const fix = isWhole
    ? `set ${RANKS} in it to ${tensor}`
    : `set ${RANKS} in it to 1${tensor === 1 ? "" : ` or ${tensor}`}`;
  // Without a method, vLLM takes it from the config.json of the draft.
  const isCertain = isNamed || ranks !== 1;
  const change = isWhole ? { change: written({ ...config, [RANKS]: tensor }) } : {};
  return [{ flag: FLAG, message, fix, ...change, ...(!isCertain && { severity: "warning" }) }];
}

/** Whether the proposals come from the text alone, for which vLLM does not read the ranks. */
function isWithoutModel(config: JsonObject): boolean {
  const name = methodOf(config) ?? textOf(config["model"]);
  return WITHOUT_DRAFT.has(name.replace(/^\[(.*)\]$/, "$1"));
}

/** Names of drafts that are heads of a layer or two, which may run on one rank. */
const HEADS = /eagle|dflash|dspark|medusa|mtp|speculator|accelerator|ngram|hydra/i;

/** Whether a draft without a method is a whole model, as far as its name says. */
function mayBeWhole({ method, model }: JsonObject): boolean {
  return method === undefined && typeof model === "string" && !HEADS.test(model);
}

/**
 * The size of the model's own ranks, which vLLM reads only to refuse it. Source: SpeculativeConfig._verify_args,
 * vllm/config/speculative.py, every release from 0.15.0 to 0.33.0; earlier ones do not have the key.
 */
function ranksOfTarget(config: JsonObject): Broken | undefined {
  const key = "tensor_parallel_size";
  if ((config[key] ?? null) === null) return undefined;
  const isTold = config[RANKS] !== undefined;
  const fix = isTold ? `remove ${key} from it` : `write ${RANKS} in it instead of ${key}`;
  const entries = Object.entries(config).flatMap(([name, value]): [string, Json | undefined][] => {
    if (name !== key) return [[name, value]];
    return isTold ? [] : [[RANKS, value]];
  });
  const change = written(Object.fromEntries(entries));
  return { flag: FLAG, message: `--${FLAG}: vLLM refuses the key ${key}`, fix, change };
}

/** The flag with another document. */
function written(config: JsonObject): FlagChange {
  return { to: "value", value: JSON.stringify(config) };
}

const methodOf = ({ method }: JsonObject): string | undefined => (typeof method === "string" ? method : undefined);

function unknownMethod(config: JsonObject, { release }: Line): Broken | undefined {
  const method = methodOf(config);
  if (method === undefined || method === "[ngram]" || release.number < STRICT) return undefined;
  const taken = VLLM_FLAGS.choicesOf({ name: METHOD_FLAG, kind: "choice" }, release.number) ?? [];
  if (taken.includes(method)) return undefined;
  const since = entryOf(SINCE, method);
  const near = nearest(method, taken);
  if (since === undefined) {
    const message = `--${FLAG}: no release of vLLM has the method ${method}`;
    const fix = near === undefined ? `write one of ${taken.join(", ")}` : `did you mean ${near}?`;
    return { flag: FLAG, message, fix, severity: "warning", refusedByRelease: true };
  }
  const { from = "" } = since;
  const isLater = positionIn(since, release.number) === "before";
  const message = `--${FLAG}: vLLM ${release.text} ${isLater ? "does not have" : "no longer has"} the method ${method}`;
  return {
    flag: FLAG,
    message,
    fix: isLater ? `use another method, or run vLLM ${from} or later` : "use another method",
  };
}

/**
 * Heads of the first EAGLE for families of which vLLM has no such class: it puts `Eagle` in front of the class in the
 * config of the head, and has EagleLlamaForCausalLM and those of Llama 4, MiniCPM, DeepSeek, Mistral and Cohere. Source:
 * EAGLEConfig, vllm/transformers_utils/configs/eagle.py, and registry.py of every release from 0.9.0 to 0.33.0; earlier
 * ones have one class for all. vllm-project/vllm#24967.
 */
const EAGLE1 = /(?:^|[/-])eagle-(qwen\d?|mixtral|gemma|phi)/i;
const BY_CLASS: Span = { from: "0.9.0", until: "0.34.0" };

function withoutClass(config: JsonObject, { release }: Line): Broken | undefined {
  const [, family] = EAGLE1.exec(textOf(config["model"])) ?? [];
  const isFirst = ["eagle", undefined].includes(methodOf(config));
  if (family === undefined || !isFirst || positionIn(BY_CLASS, release.number) !== "inside") return undefined;
  const message = `--${FLAG}: vLLM has no class for EAGLE-1 heads of ${family}, and the draft model is such a head according to its name`;
  return { flag: FLAG, message, fix: "use an EAGLE-3 draft model, or the method ngram", severity: "warning" };
}

function missingModel(config: JsonObject): Broken | undefined {
  const method = methodOf(config) ?? "";
  if (!WITH_MODEL.includes(method) || config["model"] !== undefined) return undefined;
  const message = `--${FLAG}: the method ${method} needs a draft model`;
  return { flag: FLAG, message, fix: "set model in it to the draft model" };
}

const COUNT = "num_speculative_tokens";

function wrongCount(config: JsonObject): Broken | undefined {
  const count = config[COUNT];
  if (typeof count === "number" && count < 1)
    return {
      flag: FLAG,
      message: `--${FLAG}: ${COUNT} is ${count}, which is less than 1`,
      fix: `set ${COUNT} in it to 1 or more`,
    };
  const method = methodOf(config) ?? "";
  const isTold = (count ?? config[`${COUNT}_per_batch_size`] ?? null) !== null;
  const fix = `set ${COUNT} in it, for example to 3`;
  if (isTold) return undefined;
  if (WITH_COUNT.includes(method))
    return { flag: FLAG, message: `--${FLAG}: the method ${method} needs ${COUNT}`, fix };
  const isHead = OFTEN_WITH_COUNT.includes(method) || (method === "" && /eagle/i.test(textOf(config["model"])));
  if (!isHead || config["speculative_token_tree"] !== undefined) return undefined;
  const message = `--${FLAG}: vLLM starts without ${COUNT} only if the config.json of the draft model sets n_predict, which EAGLE heads usually do not`;
  return { flag: FLAG, message, fix, severity: "warning" };
}

function textOf(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}

/** Other methods do not read the bounds. */
function wrongLookup({
  method,
  model,
  prompt_lookup_min: least,
  prompt_lookup_max: most,
}: JsonObject): Broken | undefined {
  if (![method, model].some((one) => typeof one === "string" && /^\[?ngram/.test(one))) return undefined;
  if (typeof least !== "number" || typeof most !== "number" || least <= most) return undefined;
  const message = `--${FLAG}: prompt_lookup_min (${least}) is more than prompt_lookup_max (${most})`;
  return { flag: FLAG, message, fix: `set prompt_lookup_min in it to ${most} or less` };
}

const SHAPES = [missingModel, noDraft, ranksOfTarget, wrongCount, wrongLookup];
