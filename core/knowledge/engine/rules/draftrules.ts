import type { JsonObject } from "../../../kubernetes/json.ts";
import { nearest } from "../../../kubernetes/nearest.ts";
import { type Broken, jsonOf, type Line, sizeOn } from "./rule.ts";

const FLAG = "speculative-config";
/** Methods whose proposals come from weights of their own. */
const WITH_MODEL = ["draft_model", "eagle", "eagle3", "medusa", "mlp_speculator"];
/** Methods for which no file says how many tokens they propose. */
const WITH_COUNT = ["draft_model", "ngram", "ngram_gpu"];
/** The methods of all releases, without those of one model's multi-token prediction, which end with `mtp`. */
const METHODS = [...WITH_MODEL, ...WITH_COUNT, "[ngram]", "custom_class", "dflash", "dspark"];
const OTHERS = ["extract_hidden_states", "suffix"];

/**
 * What vLLM refuses of --speculative-config before it loads a model.
 * Source: SpeculativeConfig of vllm/config/speculative.py, asked of vLLM 0.32.0; the rules are as old as the flag.
 */
export function judgeDrafts(line: Line): Broken[] {
  const { text } = line;
  const config = jsonOf(text(FLAG));
  if (config === undefined) return [];
  const found = [unknownMethod, missingModel, noDraft, wrongCount, wrongLookup].flatMap((rule) => rule(config) ?? []);
  // A file may say how many ranks there are.
  const tensor = text("config") === undefined ? sizeOn(line, "tensor-parallel-size") : undefined;
  return [...found, ...(tensor === undefined ? [] : wrongRanks(config, tensor))];
}

/** Tokens to propose, but nothing that proposes them. */
function noDraft(config: JsonObject): Broken | undefined {
  if (config[COUNT] === undefined || config["model"] !== undefined || config["method"] !== undefined) return undefined;
  const message = `--${FLAG}: it has ${COUNT}, but neither a method nor a draft model`;
  return { flag: FLAG, message, fix: "set method in it, for example to ngram or mtp, or model to the draft model" };
}

const RANKS = "draft_tensor_parallel_size";

function wrongRanks({ [RANKS]: ranks }: JsonObject, tensor: number): Broken[] {
  if (typeof ranks !== "number" || ranks === 1 || ranks === tensor) return [];
  const message = `--${FLAG}: ${RANKS} is ${ranks}, which is neither 1 nor --tensor-parallel-size (${tensor})`;
  return [{ flag: FLAG, message, fix: `set ${RANKS} in it to 1${tensor === 1 ? "" : ` or ${tensor}`}` }];
}

const methodOf = ({ method }: JsonObject): string | undefined => (typeof method === "string" ? method : undefined);

/** A release may have brought a method since. */
function unknownMethod(config: JsonObject): Broken | undefined {
  const method = methodOf(config);
  const known = [...METHODS, ...OTHERS, "mtp"];
  if (method === undefined || known.includes(method) || /mtp$/.test(method)) return undefined;
  const near = nearest(method, known);
  const message = `--${FLAG}: no release of vLLM has the method ${method}`;
  const fix = near === undefined ? `write one of ${[...new Set(known)].sort().join(", ")}` : `did you mean ${near}?`;
  return { flag: FLAG, message, fix, severity: "warning" };
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
    return { flag: FLAG, message: `--${FLAG}: ${COUNT} is ${count}`, fix: `set ${COUNT} in it to 1 or more` };
  const method = methodOf(config) ?? "";
  const isTold = (count ?? config[`${COUNT}_per_batch_size`] ?? null) !== null;
  if (isTold || !WITH_COUNT.includes(method)) return undefined;
  const message = `--${FLAG}: the method ${method} needs ${COUNT}`;
  return { flag: FLAG, message, fix: `set ${COUNT} in it, for example to 3` };
}

function wrongLookup({ prompt_lookup_min: least, prompt_lookup_max: most }: JsonObject): Broken | undefined {
  if (typeof least !== "number" || typeof most !== "number" || least <= most) return undefined;
  const message = `--${FLAG}: prompt_lookup_min (${least}) is more than prompt_lookup_max (${most})`;
  return { flag: FLAG, message, fix: `set prompt_lookup_min in it to ${most} or less` };
}
