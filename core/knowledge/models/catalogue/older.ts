import { BIG, H128, HALF, NEOX, OPT, SEES_3, SEES_25, TIED } from "./families.ts";
import type { Row } from "./row.ts";

const BIGCODE = { ...TIED, ...HALF, model_type: "gpt_bigcode" };
const MPT = { ...TIED, model_type: "mpt" };
const FALCON = { ...TIED, model_type: "falcon" };
const BLOOM = { ...TIED, ...HALF, model_type: "bloom" };
const GPT2 = { ...TIED, model_type: "gpt2", torch_dtype: "float32" };
const DOLLY = { ...NEOX, torch_dtype: "bfloat16" };

/** Models of older families, and models that others have derived from a family by training. */
// biome-ignore format: a row a line
export const OLDER: readonly Row[] = [
  // The first LLaMA: open_llama and Platypus-30B have its shapes.
  ["openlm-research/open_llama_3b", 26, 3200, 8640, 32, 32, 32000, 2048, "litgpt", { ...HALF, also: ["open_llama_3b_v2"] }],
  ["huggyllama/llama-7b", 32, 4096, 11008, 32, 32, 32000, 2048, "litgpt", { ...HALF, also: ["open_llama_7b", "open_llama_7b_v2", "vicuna-7b-v1.1", "vicuna-7b-v1.3", "guanaco-7b-hf"] }],
  ["huggyllama/llama-13b", 40, 5120, 13824, 40, 40, 32000, 2048, "litgpt", { ...HALF, also: ["open_llama_13b", "vicuna-13b-v1.1", "vicuna-13b-v1.3", "guanaco-13b-hf", "wizardlm-13b-v1.0-uncensored"] }],
  ["huggyllama/llama-30b", 60, 6656, 17920, 52, 52, 32000, 2048, "litgpt", { ...HALF, billions: 32.5, also: ["platypus-30b", "vicuna-33b-v1.3", "wizardlm-33b-v1.0-uncensored", "wizardlm-30b-uncensored", "guanaco-33b-merged"] }],
  ["huggyllama/llama-65b", 80, 8192, 22016, 64, 64, 32000, 2048, "counted", { ...HALF, billions: 65.2, also: ["guanaco-65b-merged"] }],
  ["lmsys/vicuna-7b-v1.5-16k", 32, 4096, 11008, 32, 32, 32000, 16384, "counted", { ...HALF, billions: 6.74 }],
  ["lmsys/vicuna-13b-v1.5-16k", 40, 5120, 13824, 40, 40, 32000, 16384, "counted", { ...HALF, billions: 13.02 }],
  ["togethercomputer/LLaMA-2-7B-32K", 32, 4096, 11008, 32, 32, 32000, 32768, "counted", { ...HALF, billions: 6.74, also: ["llama-2-7b-32k-instruct"] }],
  ["NousResearch/Yarn-Llama-2-7b-128k", 32, 4096, 11008, 32, 32, 32000, 131072, "counted", { billions: 6.74 }],
  ["NousResearch/Yarn-Llama-2-13b-128k", 40, 5120, 13824, 40, 40, 32000, 131072, "counted", { billions: 13.02 }],
  // Llama 2.
  ["microsoft/Orca-2-7b", 32, 4096, 11008, 32, 32, 32003, 4096, "counted", { billions: 6.74, also: ["llamaguard-7b", "nous-hermes-llama2-7b", "platypus2-7b", "elyza-japanese-llama-2-7b"] }],
  ["microsoft/Orca-2-13b", 40, 5120, 13824, 40, 40, 32003, 4096, "counted", { billions: 13.02, also: ["wizardlm-13b-v1.2", "nous-hermes-llama2-13b", "platypus2-13b", "camel-platypus2-13b", "stable-platypus2-13b", "mythomax-l2-13b", "elyza-japanese-llama-2-13b"] }],
  ["garage-bAInd/Platypus2-70B-instruct", 80, 8192, 28672, 64, 8, 32000, 4096, "litgpt", { ...HALF, billions: 68.98, also: ["wizardlm-70b-v1.0", "camel-platypus2-70b", "freewilly2", "stablebeluga2"] }],
  // Code Llama.
  ["codellama/CodeLlama-7b-Python-hf", 32, 4096, 11008, 32, 32, 32000, 16384, "litgpt", { also: ["sqlcoder-7b-2"] }],
  ["codellama/CodeLlama-13b-Python-hf", 40, 5120, 13824, 40, 40, 32000, 16384, "litgpt"],
  ["codellama/CodeLlama-34b-Python-hf", 48, 8192, 22016, 64, 8, 32000, 16384, "litgpt", { also: ["phind-codellama-34b-v2", "wizardcoder-python-34b-v1.0"] }],
  ["codellama/CodeLlama-70b-Python-hf", 80, 8192, 28672, 64, 8, 32016, 16384, "litgpt"],
  // Llama 3. A test of scaleapi/llm-engine quotes the config.json of 262k; vllm-project/vllm#5847 has the context of 1048k.
  ["gradientai/Llama-3-8B-Instruct-262k", 32, 4096, 14336, 32, 8, 128256, 262144, "quoted", { billions: 8.03, also: ["llama-3-8b-instruct-gradient-262k"] }],
  ["gradientai/Llama-3-8B-Instruct-Gradient-1048k", 32, 4096, 14336, 32, 8, 128256, 1048576, "quoted", { billions: 8.03 }],
  ["gradientai/Llama-3-8B-Instruct-Gradient-4194k", 32, 4096, 14336, 32, 8, 128256, 4194304, "counted", { billions: 8.03 }],
  ["gradientai/Llama-3-70B-Instruct-Gradient-262k", 80, 8192, 28672, 64, 8, 128256, 262144, "counted", { billions: 70.55 }],
  ["gradientai/Llama-3-70B-Instruct-Gradient-524k", 80, 8192, 28672, 64, 8, 128256, 524288, "counted", { billions: 70.55 }],
  ["gradientai/Llama-3-70B-Instruct-Gradient-1048k", 80, 8192, 28672, 64, 8, 128256, 1048576, "counted", { billions: 70.55 }],
  ["NousResearch/Hermes-2-Pro-Llama-3-8B", 32, 4096, 14336, 32, 8, 128288, 8192, "counted", { billions: 8.03, also: ["hermes-2-theta-llama-3-8b", "dolphin-2.9-llama3-8b", "llama3-chatqa-1.5-8b", "llama3-med42-8b", "llama-3-8b-lexi-uncensored", "meta-llama-guard-2-8b", "llama3-openbiollm-8b", "llama-3-elyza-jp-8b"] }],
  ["aaditya/Llama3-OpenBioLLM-70B", 80, 8192, 28672, 64, 8, 128256, 8192, "counted", { billions: 70.55, also: ["dolphin-2.9-llama3-70b", "athene-70b", "llama3-chatqa-1.5-70b", "llama3-med42-70b"] }],
  ["mattshumer/Reflection-Llama-3.1-70B", 80, 8192, 28672, 64, 8, 128262, 131072, "counted", { billions: 70.55, also: ["llama-xlam-2-70b-fc-r"] }],
  ["Salesforce/Llama-xLAM-2-8b-fc-r", 32, 4096, 14336, 32, 8, 128256, 131072, "counted", { billions: 8.03 }],
  // Mistral and Mixtral.
  ["NousResearch/Hermes-2-Pro-Mistral-7B", 32, 4096, 14336, 32, 8, 32032, 32768, "counted", { billions: 7.24, also: ["nous-hermes-2-mistral-7b-dpo", "mistral-7b-openorca", "neural-chat-7b-v3-1", "neural-chat-7b-v3-3", "dolphin-2.8-mistral-7b-v02"] }],
  ["openchat/openchat-3.5-0106", 32, 4096, 14336, 32, 8, 32002, 8192, "counted", { billions: 7.24, also: ["openchat-3.5-1210", "openchat_3.5", "starling-lm-7b-alpha", "starling-lm-7b-beta"] }],
  ["NousResearch/Nous-Hermes-2-Mixtral-8x7B-DPO", 32, 4096, 14336, 32, 8, 32002, 32768, "counted", { ...BIG, billions: 46.7, also: ["nous-hermes-2-mixtral-8x7b-sft", "dolphin-2.5-mixtral-8x7b", "dolphin-2.7-mixtral-8x7b"] }],
  ["sarvamai/sarvam-m", 40, 5120, 32768, 32, 8, 131072, 32768, "counted", { ...H128, billions: 23.6 }],
  // Qwen. Cosmos-Reason2 keeps the shapes of Qwen3-VL, its cards say; file 58567173794 logs 4.74 GiB of weights of 2B.
  ["nvidia/Cosmos-Reason1-7B", 28, 3584, 18944, 28, 4, 152064, 128000, "counted", { ...SEES_25, billions: 8.29 }],
  ["nvidia/Cosmos-Reason2-2B", 28, 2048, 6144, 16, 8, 151936, 262144, "quoted", { ...SEES_3, ...H128, gib: 4.74, beside: "a vision tower of 0.4e9" }],
  ["nvidia/Cosmos-Reason2-8B", 36, 4096, 12288, 32, 8, 151936, 262144, "quoted", { ...SEES_3, ...H128, billions: 8.77 }],
  ["Qwen/CodeQwen1.5-7B-Chat", 32, 4096, 13440, 32, 4, 92416, 65536, "counted", { billions: 7.25 }],
  ["open-thoughts/OpenThinker-7B", 28, 3584, 18944, 28, 4, 152064, 32768, "counted", { billions: 7.62, also: ["openthinker2-7b", "openthinker3-7b"] }],
  ["agentica-org/DeepScaleR-1.5B-Preview", 28, 1536, 8960, 12, 2, 151936, 131072, "counted", { billions: 1.78 }],
  ["agentica-org/DeepCoder-14B-Preview", 48, 5120, 13824, 40, 8, 152064, 131072, "counted", { billions: 14.8, also: ["acereason-nemotron-14b", "openreasoning-nemotron-14b"] }],
  ["simplescaling/s1-32B", 64, 5120, 27648, 40, 8, 152064, 32768, "counted", { billions: 32.8, also: ["s1.1-32b", "sky-t1-32b-preview", "openthinker-32b", "openthinker2-32b"] }],
  ["nvidia/OpenReasoning-Nemotron-32B", 64, 5120, 27648, 40, 8, 152064, 131072, "counted", { billions: 32.8, also: ["skywork-or1-32b", "skywork-or1-32b-preview"] }],
  ["PrimeIntellect/INTELLECT-2", 64, 5120, 27648, 40, 8, 152064, 40960, "counted", { billions: 32.8 }],
  // Yi.
  ["01-ai/Yi-6B-200K", 32, 4096, 11008, 32, 4, 64000, 200000, "counted", { billions: 6.06 }],
  ["01-ai/Yi-9B", 48, 4096, 11008, 32, 4, 64000, 4096, "counted", { billions: 8.83 }],
  ["01-ai/Yi-34B-200K", 60, 7168, 20480, 56, 8, 64000, 200000, "counted", { billions: 34.4, also: ["nous-capybara-34b"] }],
  ["01-ai/Yi-1.5-9B-Chat-16K", 48, 4096, 11008, 32, 4, 64000, 16384, "counted", { billions: 8.83 }],
  ["01-ai/Yi-1.5-34B-Chat-16K", 60, 7168, 20480, 56, 8, 64000, 16384, "counted", { billions: 34.4 }],
  ["01-ai/Yi-Coder-1.5B", 24, 2048, 5504, 16, 16, 64000, 131072, "counted", { billions: 1.48 }],
  ["01-ai/Yi-Coder-9B", 48, 4096, 11008, 32, 4, 64000, 131072, "counted", { billions: 8.83 }],
  // Baichuan: config_baichuan.py of inclusionAI/Ling has the shape of 13B.
  ["baichuan-inc/Baichuan-7B", 32, 4096, 11008, 32, 32, 64000, 4096, "counted", { billions: 7 }],
  ["baichuan-inc/Baichuan-13B-Chat", 40, 5120, 13696, 40, 40, 64000, 4096, "counted", { billions: 13.26, also: ["baichuan-13b"] }],
  ["baichuan-inc/Baichuan2-7B-Chat", 32, 4096, 11008, 32, 32, 125696, 4096, "counted", { billions: 7.51, also: ["baichuan2-7b"] }],
  ["baichuan-inc/Baichuan2-13B-Chat", 40, 5120, 13696, 40, 40, 125696, 4096, "quoted", { billions: 13.9, also: ["baichuan2-13b"] }],
  // StarCoder, with one KV head, and Granite's first models for code.
  ["bigcode/starcoder", 40, 6144, 24576, 48, 1, 49152, 8192, "counted", { ...BIGCODE, billions: 15.52, also: ["starcoderbase", "starcoderplus", "starchat-beta", "wizardcoder-15b-v1.0"] }],
  ["bigcode/starcoderbase-7b", 42, 4096, 16384, 32, 1, 49152, 8192, "counted", { ...BIGCODE, billions: 7.33 }],
  ["bigcode/starcoderbase-3b", 36, 2816, 11264, 22, 1, 49152, 8192, "counted", { ...BIGCODE, billions: 3.04 }],
  ["bigcode/starcoderbase-1b", 24, 2048, 8192, 16, 1, 49152, 8192, "counted", { ...BIGCODE, billions: 1.14 }],
  ["ibm-granite/granite-20b-code-instruct", 52, 6144, 24576, 48, 1, 49152, 8192, "counted", { ...BIGCODE, billions: 20.1, also: ["granite-20b-code-instruct-8k", "granite-20b-code-base-8k"] }],
  ["ibm-granite/granite-34b-code-instruct-8k", 88, 6144, 24576, 48, 1, 49152, 8192, "counted", { ...BIGCODE, billions: 33.7, also: ["granite-34b-code", "granite-34b-code-base-8k"] }],
  ["bigcode/starcoder2-15b-instruct-v0.1", 40, 6144, 24576, 48, 4, 49152, 16384, "counted", { ...H128, model_type: "starcoder2", billions: 15.96 }],
  ["tiiuae/falcon-180B", 80, 14848, 59392, 232, 8, 65024, 2048, "litgpt", { ...FALCON, billions: 179.5 }],
  ["tiiuae/falcon-11B", 60, 4096, 16384, 32, 8, 65024, 8192, "counted", { model_type: "falcon", billions: 11.1, also: ["falcon2-11b"] }],
  ["mosaicml/mpt-7b", 32, 4096, 16384, 32, 32, 50432, 2048, "counted", { ...MPT, billions: 6.65 }],
  ["mosaicml/mpt-7b-8k", 32, 4096, 16384, 32, 32, 50432, 8192, "counted", { ...MPT, billions: 6.65, also: ["mpt-7b-8k-instruct", "mpt-7b-8k-chat"] }],
  ["mosaicml/mpt-7b-storywriter", 32, 4096, 16384, 32, 32, 50432, 65536, "counted", { ...MPT, billions: 6.65 }],
  ["mosaicml/mpt-30b", 48, 7168, 28672, 64, 64, 50432, 8192, "counted", { ...MPT, billions: 29.96 }],
  ["databricks/dolly-v2-3b", 32, 2560, 10240, 32, 32, 50280, 2048, "counted", { ...DOLLY, billions: 2.78 }],
  ["databricks/dolly-v2-7b", 32, 4096, 16384, 32, 32, 50280, 2048, "counted", { ...DOLLY, billions: 6.86 }],
  ["databricks/dolly-v2-12b", 36, 5120, 20480, 40, 40, 50280, 2048, "counted", { ...DOLLY, billions: 11.85 }],
  // Cohere.
  ["CohereLabs/c4ai-command-r-08-2024", 40, 8192, 24576, 64, 8, 256000, 131072, "counted", { ...TIED, ...HALF, billions: 32.3, also: ["aya-expanse-32b"] }],
  ["CohereLabs/c4ai-command-r-plus-08-2024", 64, 12288, 33792, 96, 8, 256000, 131072, "counted", { ...TIED, ...HALF, billions: 103.8 }],
  ["CohereLabs/aya-23-8B", 32, 4096, 14336, 32, 8, 256000, 8192, "counted", { ...TIED, ...HALF, billions: 8.03, also: ["aya-expanse-8b"] }],
  ["CohereLabs/aya-23-35B", 40, 8192, 22528, 64, 64, 256000, 8192, "counted", { ...TIED, ...HALF, billions: 34.98 }],
  ["allenai/OLMo-1B-hf", 16, 2048, 8192, 16, 16, 50304, 2048, "litgpt", TIED],
  ["allenai/OLMo-7B-hf", 32, 4096, 11008, 32, 32, 50304, 2048, "litgpt", { also: ["olmo-7b-instruct-hf"] }],
  ["allenai/OLMo-7B-0724-hf", 32, 4096, 11008, 32, 32, 50304, 4096, "counted", { billions: 6.89, also: ["olmo-7b-0724-instruct-hf"] }],
  ["allenai/OLMo-2-0425-1B", 16, 2048, 8192, 16, 16, 100352, 4096, "counted", { billions: 1.48 }],
  // InternLM.
  ["internlm/internlm-7b", 32, 4096, 11008, 32, 32, 103168, 2048, "counted", { ...HALF, billions: 7.32, also: ["internlm-chat-7b"] }],
  ["internlm/internlm2_5-1_8b", 24, 2048, 8192, 16, 8, 92544, 32768, "counted", { billions: 1.89, also: ["internlm2_5-1_8b-chat", "internlm2-1_8b", "internlm2-chat-1_8b"] }],
  ["internlm/internlm2_5-20b", 48, 6144, 16384, 48, 8, 92544, 32768, "counted", { billions: 19.86, also: ["internlm2_5-20b-chat", "internlm2-20b", "internlm2-chat-20b"] }],
  ["deepseek-ai/deepseek-coder-7b-instruct-v1.5", 30, 4096, 11008, 32, 32, 102400, 4096, "counted", { billions: 6.91, also: ["deepseek-coder-7b-base-v1.5", "deepseek-math-7b", "deepseek-math-7b-rl"] }],
  ["WizardLMTeam/WizardCoder-33B-V1.1", 62, 7168, 19200, 56, 8, 32256, 16384, "counted", { billions: 33.3 }],
  ["THUDM/chatglm2-6b", 28, 4096, 13696, 32, 2, 65024, 32768, "counted", { ...HALF, billions: 6.24, also: ["chatglm3-6b-32k"] }],
  ["THUDM/chatglm3-6b", 28, 4096, 13696, 32, 2, 65024, 8192, "counted", { ...HALF, billions: 6.24 }],
  ["EleutherAI/gpt-j-6b", 28, 4096, 16384, 16, 16, 50400, 2048, "counted", { ...HALF, model_type: "gptj", billions: 6.05 }],
  ["bigscience/bloom-1b1", 24, 1536, 6144, 16, 16, 250880, 2048, "counted", { ...BLOOM, billions: 1.065, also: ["bloomz-1b1"] }],
  ["bigscience/bloom-1b7", 24, 2048, 8192, 16, 16, 250880, 2048, "counted", { ...BLOOM, billions: 1.72, also: ["bloomz-1b7"] }],
  ["bigscience/bloom-3b", 30, 2560, 10240, 32, 32, 250880, 2048, "counted", { ...BLOOM, billions: 3, also: ["bloomz-3b"] }],
  ["bigscience/bloom-7b1", 30, 4096, 16384, 32, 32, 250880, 2048, "counted", { ...BLOOM, billions: 7.07, also: ["bloomz-7b1", "bloomz-7b1-mt"] }],
  ["bigscience/bloom", 70, 14336, 57344, 112, 112, 250880, 2048, "counted", { ...BLOOM, torch_dtype: "bfloat16", billions: 176.2, also: ["bloomz"] }],
  ["stabilityai/stablelm-3b-4e1t", 32, 2560, 6912, 32, 32, 50304, 4096, "litgpt", { also: ["stablelm-zephyr-3b"] }],
  ["stabilityai/stablelm-2-1_6b", 24, 2048, 5632, 32, 32, 100352, 4096, "counted", { billions: 1.64, also: ["stablelm-2-zephyr-1_6b", "stablelm-2-1_6b-chat"] }],
  ["stabilityai/stablelm-2-12b", 40, 5120, 13824, 32, 8, 100352, 4096, "counted", { billions: 12.14 }],
  ["microsoft/phi-1_5", 24, 2048, 8192, 32, 32, 51200, 2048, "litgpt", { ...HALF, model_type: "phi", billions: 1.42, also: ["phi-1"] }],
  ["facebook/opt-30b", 48, 7168, 28672, 56, 56, 50272, 2048, "counted", { ...OPT, billions: 30 }],
  ["facebook/opt-66b", 64, 9216, 36864, 72, 72, 50272, 2048, "counted", { ...OPT, billions: 65.7 }],
  ["openai-community/gpt2-medium", 24, 1024, 4096, 16, 16, 50257, 1024, "counted", { ...GPT2, billions: 0.355 }],
  ["openai-community/gpt2-large", 36, 1280, 5120, 20, 20, 50257, 1024, "counted", { ...GPT2, billions: 0.774 }],
  ["openai-community/gpt2-xl", 48, 1600, 6400, 25, 25, 50257, 1024, "counted", { ...GPT2, billions: 1.56 }],
];
