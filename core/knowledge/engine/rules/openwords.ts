import { isSlip, nearest } from "../../../kubernetes/nearest.ts";
import { type Broken, jsonOf, type Line } from "./rule.ts";

/** A flag that takes any word, of which the engine must know the one it gets when it starts. */
interface OpenWords {
  flag: string;
  /** What a word names. */
  what: string;
  /** The words of all releases. */
  known: readonly string[];
  /** A flag that brings others. */
  plugin?: string;
  /** Words that are others: the path of a class. */
  others?: RegExp;
  /** Whether nothing else can bring a word, such as a plugin that is installed in the image. */
  certain?: true;
  /** Whether the engine reads capital and small letters alike. */
  anyCase?: true;
}

const words = (text: string): string[] => text.trim().split(/\s+/);

const TOOL_PARSERS = words(`
  apertus cohere_command3 cohere_command4 deepseek_v3 deepseek_v31 deepseek_v32 deepseek_v4 deepseek_v41 dots ernie45
  functiongemma gemma4 gigachat3 glm45 glm47 granite granite-20b-fc granite4 hermes hf hunyuan_a13b hy_v3 hy_v4 inkling
  internlm jamba k2_horizon kimi_k2 kimi_k3 lfm2 ling3 llama3_json llama4_json llama4_pythonic longcat mimo minicpm5
  minimax minimax_m2 minimax_m3 mistral muse_glimmer olmo3 openai phi4_mini_json plamo3 poolside_v1 pythonic qwen3_coder
  qwen3_json qwen3_xml seed_oss step3 step3p5 xlam`);

const REASONING_PARSERS = words(`
  cohere_command3 cohere_command4 deepseek_r1 deepseek_v3 deepseek_v4 deepseek_v41 ernie45 gemma4 glm45 glm47 granite
  granite_thinking_parser hf holo2 hunyuan_a13b hy_v3 hy_v4 identity inkling k2_horizon kimi_k2 kimi_k3 ling3 mimo
  minicpmv minimax_m2 minimax_m2_append_think minimax_m3 mistral muse_glimmer nemotron_v3 olmo3 openai_gptoss plamo3
  poolside_v1 qwen3 seed_oss step3 step3p5`);

const LOAD_FORMATS = words(`
  auto bitsandbytes dummy fastsafetensors gguf hf instanttensor ipc_cache layered mistral modelexpress npcache pt
  runai_streamer runai_streamer_sharded safetensors sharded_state tensorizer`);

const QUANTIZATIONS = words(`
  aqlm ascend auto-round auto_awq auto_gptq awq awq_marlin bitblas bitsandbytes compressed-tensors cpu_awq deepseek_v4_fp8
  deepspeedfp experts_int8 fbgemm_fp8 fp8 fp8_per_block fp8_per_channel fp8_per_tensor fp_quant gguf gpt_oss_mxfp4 gptq
  gptq_bitblas gptq_marlin gptq_marlin_24 hqq humming inc int8_per_channel_weight_only ipex marlin modelopt modelopt_fp4
  modelopt_mixed modelopt_mxfp8 moe_wna16 mxfp4 mxfp8 neuron_quant nvfp4_per_token online petit_nvfp4 ptpc_fp8 qqq quark
  rtn torchao tpu_int8`);

const ATTENTION = words(`
  auto B12X CPU_ATTN CUSTOM CUTLASS_MLA DUAL_CHUNK_FLASH_ATTN FLASHINFER FLASHINFER_MLA FLASHINFER_MLA_SPARSE FLASHMLA
  FLASHMLA_SPARSE FLASH_ATTN FLASH_ATTN_DIFFKV FLASH_ATTN_MLA FLEX_ATTENTION NO_ATTENTION PALLAS ROCM_AITER_FA
  ROCM_AITER_MLA ROCM_AITER_MLA_SPARSE ROCM_AITER_TRITON_MLA ROCM_AITER_UNIFIED_ATTN ROCM_ATTN TOKENSPEED_MLA TORCH_SDPA
  TREE_ATTN TRITON_ATTN TRITON_MLA XFORMERS XPU_MLA_SPARSE`);

/** Sources: the registries of vLLM 0.32.0 (vllm/tool_parsers, vllm/reasoning, model_loader, v1/attention/backends/registry.py), and what earlier releases had. */
const OPEN: readonly OpenWords[] = [
  { flag: "tool-call-parser", what: "parser", known: TOOL_PARSERS, plugin: "tool-parser-plugin" },
  { flag: "reasoning-parser", what: "parser", known: REASONING_PARSERS, plugin: "reasoning-parser-plugin" },
  { flag: "load-format", what: "format", known: LOAD_FORMATS, anyCase: true },
  { flag: "config-format", what: "format", known: words("auto hf mistral") },
  { flag: "quantization", what: "quantisation", known: QUANTIZATIONS },
  { flag: "attention-backend", what: "backend", known: ATTENTION, anyCase: true },
  {
    flag: "distributed-executor-backend",
    what: "backend",
    known: words("external_launcher mp ray uni"),
    others: /\./,
    certain: true,
  },
];

/** Words that no release of vLLM knows: the engine exits when it looks them up. Plugins may know more, so most are warnings. */
export function judgeWords(line: Line): Broken[] {
  return [...OPEN.flatMap((open) => judgeWord(open, line) ?? []), ...judgeConnector(line)];
}

function judgeWord({ flag, what, known, plugin, others, certain, anyCase }: OpenWords, line: Line): Broken | undefined {
  const word = line.text(flag);
  if (word === undefined || word === "" || /[$\s]|\{\{/.test(word)) return undefined;
  if (others?.test(word) === true || (plugin !== undefined && line.text(plugin) !== undefined)) return undefined;
  const read = (one: string): string => (anyCase ? one.toLowerCase() : one);
  if (known.some((one) => read(one) === read(word))) return undefined;
  // Backends have many names, and newer releases more: only what is nearly one of them is meant to be one.
  const near = nearest(word, known);
  const isMeant = near !== undefined && isSlip(word, near);
  if (flag === "attention-backend" && near === undefined) return undefined;
  return {
    flag,
    message: `--${flag}: no release of vLLM has the ${what} ${word}`,
    fix: near === undefined ? `write one of ${known.join(", ")}, or remove the flag` : `did you mean ${near}?`,
    ...(isMeant && { change: { to: "value", value: near } }),
    ...(certain !== true && { severity: "warning" }),
  };
}

/** Connectors of all releases; those of engines before V1 have other names now. Source: kv_connector/factory.py. */
const CONNECTORS = words(`
  DecodeBenchConnector ExampleConnector ExampleHiddenStatesConnector FlexKVConnectorV1 HF3FSKVConnector HiSparseConnector
  LMCacheConnectorV1 LMCacheMPConnector MoRIIOConnector MooncakeConnector MooncakeStoreConnector MultiConnector
  NixlConnector NixlPullConnector NixlPushConnector OffloadingConnector P2pNcclConnector SharedStorageConnector
  SimpleCPUOffloadConnector`);
const RENAMED: ReadonlyMap<string, string> = new Map([["LMCacheConnector", "LMCacheConnectorV1"]]);
const TRANSFER = "kv-transfer-config";

/** Names that are nearly a connector's: other names may be those of plugins. */
function judgeConnector({ text }: Line): Broken[] {
  const config = jsonOf(text(TRANSFER));
  const name = config?.["kv_connector"];
  if (typeof name !== "string" || CONNECTORS.includes(name) || config?.["kv_connector_module_path"]) return [];
  const meant =
    RENAMED.get(name) ??
    CONNECTORS.find((one) => one.toLowerCase() === name.toLowerCase()) ??
    CONNECTORS.find((one) => isSlip(name, one));
  if (meant === undefined) return [];
  const message = `--${TRANSFER}: vLLM has no connector ${name}`;
  return [{ flag: TRANSFER, message, fix: `write ${meant}`, severity: "warning" }];
}
