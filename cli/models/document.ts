import { judge } from "../../core/contract/input/judge.ts";
import { modelInfo } from "../../core/contract/options/modelinfo.ts";
import { factsOf } from "../../core/knowledge/models/facts.ts";
import { isObject, type JsonObject, objectOf } from "../../core/kubernetes/json.ts";
import { type Weights, weightsOf } from "./weights.ts";

/** What a source has of a model: its description files, and the sizes of the files next to them. */
export interface ModelFiles {
  /** `config.json`. */
  config: JsonObject;
  /** `hf_quant_config.json`, if ModelOpt wrote one. */
  quantization?: JsonObject | undefined;
  /** `model.safetensors.index.json`. */
  index?: JsonObject | undefined;
  /** Bytes of each file by its name; undefined if the source has no sizes. */
  sizes?: ReadonlyMap<string, number> | undefined;
}

export const CONFIG = "config.json";
export const QUANTIZATION = "hf_quant_config.json";
export const INDEX = "model.safetensors.index.json";

export interface ModelDocument {
  document: JsonObject;
  /** What the document lacks, and why. */
  notes: readonly string[];
  /** Whether a plan can read the model's shape from it. */
  isReadable: boolean;
}

/** The document for `--model-info` and `modelInfo`: the published config, without fields that do not affect sizes. */
export function modelDocument(files: ModelFiles): ModelDocument {
  const config = { ...described(files.config), ...quantizationOf(files) };
  const issues = judge(modelInfo, config, { path: CONFIG, layer: "service" });
  const facts = issues.length === 0 ? factsOf(config) : undefined;
  const expected = facts && facts.parameters * facts.bytesPerParameter;
  const { bytes, note }: Weights = weightsOf(files, expected);
  const wrong = issues.map(({ path, message }) => `${path}: ${message}`);
  const unread = issues.length === 0 && facts === undefined ? [SHAPELESS] : [];
  return {
    document: { ...config, ...(bytes !== undefined && { weightBytes: bytes }) },
    notes: [...wrong, ...unread, ...(note === undefined ? [] : [note])],
    isReadable: facts !== undefined,
  };
}

const SHAPELESS = `${CONFIG} does not contain the shape of a language model (num_hidden_layers, hidden_size, num_attention_heads and vocab_size), so a plan cannot estimate its memory`;

/** Fields that do not affect the language model's size, and may be long: labels, code, and the shapes of towers. */
const LABELS: ReadonlySet<string> = new Set(["id2label", "label2id", "auto_map", "task_specific_params"]);
const TOWERS: ReadonlySet<string> = new Set(["vision_config", "audio_config"]);

/** A tower stays as an empty mapping: only its existence counts. */
function described(config: JsonObject): JsonObject {
  const kept = Object.entries(config).flatMap(([name, value]): [string, JsonObject[string]][] => {
    if (LABELS.has(name)) return [];
    if (TOWERS.has(name) && isObject(value)) return [[name, {}]];
    return [[name, name === "text_config" && isObject(value) ? described(value) : value]];
  });
  return Object.fromEntries(kept);
}

/** ModelOpt's own file, if the config does not have its content: vLLM reads it in the same case. */
function quantizationOf({ config, quantization }: ModelFiles): JsonObject {
  const stated = config["quantization_config"] ?? objectOf(config["text_config"])["quantization_config"];
  const own = quantization?.["quantization"];
  if (isObject(stated) || !isObject(own)) return {};
  return { quantization_config: { quant_method: "modelopt", ...own } };
}
