import { asText, type Json, objectOf, objectsOf, textsOf } from "../../../kubernetes/json.ts";
import { entryOf } from "../../../kubernetes/table.ts";
import { type ModelInfo, numberOf } from "./config.ts";

type Quantization = NonNullable<ModelInfo["quantization_config"]>;
type Normal = Pick<ModelInfo, "quantization_config">;

/** ModelOpt's names of its formats. Source: `quant_algo` in vllm/model_executor/layers/quantization/modelopt.py. */
const ALGORITHMS: Readonly<Record<string, string>> = {
  FP8: "fp8",
  FP8_PER_CHANNEL_PER_TOKEN: "fp8",
  FP8_PB_WO: "fp8",
  MXFP8: "mxfp8",
  NVFP4: "nvfp4",
  NVFP4_AWQ: "nvfp4",
  W4A8_NVFP4_FP8: "nvfp4",
  W4A16_NVFP4: "nvfp4",
  W4A16_AWQ: "awq",
  INT8: "int8",
};

/**
 * The quantisation as one form of the weights (as {@link bytesOf} knows it), in whichever way a publisher describes it:
 * compressed-tensors and ModelOpt describe groups of layers, DeepSeek V4 its experts and the rest.
 */
export function normalQuantization(config: ModelInfo): ModelInfo {
  const { quantization_config: stated, expert_dtype: ofExperts } = config;
  if (stated === undefined || stated === null) return {};
  if (ofExperts === "fp4") return ofExpertsAlone(stated);
  const groups = groupsOf(stated);
  const form = formOf(stated, groups);
  if (form === undefined) return { quantization_config: stated };
  return { ...form, ...(form.quantization_config && { other_bytes: leavesAttention(stated) ? 2 : undefined }) };
}

/** DeepSeek V4: experts in four bits, the rest in eight. */
function ofExpertsAlone({ weight_block_size: block, moe_quant_algo: algorithm }: Quantization): ModelInfo {
  const method = entryOf(ALGORITHMS, asText(algorithm ?? "")) ?? "mxfp4";
  return { quantization_config: { quant_method: method, ...(block && { weight_block_size: block }) }, other_bytes: 1 };
}

interface Group {
  /** The number of layers that it covers: names, or one for a class of them. */
  layers: number;
  form: string;
  bits: number;
  block?: number[];
  group?: number;
  hasZeros?: boolean;
}

/** compressed-tensors, which ModelOpt also writes. */
function groupsOf({ config_groups: given }: Quantization): Group[] {
  return Object.values(objectOf(given as Json | undefined)).flatMap((one): Group[] => {
    const { weights, targets } = objectOf(one);
    const { num_bits: bits, type, group_size: group, block_structure: block, strategy, symmetric } = objectOf(weights);
    if (typeof bits !== "number") return [];
    const size = numberOf(group);
    const isFloat = type === "float";
    const form = isFloat ? floatForm(bits, size) : `int${bits}`;
    return [
      {
        layers: Math.max(1, textsOf(targets).length),
        form,
        bits,
        ...(strategy === "block" && Array.isArray(block) && { block: block.map(Number) }),
        ...(!isFloat && size !== undefined && size > 0 && { group: size, hasZeros: symmetric === false }),
      },
    ];
  });
}

function floatForm(bits: number, group: number | undefined): string {
  if (bits === 4) return group === 16 ? "nvfp4" : "mxfp4";
  return bits === 8 && group === 32 ? "mxfp8" : `fp${bits}`;
}

function formOf(stated: Quantization, groups: readonly Group[]): Normal | undefined {
  const [first] = groups;
  if (first !== undefined) {
    const layers = groups.reduce((all, one) => all + one.layers, 0);
    const bits = groups.reduce((all, one) => all + one.bits * one.layers, 0) / layers;
    const rest = {
      ...(first.block && { weight_block_size: first.block }),
      ...(first.group && { group_size: first.group, ...(first.hasZeros && { zero_points: true }) }),
    };
    const isOne = groups.every(({ form }) => form === first.form);
    return { quantization_config: isOne ? { quant_method: first.form, ...rest } : { quant_method: "mixed", bits } };
  }
  const form = entryOf(ALGORITHMS, asText(stated["quant_algo"] ?? ""));
  if (form !== undefined) return { quantization_config: { quant_method: form } };
  const counted = objectsOf(Object.values(objectOf(stated["quantized_layers"] as Json | undefined)));
  const most = mostFrequent(counted.map(({ quant_algo: algorithm }) => entryOf(ALGORITHMS, asText(algorithm)) ?? ""));
  return most === undefined || most === "" ? undefined : { quantization_config: { quant_method: most } };
}

/** The format of most layers: almost all layers of a model with experts are experts. */
function mostFrequent(forms: readonly string[]): string | undefined {
  const counts = new Map<string, number>();
  for (const form of forms) counts.set(form, (counts.get(form) ?? 0) + 1);
  return [...counts].sort(([, one], [, other]) => other - one)[0]?.[0];
}

/** The names of layers that are not quantised. */
function leftOut(stated: Quantization): string[] {
  return ["ignore", "exclude_modules", "modules_to_not_convert", "ignored_layers"].flatMap((field) =>
    textsOf(entryOf(stated, field) as Json | undefined),
  );
}

/** Whether the experts that every token passes keep their 16 bits. */
export function leavesShared(stated: ModelInfo["quantization_config"]): boolean {
  return leftOut(stated ?? {}).some((name) => /shared?_expert/.test(name.replaceAll("\\", "")));
}

/**
 * Whether vLLM leaves rows of FP8 as they are stored: with a scale per channel, and in the forms of ModelOpt and Quark.
 * Source: the callers of _maybe_pad_fp8_weight, vllm/model_executor/layers/quantization, 0.26 to 0.33.
 */
export function leavesRows(stated: ModelInfo["quantization_config"]): boolean {
  const { quant_method: method = "", config_groups: groups, ...rest } = stated ?? {};
  const strategies = Object.values(objectOf(groups as Json | undefined)).map(
    (one) => objectOf(objectOf(one)["weights"])["strategy"],
  );
  return /^(?:modelopt|quark|fbgemm)/.test(method) || "quant_algo" in rest || strategies.includes("channel");
}

/**
 * Whether experts of four bits are multiplied by inputs of 16 bits: ModelOpt's W4A16_NVFP4, and groups of
 * compressed-tensors without a form of the inputs. Source: ModelOptMixedPrecisionConfig,
 * vllm/model_executor/layers/quantization/modelopt.py; vllm-project/vllm#44672.
 */
export function takesWideInputs(stated: ModelInfo["quantization_config"]): boolean {
  const {
    config_groups: groups,
    quant_algo: algorithm,
    quantized_layers: layers,
  } = objectOf(stated as Json | undefined);
  const algorithms = Object.entries(objectOf(layers)).flatMap(([name, layer]) =>
    /experts/.test(name) ? [objectOf(layer)["quant_algo"]] : [],
  );
  const all = Object.values(objectOf(groups)).map(objectOf);
  const isOfWeights =
    all.length > 0 && all.every(({ input_activations: inputs }) => inputs === undefined || inputs === null);
  return isOfWeights || [algorithm, ...algorithms].includes("W4A16_NVFP4");
}

/** Whether the attention keeps its 16 bits: then only the experts are quantised, or little else. */
function leavesAttention(stated: Quantization): boolean {
  const left = ["ignore", "exclude_modules"].flatMap((field) => textsOf(entryOf(stated, field) as Json | undefined));
  return left.some((name) => /self_attn|\.attn/.test(name)) || stated["quantized_layers"] !== undefined;
}
