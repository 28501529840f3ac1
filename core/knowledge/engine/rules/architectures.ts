import { remembering } from "../../../kubernetes/remember.ts";
import { releaseNumber } from "../release.ts";

/**
 * Classes of models that vLLM got after 0.8.0, each with the first release that has it. Source: the tables of
 * vllm/model_executor/models/registry.py in the package `vllm`, every release from 0.8.0 to 0.33.0, patches included.
 * Classes that only draft are left out.
 */
const SINCE: ReadonlyMap<string, string> = new Map(
  `
  AXK1ForCausalLM@0.17.0 AfmoeForCausalLM@0.11.1 AliceAIForCausalLM@0.33.0 Alpamayo2Super@0.33.0
  ApertusForCausalLM@0.10.2 ArceeForCausalLM@0.10.0 AudioFlamingo3ForConditionalGeneration@0.13.0
  AyaVisionForConditionalGeneration@0.8.3 BagelForConditionalGeneration@0.13.0 BailingMoeForCausalLM@0.10.0
  BailingMoeV2ForCausalLM@0.11.0 BailingMoeV2_5ForCausalLM@0.17.0 BailingMoeV3ForCausalLM@0.28.0
  BailingMoeV3VLForConditionalGeneration@0.30.0 BeamForCausalLM@0.33.0 BeeForConditionalGeneration@0.11.1
  BertForMaskedLM@0.26.0 BertForTokenClassification@0.11.0 BertSpladeSparseEmbeddingModel@0.11.1
  BgeM3EmbeddingModel@0.15.0 CLIPModel@0.11.1 ChatGLMForConditionalGeneration@0.8.4 Cheers@0.20.0
  CheersForConditionalGeneration@0.20.0 ClefFlashForJointSchema@0.33.0 ClefOmniForJointSchema@0.32.0
  Cohere2MoeForCausalLM@0.21.0 Cohere2VisionForConditionalGeneration@0.10.1 CohereAsrForConditionalGeneration@0.19.0
  CohereCompassForConditionalGeneration@0.30.0 ColBERTJinaRobertaModel@0.17.0 ColBERTLfm2Model@0.19.0
  ColBERTModernBertModel@0.17.0 ColModernVBertForRetrieval@0.17.0 ColPaliForRetrieval@0.18.0 ColQwen3@0.17.0
  ColQwen3_5@0.19.0 ColUltraVBertForRetrieval@0.33.0 Cosmos3EdgeForConditionalGeneration@0.26.0
  Cosmos3ForConditionalGeneration@0.23.0 CwmForCausalLM@0.11.0 D3ForSequenceClassification@0.33.0
  DeepseekOCR2ForCausalLM@0.16.0 DeepseekOCRForCausalLM@0.11.1 DeepseekV32ForCausalLM@0.11.0
  DeepseekV3BidirectionalModel@0.29.0 DeepseekV41ForCausalLM@0.30.0 DeepseekV4ForCausalLM@0.20.0
  DeepseekV4ForConditionalGeneration@0.30.0 DiffusionGemmaForBlockDiffusion@0.24.0 DomynEdgeForCausalLM@0.33.0
  DonutForConditionalGeneration@0.10.2 DoryForCausalLM@0.33.0 Dots1ForCausalLM@0.9.2 Dots3NoteForCausalLM@0.28.0
  DotsOCRForCausalLM@0.11.0 EmbeddingGemma2Model@0.32.0 Ernie4_5ForCausalLM@0.10.1 Ernie4_5_ForCausalLM@0.9.2
  Ernie4_5_MoeForCausalLM@0.9.2 Ernie4_5_VLMoeForConditionalGeneration@0.10.2 ErnieForSequenceClassification@0.18.0
  ErnieForTokenClassification@0.18.0 ErnieModel@0.18.0 Exaone4ForCausalLM@0.10.0
  Exaone4_5_ForConditionalGeneration@0.20.0 ExaoneMoEForCausalLM@0.14.0 ExaoneMoeForCausalLM@0.27.0
  ExtractHiddenStatesModel@0.17.0 FalconH1ForCausalLM@0.9.0 FireRedASR2ForConditionalGeneration@0.17.0
  FireRedLIDForConditionalGeneration@0.20.0 FlexOlmoForCausalLM@0.11.1 FlintForCausalLM@0.33.0
  FunASRForConditionalGeneration@0.17.0 FunAudioChatForConditionalGeneration@0.16.0
  GPT2ForSequenceClassification@0.9.2 Gemma3TextModel@0.10.2 Gemma3nForCausalLM@0.10.1
  Gemma3nForConditionalGeneration@0.9.2 Gemma4ForCausalLM@0.19.0 Gemma4ForConditionalGeneration@0.19.0
  Gemma4UnifiedForConditionalGeneration@0.23.0 Glm4ForCausalLM@0.8.4 Glm4MoeForCausalLM@0.10.0
  Glm4MoeLiteForCausalLM@0.15.0 Glm4vForConditionalGeneration@0.9.2 Glm4vMoeForConditionalGeneration@0.10.1
  Glm5NextForCausalLM@0.30.0 Glm5NextForConditionalGeneration@0.30.0 GlmAsrForConditionalGeneration@0.14.0
  GlmMoeDsaForCausalLM@0.16.0 GlmOcrForConditionalGeneration@0.16.0 GptOssForCausalLM@0.10.1
  Granite4VisionForConditionalGeneration@0.20.0 GraniteMoeHybridForCausalLM@0.9.0 GraniteMoeSWAForCausalLM@0.29.0
  GraniteSWAForCausalLM@0.29.0 GraniteSpeechForConditionalGeneration@0.8.5
  GraniteSpeechPlusForConditionalGeneration@0.23.0 Grok1ForCausalLM@0.14.0 GteModel@0.8.5
  GteNewForSequenceClassification@0.10.2 GteNewModel@0.9.0 HCXVisionForCausalLM@0.10.1 HCXVisionV2ForCausalLM@0.18.0
  HF_ColBERT@0.16.0 HYV3ForCausalLM@0.20.0 HYV4ForCausalLM@0.29.0 HfMoondream@0.21.0 HrmTextForCausalLM@0.24.0
  HunYuanDenseV1ForCausalLM@0.10.0 HunYuanMoEV1ForCausalLM@0.9.2 HunYuanVLForConditionalGeneration@0.12.0
  HyperCLOVAXForCausalLM@0.18.0 IQuestCoderForCausalLM@0.14.0 IQuestLoopCoderForCausalLM@0.14.0
  InklingForCausalLM@0.26.0 InklingForConditionalGeneration@0.26.0 InternS1ForConditionalGeneration@0.10.1
  InternS1ProForConditionalGeneration@0.16.0 InternS2MobiusForConditionalGeneration@0.28.0
  InternS2PreviewForConditionalGeneration@0.22.0 InternVLForConditionalGeneration@0.10.2
  IsaacForConditionalGeneration@0.14.0 Jais2ForCausalLM@0.13.0 JinaEmbeddingsV5Model@0.20.0 JinaForRanking@0.20.0
  JinaVLForRanking@0.10.0 K2HorizonForCausalLM@0.30.0 KananaVForConditionalGeneration@0.14.0
  KeyeForConditionalGeneration@0.9.2 KeyeVL1_5ForConditionalGeneration@0.10.2 KimiK25ForConditionalGeneration@0.15.0
  KimiK3ForConditionalGeneration@0.27.0 KimiLinearForCausalLM@0.11.1 KimiVLForConditionalGeneration@0.8.5
  LagunaForCausalLM@0.21.0 Lfm2BidirectionalModel@0.33.0 Lfm2ForCausalLM@0.10.2 Lfm2MoeForCausalLM@0.11.1
  Lfm2VlForConditionalGeneration@0.14.0 LiLiCorrDraftModel@0.31.0 LightOnOCRForConditionalGeneration@0.11.1
  Llama4ForCausalLM@0.8.3 Llama4ForConditionalGeneration@0.8.3 LlamaBidirectionalForSequenceClassification@0.14.0
  LlamaBidirectionalModel@0.14.0 LlamaNemotronVLForSequenceClassification@0.17.0 LlamaNemotronVLModel@0.17.0
  Llama_Nemotron_Nano_VL@0.10.0 LlavaOnevision2ForConditionalGeneration@0.25.0 LongcatFlashForCausalLM@0.11.0
  LongcatFlashNgramForCausalLM@0.26.0 MBartForConditionalGeneration@0.10.1 MellumForCausalLM@0.22.1
  MiDashengLMModel@0.10.2 MiMoForCausalLM@0.9.0 MiMoV2FlashForCausalLM@0.14.0 MiMoV2ForCausalLM@0.21.0
  MiMoV2OmniForCausalLM@0.21.0 MiniCPMOcrForConditionalGeneration@0.33.0 MiniCPMV4_6ForConditionalGeneration@0.22.0
  MiniCPMV4_7ForConditionalGeneration@0.32.0 MiniMaxForCausalLM@0.10.0 MiniMaxM1ForCausalLM@0.9.2
  MiniMaxM2ForCausalLM@0.11.1 MiniMaxM3SparseForCausalLM@0.24.0 MiniMaxM3SparseForConditionalGeneration@0.24.0
  MiniMaxText01ForCausalLM@0.8.3 MiniMaxVL01ForConditionalGeneration@0.9.0 Ministral3ForCausalLM@0.20.0
  Mistral3ForConditionalGeneration@0.8.3 MistralLarge3ForCausalLM@0.12.0 ModernBertForSequenceClassification@0.8.5
  ModernBertForTokenClassification@0.11.1 ModernBertModel@0.9.0 ModernVBertModel@0.33.0
  Molmo2ForConditionalGeneration@0.15.0 Moondream3ForCausalLM@0.21.0 MoonshotKimiaForCausalLM@0.18.0
  MossAudioModel@0.24.0 MossTranscribeDiarizeForConditionalGeneration@0.25.0 MotifForCausalLM@0.10.2
  MuseGlimmerAssistantModel@0.28.0 MuseGlimmerForCausalLM@0.28.0 MuseGlimmerForConditionalGeneration@0.28.0
  MuseSparkForConditionalGeneration@0.33.0 MusicFlamingoForConditionalGeneration@0.16.0 NemotronHForCausalLM@0.9.1
  NemotronHPuzzleForCausalLM@0.16.0 NemotronH_Nano_Omni_Reasoning_V3@0.20.0 NemotronH_Nano_VL@0.10.2
  NemotronH_Nano_VL_V2@0.11.0 NemotronH_Omni_Reasoning_V3@0.29.0 NemotronH_Super_Omni_Reasoning_V3@0.20.0
  NemotronParseForConditionalGeneration@0.14.0 NomicBertModel@0.8.5 Olmo3ForCausalLM@0.11.0
  OlmoHybridForCausalLM@0.18.0 OpenAIPrivacyFilterForTokenClassification@0.25.0
  OpenCUAForConditionalGeneration@0.12.0 OpenPanguVLForConditionalGeneration@0.16.0
  OpenVLAForActionPrediction@0.22.0 OpsColQwen3Model@0.17.0 OuroForCausalLM@0.11.1 Ovis@0.9.0 Ovis2_5@0.10.2
  Ovis2_6ForCausalLM@0.17.0 Ovis2_6_MoeForCausalLM@0.17.0 PaddleOCRVLForConditionalGeneration@0.11.1
  PanguEmbeddedForCausalLM@0.11.1 PanguProMoEV2ForCausalLM@0.14.0 PanguUltraMoEForCausalLM@0.11.1
  Param2MoEForCausalLM@0.20.0 Phi4FlashForCausalLM@0.10.0 Phi4ForCausalLMV@0.20.0 Phi4MultimodalForCausalLM@0.10.1
  Plamo2ForCausalLM@0.8.5 Plamo3ForCausalLM@0.12.0 QianfanOCRForConditionalGeneration@0.21.0
  Qwen2_5OmniForConditionalGeneration@0.9.0 Qwen2_5OmniModel@0.8.5 Qwen3ASRForConditionalGeneration@0.16.0
  Qwen3ASRForcedAlignerForTokenClassification@0.19.0 Qwen3ASRRealtimeGeneration@0.17.0 Qwen3ForCausalLM@0.8.4
  Qwen3ForSequenceClassification@0.9.2 Qwen3MoeForCausalLM@0.8.4 Qwen3NextForCausalLM@0.10.2
  Qwen3OmniMoeForConditionalGeneration@0.11.1 Qwen3VLForConditionalGeneration@0.11.0
  Qwen3VLMoeForConditionalGeneration@0.11.0 Qwen3VLNemotronEmbedModel@0.17.0 Qwen3_5ForCausalLM@0.27.0
  Qwen3_5ForConditionalGeneration@0.17.0 Qwen3_5MoeForCausalLM@0.27.0 Qwen3_5MoeForConditionalGeneration@0.17.0
  Qwen4ExpForCausalLM@0.29.0 Qwen4ExpForConditionalGeneration@0.29.0 RForConditionalGeneration@0.10.2
  RadioMBartPrefixForCausalLM@0.33.0 Rnj1ForCausalLM@0.20.0 RobertaForTokenClassification@0.26.0
  SarvamMLAForCausalLM@0.18.0 SarvamMoEForCausalLM@0.18.0 SeedOssForCausalLM@0.10.2 SiglipModel@0.11.1
  SkyworkR1VChatModel@0.8.3 SmolVLMForConditionalGeneration@0.8.4 Step1ForCausalLM@0.15.0
  Step3TextForCausalLM@0.10.1 Step3VLForConditionalGeneration@0.10.1 Step3p5ForCausalLM@0.15.1
  Step3p7ForConditionalGeneration@0.23.0 Step5ForCausalLM@0.33.0 Step5ForConditionalGeneration@0.33.0
  StepVLForConditionalGeneration@0.15.0 Tarsier2ForConditionalGeneration@0.9.2 TarsierForConditionalGeneration@0.9.1
  TeleChat3ForCausalLM@0.20.0 TeleChatForCausalLM@0.12.0 TeleFLMForCausalLM@0.8.2 Terratorch@0.10.2
  TransformersEmbeddingModel@0.11.1 TransformersForCausalLM@0.8.3 TransformersForMultimodalLM@0.10.0
  TransformersForSequenceClassification@0.11.1 TransformersMoEEmbeddingModel@0.11.1
  TransformersMoEForCausalLM@0.11.1 TransformersMoEForSequenceClassification@0.11.1 TransformersModel@0.10.1
  TransformersMultiModalEmbeddingModel@0.11.1 TransformersMultiModalForCausalLM@0.11.1
  TransformersMultiModalForSequenceClassification@0.11.1 TransformersMultiModalMoEForCausalLM@0.11.1
  UnlimitedOCRForCausalLM@0.25.0 VoxtralForConditionalGeneration@0.10.0 VoxtralRealtimeGeneration@0.16.0
  VoxtralStreamingGeneration@0.14.0 VoyageQwen3BidirectionalEmbedModel@0.16.0
  XLMRobertaForTokenClassification@0.26.0`
    .trim()
    .split(/\s+/)
    .map((token): [string, string] => {
      const [name = "", from = ""] = token.split("@");
      return [name, from];
    }),
);

/** The classes of models by the last part of their names, in lower case: the `architectures` of their config.json. */
const NAMED: readonly (readonly [name: RegExp, architecture: string])[] = [
  [/^glm-4\.1v-/, "Glm4vForConditionalGeneration"],
  [/^glm-4\.5v(?:$|-)/, "Glm4vMoeForConditionalGeneration"],
  [/^glm-4\.7-flash/, "Glm4MoeLiteForCausalLM"],
  [/^glm-4\.[567](?:$|-air|-fp8)/, "Glm4MoeForCausalLM"],
  [/^glm-5(?:\.1)?(?:$|-fp8)/, "GlmMoeDsaForCausalLM"],
  [/^gpt-oss-/, "GptOssForCausalLM"],
  [/^qwen3-next-/, "Qwen3NextForCausalLM"],
  [/^qwen3-vl-\d+b-a\d+b-/, "Qwen3VLMoeForConditionalGeneration"],
  [/^qwen3-vl-\d+b-/, "Qwen3VLForConditionalGeneration"],
  [/^qwen3-omni-/, "Qwen3OmniMoeForConditionalGeneration"],
  [/^qwen3\.[56]-\d+b-a\d+b/, "Qwen3_5MoeForConditionalGeneration"],
  [/^qwen3\.[56]-/, "Qwen3_5ForConditionalGeneration"],
  [/^qwen3-(?:coder-)?\d+b-a\d+b/, "Qwen3MoeForCausalLM"],
  [/^qwen3-[\d.]+b(?:$|-base|-fp8|-awq)/, "Qwen3ForCausalLM"],
  [/^gemma-3n-/, "Gemma3nForConditionalGeneration"],
  [/^gemma-4-/, "Gemma4ForConditionalGeneration"],
  [/^llama-4-/, "Llama4ForConditionalGeneration"],
  [/^minimax-m1/, "MiniMaxM1ForCausalLM"],
  [/^minimax-m2/, "MiniMaxM2ForCausalLM"],
  [/^minimax-m3/, "MiniMaxM3SparseForConditionalGeneration"],
  [/^minimax-text-01$/, "MiniMaxText01ForCausalLM"],
  [/^kimi-vl-/, "KimiVLForConditionalGeneration"],
  [/^kimi-linear-/, "KimiLinearForCausalLM"],
  [/^kimi-k2-(?:instruct|base|thinking)/, "DeepseekV3ForCausalLM"],
  [/^kimi-k2\.5/, "KimiK25ForConditionalGeneration"],
  [/^kimi-k3/, "KimiK3ForConditionalGeneration"],
  [/^deepseek-(?:coder-)?v2(?:$|[-.])/, "DeepseekV2ForCausalLM"],
  [
    /^deepseek-(?:v3(?:\.1)?|r1)(?:$|-(?:base|zero|terminus)|-0\d\d\d(?:$|-(?:awq|bf16|fp4|fp8|gptq|int|nvfp4|w4a)))/,
    "DeepseekV3ForCausalLM",
  ],
  [/^deepseek-v3\.2/, "DeepseekV32ForCausalLM"],
  [/^deepseek-v4-/, "DeepseekV4ForCausalLM"],
  [/^deepseek-ocr$/, "DeepseekOCRForCausalLM"],
  [/^ernie-4\.5-vl-/, "Ernie4_5_VLMoeForConditionalGeneration"],
  [/^ernie-4\.5-\d+b-a\d+b-/, "Ernie4_5_MoeForCausalLM"],
  [/^seed-oss-/, "SeedOssForCausalLM"],
  [/^mimo-v2-flash/, "MiMoV2FlashForCausalLM"],
  [/^mistral-small-3\.[12]-/, "Mistral3ForConditionalGeneration"],
  [/^longcat-flash-/, "LongcatFlashForCausalLM"],
  [/^olmo-3-/, "Olmo3ForCausalLM"],
  [/^qwen2\.5-omni-/, "Qwen2_5OmniModel"],
  [/^qwen2-audio-/, "Qwen2AudioForConditionalGeneration"],
  [/^(?:qwen1\.5-moe|qwen2-57b-a14b)/, "Qwen2MoeForCausalLM"],
  [/^phi-4-multimodal-/, "Phi4MMForCausalLM"],
  [/^phi-3(?:\.5)?-vision-/, "Phi3VForCausalLM"],
  [/^whisper-/, "WhisperForConditionalGeneration"],
  [/^hunyuan-a13b-/, "HunYuanMoEV1ForCausalLM"],
  [/^llava-1\.5-/, "LlavaForConditionalGeneration"],
  [/^llava-v1\.6-/, "LlavaNextForConditionalGeneration"],
  [/^llava-onevision-qwen2-/, "LlavaOnevisionForConditionalGeneration"],
];

/** The classes of a model: the `architectures` of its config, otherwise the one of its name, "" if that is not known. */
export function classesOf(name: string, stated: readonly string[]): readonly string[] {
  return stated.length > 0 ? stated : [classNamed(name)];
}

/** A class that a release of vLLM does not have yet, and the first release that has it. */
export interface LaterClass {
  architecture: string;
  from: string;
}

/**
 * The class of a model that is newer than a release: by the `architectures` of its config, otherwise by the last part of
 * its name. Undefined if the release has it, or if it is not known.
 */
export function laterClass(name: string, stated: readonly string[], release: number): LaterClass | undefined {
  const classes = classesOf(name, stated);
  const later = classes.flatMap((architecture): LaterClass[] => {
    const from = SINCE.get(architecture);
    return from !== undefined && release < (releaseNumber(from) ?? 0) ? [{ architecture, from }] : [];
  });
  return later.length === classes.length ? later[0] : undefined;
}

/** The class of models with such a name; an empty text if it is not known. */
const classNamed = remembering((name): string => NAMED.find(([pattern]) => pattern.test(name))?.[1] ?? "");
