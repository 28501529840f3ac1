import { valuesOf } from "../../../knowledge/engine/flags/commandline.ts";
import { isMtp } from "../../../knowledge/engine/rules/mtp.ts";
import { storedBytes } from "../../../knowledge/memory/parts.ts";
import type { FitRequest } from "../../../knowledge/memory/request.ts";
import { modelNamed, modelOf } from "../../../knowledge/models/catalogue/catalogue.ts";
import type { JsonObject } from "../../../kubernetes/json.ts";
import type { Engine } from "../engine.ts";
import { jsonFlag } from "../roles/connectors.ts";

type Drafts = Pick<FitRequest, "draftBytes" | "draft" | "draftLayers" | "draftHeads" | "draftTokens">;

/**
 * What drafts tokens for a model, as far as it takes memory. Source: SpeculativeConfig.__post_init__,
 * vllm/config/speculative.py.
 */
export function draftsOf(engine: Engine, tensor = 1): Drafts {
  const config = speculativeOf(engine);
  const { num_speculative_tokens: tokens, method } = config;
  return {
    ...ofModel(config, tensor),
    draftLayers: draftLayers(config),
    draftHeads: HEADS.has(method) ? 1 : undefined,
    draftTokens: Number.isInteger(Number(tokens)) ? Number(tokens) || undefined : undefined,
  };
}

/** Methods whose draft is a layer in a separate file, which caches like a layer of the model. */
const HEADS: ReadonlySet<unknown> = new Set(["eagle", "eagle3"]);

/** --speculative-config as JSON or key by key, or with the short flags. Source: EngineArgs.create_speculative_config, vllm/engine/arg_utils.py. */
export function speculativeOf(engine: Engine): JsonObject {
  const text = valuesOf(engine.args);
  const [method, model] = [text("spec-method"), text("spec-model")];
  return { ...(method && { method }), ...(model && { model }), ...jsonFlag(engine, "speculative-config") };
}

/** Multi-token prediction uses one layer of the model itself, whatever the family calls the method. */
function draftLayers({ method }: JsonObject): number | undefined {
  return typeof method === "string" && isMtp(method) ? 1 : undefined;
}

/**
 * Of a whole model that drafts (`draft_model`), if the catalogue knows it: split as the model that it serves, unless its own size is
 * given. Every other method needs none (n-grams, layers of the model itself) or a head of a layer or two, which is named after the model
 * that it serves.
 */
function ofModel(config: JsonObject, tensor: number): Pick<Drafts, "draftBytes" | "draft"> {
  const { model, method = "draft_model", draft_tensor_parallel_size: ranks } = config;
  if (method !== "draft_model" || typeof model !== "string") return {};
  const facts = model.includes("://") ? modelOf({ uri: model }) : modelNamed(model);
  const over = Number(ranks) || tensor;
  return facts === undefined ? {} : { draftBytes: storedBytes(facts) / over, draft: { model: facts, tensor: over } };
}
