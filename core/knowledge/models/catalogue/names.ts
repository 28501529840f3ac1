/** What the end of a model's name implies about how it is stored; see {@link variantOf}. */
export interface Variant {
  /** The form of its weights, as {@link bytesOf} knows it; undefined if the model is stored in its original form. */
  format?: string;
  /** Whether the weights are quantised in blocks of 128 × 128, or in groups of 128, as in GPTQ and AWQ. */
  isInBlocks: boolean;
  isInGroups: boolean;
  /** Numbers in a group, and bits of a number with its share of the group's scale and zero point, if known. */
  groupSize?: number;
  bits?: number;
  /** Whether rows of FP8 have a scale each, or the form of ModelOpt or Quark. */
  plainRows?: boolean;
  /** Whether its files may ask for a KV cache of 8 bits. */
  mayCacheShort?: boolean;
  /** Whether layers with a state are left in 16 bits. */
  keepsStates?: boolean;
  /** The method that the name gives, if it differs from the form: a GPTQ model of 4 or of 8 bits. */
  method?: "gptq" | "awq";
}

/** Words that do not change the shape of a model: how it was tuned, and the format of its files. */
const SAME = new Set(["instruct", "chat", "it", "base", "hf", "pt", "text"]);

/** Words for how a model is stored. The first word with a form decides: `FP8-dynamic`, `NVFP4-W4A4`. */
const FORMS: ReadonlyMap<string, string | undefined> = new Map([
  ...["bf16", "bfloat16", "fp16", "f16"].map((word): [string, string] => [word, "bfloat16"]),
  ...["fp8", "fp8_e4m3"].map((word): [string, string] => [word, "fp8"]),
  ...["int8", "w8a8", "w8a16", "8bit"].map((word): [string, string] => [word, "int8"]),
  ...["int4", "w4a16", "w4a8", "w4afp8", "4bit", "autoround"].map((word): [string, string] => [word, "int4"]),
  ["awq", "awq"],
  ["gptq", "gptq"],
  ["bnb", "bitsandbytes"],
  ["nvfp4", "nvfp4"],
  ["fp4", "nvfp4"],
  ["mxfp4", "mxfp4"],
  ["mxfp8", "mxfp8"],
  // The method and its author; these do not affect the size.
  ...["dynamic", "block", "static", "pertensor", "quantized", "kv", "ct", "qat", "sym", "unsloth"].map(
    (word): [string, undefined] => [word, undefined],
  ),
  ...["g32", "g64", "g128", "w", "a", "w4a4", "quark", "ptpc", "qad"].map((word): [string, undefined] => [
    word,
    undefined,
  ]),
]);

/**
 * Publishers whose FP8 is in blocks of 128 × 128 unless the name says more: `weight_block_size` of their `config.json`.
 */
const BLOCKS = /^qwen$/;

/**
 * Publishers whose four bits are in groups of 32 with a scale of 16 bits and a zero point of four: config_groups of their
 * `config.json`. Logs report 19.2 GiB for cyankiwi/Qwen3.8-27B-AWQ-INT4 (19.15 by this), a group size of 32 for
 * MiniMax-M2.5-REAP.
 */
const SMALL_GROUPS = { publishers: /^(cyankiwi|cpatonn)$/, groupSize: 32, bits: 4 + (16 + 4) / 32 };

/** Publishers who quantise with llm-compressor: `ignore` of their `config.json`. */
const COMPRESSORS = /^(redhatai|neuralmagic|nm-testing|inferact)$/;

function publisherOf(name: string): string {
  return name.includes("/") ? (name.split("/").at(-2) ?? "").toLowerCase() : "";
}

/** Dates as publishers write them (2507, 0528, 20250528), and versions of a quantisation. */
const DATE = /^(\d{4}|\d{6}|\d{8})$/;
const VERSION = /^v\d$/;

/**
 * Reads the rest of a model's name: `-Instruct-FP8`, `-AWQ`, `-2507`. Undefined if one of its words is not known: then
 * it names another model.
 */
export function variantOf(name: string, rest: string): Variant | undefined {
  const words = rest.split(/[-_.]/).filter((word) => word !== "");
  const isKnown = (word: string, i: number): boolean =>
    SAME.has(word) || FORMS.has(word) || DATE.test(word) || (VERSION.test(word) && FORMS.has(words[i - 1] ?? ""));
  if (!words.every(isKnown)) return undefined;
  // GPTQ-Int8 has 8 bits: the word for the bits has precedence over the word for the method.
  const forms = words.flatMap((word) => FORMS.get(word) ?? []);
  const format = forms.find((form) => form !== "gptq" && form !== "awq") ?? forms[0];
  const method = (["gptq", "awq"] as const).find((word) => words.includes(word));
  const says = words.filter((word) => FORMS.has(word));
  return {
    ...(format !== undefined && { format }),
    isInBlocks: format === "fp8" && (says.includes("block") || (says.length === 1 && BLOCKS.test(publisherOf(name)))),
    isInGroups: method !== undefined,
    ...(["int4", "awq"].includes(format ?? "") && smallGroupsOf(name)),
    ...(method !== undefined && { method }),
    ...(format === "fp8" && leavesRows(name, words) && { plainRows: true }),
    ...(mayCacheShort(name, format) && { mayCacheShort: true }),
    ...(format !== undefined && isCompressed(name, words) && { keepsStates: true }),
  };
}

function smallGroupsOf(name: string): Pick<Variant, "groupSize" | "bits"> {
  const { publishers, ...groups } = SMALL_GROUPS;
  return publishers.test(publisherOf(name)) ? groups : {};
}

/**
 * Whether ModelOpt may have made it, which also quantises the cache (`kv_cache_quant_algo` of nvidia/Llama-3.3-70B-Instruct-NVFP4): by
 * its publisher, and NVFP4 unless llm-compressor made it.
 */
export function mayCacheShort(name: string, format = formIn(name)): boolean {
  const publisher = publisherOf(name);
  return (format === "nvfp4" && !COMPRESSORS.test(publisher)) || (format === "fp8" && publisher === "nvidia");
}

/** Publishers whose FP8 is that of ModelOpt or Quark, and words for it and for a scale per channel. */
const OTHER_ROWS = { publishers: /^(nvidia|amd)$/, words: ["dynamic", "ptpc", "quark"] };

function leavesRows(name: string, words: readonly string[]): boolean {
  return OTHER_ROWS.publishers.test(publisherOf(name)) || OTHER_ROWS.words.some((word) => words.includes(word));
}

/**
 * Whether llm-compressor made it, whose recipes leave out `linear_attn` and towers: known by its publisher, or by the
 * name FP8-dynamic.
 */
function isCompressed(name: string, words: readonly string[]): boolean {
  return COMPRESSORS.test(publisherOf(name)) || words.includes("dynamic");
}

/** How a model is stored, by the words of its name, wherever they are; undefined if none of them implies it. */
export function formIn(name: string): string | undefined {
  const words = (name.split("/").at(-1) ?? "").toLowerCase().split(/[-_.]/);
  const forms = words.flatMap((word) => FORMS.get(word) ?? []);
  return forms.find((form) => form !== "gptq" && form !== "awq") ?? forms[0];
}
