/**
 * Words that flags accept in addition to any word of a plugin, by release: in the notation of the flags (flagtable.ts),
 * a word twice if releases in between did not have it. Source: package `vllm`, every release from 0.8.0 to 0.33.0,
 * patches included.
 */

/** vllm/tool_parsers, before 0.14 vllm/entrypoints/openai/tool_parsers. */
export const TOOL_PARSERS = `
  apertus@0.22- beam@0.33- cohere_command3@0.21- cohere_command4@0.21- deepseek_v3@0.9- deepseek_v31@0.10.2-
  deepseek_v32@0.13- deepseek_v4@0.20- deepseek_v41@0.30- dots@0.28- ernie45@0.11.1- functiongemma@0.14- gemma4@0.19-
  gigachat3@0.13- glm45@0.10.1- glm47@0.14- glm4_moe@0.10-0.10.1 granite granite-20b-fc granite4@0.18- hermes hf@0.32-
  hunyuan_a13b@0.10- hy_v3@0.20- hy_v4@0.29- inkling@0.26- internlm jamba k2_horizon@0.30- kimi_k2@0.10- kimi_k3@0.27-
  lfm2@0.21- ling3@0.28- llama3_json llama4_json@0.8.5- llama4_pythonic@0.9- longcat@0.11- mimo@0.20- minicpm5@0.23-
  minimax@0.9.2-0.24 minimax_m2@0.11.1- minimax_m3@0.24- mistral muse@0.33- muse_glimmer@0.28- musespark1x@0.33-
  olmo3@0.11.1- openai@0.10.2- phi4_mini_json@0.8.3- plamo3@0.32- poolside_v1@0.21- pythonic qwen3_coder@0.10-
  qwen3_json@0.32- qwen3_xml@0.11- seed_oss@0.10.2- step3@0.10.1- step3p5@0.15.1- step5@0.33- xlam@0.9.2-`;

/** vllm/reasoning. */
export const REASONING_PARSERS = `
  beam@0.33- cohere_command3@0.21- cohere_command4@0.21- deepseek_r1 deepseek_v3@0.11.1- deepseek_v4@0.20-
  deepseek_v41@0.30- ernie45@0.11.1- gemma4@0.19- glm45@0.10.1- glm47@0.24- glm4_moe@0.10-0.10.1 GptOss@0.10.1-0.10.2
  granite@0.8.3- granite_thinking_parser@0.31- hf@0.32- holo2@0.13- hunyuan_a13b@0.10- hy_v3@0.20- hy_v4@0.29- identity
  inkling@0.26- k2_horizon@0.30- kimi_k2@0.11.1- kimi_k3@0.27- ling3@0.28- mimo@0.20- minicpmv@0.32- minimax_m2@0.11.1-
  minimax_m2_append_think@0.11.1- minimax_m3@0.24- mistral@0.10- muse@0.33- muse_glimmer@0.28- musespark1x@0.33-
  nemotron_v3@0.17.1- olmo3@0.11.1- openai_gptoss@0.10.2- plamo3@0.32- poolside_v1@0.21- qwen3@0.9- seed_oss@0.11-
  step3@0.10.1- step3p5@0.15.1- step5@0.33-`;

/** LoadFormat of vllm/config/load.py, and LoadFormats of vllm/model_executor/model_loader. */
export const LOAD_FORMATS = `
  auto bitsandbytes@-0.28 dummy fastsafetensors@0.8.2- gguf@-0.24 hf@0.12- instanttensor@0.18- ipc_cache@0.30- layered
  mistral modelexpress@0.22- npcache pt runai_streamer runai_streamer_sharded@0.8.5- safetensors sharded_state tensorizer`;

/**
 * QuantizationMethods, vllm/model_executor/layers/quantization; the words of plugins have no bounds, but `ascend`, which
 * its plugin adds from 0.9 on (vllm-project/vllm-ascend#902, #1329).
 */
export const QUANTIZATIONS = `
  aqlm@-0.10.1 ascend@0.9- auto-round@0.9- auto_awq@0.24- auto_gptq@0.22- awq awq_marlin bitblas@0.8.5-0.16
  bitsandbytes@-0.28 compressed-tensors cpu_awq@0.12-0.23 cpu_gptq@0.12-0.14 deepseek_v4_fp8@0.20- deepspeedfp@-0.15
  experts_int8 fbgemm_fp8 fp8 fp8_per_block@0.20- fp8_per_channel@0.24- fp8_per_tensor@0.20- fp_quant@0.11.1- gguf@-0.24
  gpt_oss_mxfp4@0.20- gptq gptq_bitblas@0.8.5-0.16 gptq_marlin gptq_marlin_24@-0.16 hqq@-0.15 humming@0.20- inc@0.10-
  int8_per_channel_weight_only@0.20- ipex@-0.16 marlin@-0.10.2 modelopt modelopt_fp4@0.9- modelopt_mixed@0.17-
  modelopt_mxfp8@0.16- moe_wna16 mxfp4@0.10.1- mxfp8@0.19- neuron_quant@-0.10.2 nvfp4@-0.9 nvfp4_per_token@0.26-
  online@0.20- petit_nvfp4@0.10.2-0.20 ptpc_fp8@-0.19 qqq@-0.10.2 quark rtn@0.9.2-0.15 torchao@0.8.4- tpu_int8@-0.14`;

/** AttentionBackendEnum, vllm/v1/attention/backends/registry.py, and what came before it. */
export const ATTENTION = `
  AMX_MLA@0.29- auto B12X@0.30- BLOCK_SPARSE_FLASH_ATTN@-0.10 CPU_ATTN@0.11.1- CPU_MLA@0.28- CUSTOM@0.11.1-
  CUTLASS_MLA@0.10.1- CUTLASS_MLA_VLLM_V1@0.9.1-0.10.1 CUTLASS_MSA@0.27- DIFFERENTIAL_FLASH_ATTN@0.10-0.11.1
  DUAL_CHUNK_FLASH_ATTN@0.9-0.11.1 FLASH_ATTN FLASH_ATTN_DIFFKV@0.14- FLASH_ATTN_MLA@0.10.2- FLASH_ATTN_MLA_SPARSE@0.25-
  FLASH_ATTN_MLA_SPARSE_FA4@0.33- FLASH_ATTN_VLLM_V1@-0.11 FLASHINFER FLASHINFER_MLA@0.10.2- FLASHINFER_MLA_SPARSE@0.17-
  FLASHINFER_MLA_SPARSE_DSV4@0.23- FLASHINFER_MLA_SPARSE_DSV41@0.30- FLASHINFER_MLA_SPARSE_SM120@0.24-
  FLASHINFER_MLA_SPARSE_SM90@0.30- FLASHINFER_VLLM_V1@0.9.1-0.11 FLASHMLA FLASHMLA_MEGA_ATTN_DSV41@0.31-
  FLASHMLA_SPARSE@0.11.1- FLASHMLA_SPARSE_DSV4@0.23- FLASHMLA_SPARSE_DSV41@0.30- FLASHMLA_VLLM_V1@0.9.1-0.11
  FLEX_ATTENTION@0.9.1- HPC_ATTN@0.25- HPU_ATTN@-0.10 IPEX@-0.16 MINIMAX_M3_SPARSE@0.24- NO_ATTENTION OPENVINO@-0.8.2
  PALLAS@-0.14 PALLAS_VLLM_V1@-0.11 ROCM_AITER_FA@0.10.1- ROCM_AITER_MLA@0.8.5- ROCM_AITER_MLA_SPARSE@0.12-
  ROCM_AITER_MLA_VLLM_V1@0.9-0.11 ROCM_AITER_TRITON_MLA@0.12- ROCM_AITER_UNIFIED_ATTN@0.11.1- ROCM_ATTN@0.11-
  ROCM_FLASH@-0.11.1 ROCM_FLASHMLA_SPARSE_DSV4@0.23- ROCM_FLASHMLA_SPARSE_DSV41@0.33- ROCM_OCTAVE@0.33-
  ROCM_SEGMENTED_ATTN@0.32- STEP5_DSA@0.33- TOKENSPEED_MLA@0.21- TORCH_SDPA TORCH_SDPA_VLLM_V1@0.10.2-0.11
  TREE_ATTN@0.10.1-0.21 TRITON_ATTN@0.11- TRITON_ATTN_DIFFKV@0.24- TRITON_ATTN_VLLM_V1@0.8.2-0.11 TRITON_FLASH_ATTN@0.30-
  TRITON_FLASHINFER@0.30- TRITON_MLA TRITON_MLA_VLLM_V1@0.9.1-0.11 TRITON_MSA@0.27- TURBOQUANT@0.20- ULTRAQUANT@0.32-
  XFORMERS@-0.12 XFORMERS_VLLM_V1@0.10.1-0.11 XPU_MLA_SPARSE@0.18-`;

/** vllm/distributed/kv_transfer/kv_connector/factory.py. */
export const CONNECTORS = `
  DecodeBenchConnector@0.11.1- ExampleConnector@0.13- ExampleHiddenStatesConnector@0.17- FlexKVConnectorV1@0.18-
  HF3FSKVConnector@0.20- HiSparseConnector@0.30- LMCacheConnector@-0.10.1 LMCacheConnectorV1@0.8.5-
  LMCacheMPConnector@0.11.1- MooncakeConnector@-0.10.1 MooncakeConnector@0.13- MooncakeStoreConnector@0.8.3-0.10.1
  MooncakeStoreConnector@0.21- MoRIIOConnector@0.14- MultiConnector@0.9- NixlConnector@0.9- NixlPullConnector@0.24-
  NixlPushConnector@0.24- OffloadingConnector@0.11- P2pNcclConnector@0.9.2-0.24 PyNcclConnector@-0.10.1
  SharedStorageConnector@0.8.5-0.13 SimpleCPUOffloadConnector@0.19-`;
