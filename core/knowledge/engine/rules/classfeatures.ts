import { lastPart } from "../../models/catalogue/named.ts";
import { positionIn, readSpan, type Span } from "../release.ts";
import { classesOf, laterClass } from "./architectures.ts";

/**
 * What the class of a model does not support, by release: in the notation of the flags (flagtable.ts), a class twice if
 * releases in between supported it. Source: the bases of each class in the tables of
 * vllm/model_executor/models/registry.py, across its modules and those of vllm/models, in the package `vllm` of every
 * release from 0.8.0 to 0.33.0, patches included. Of a class that differs between platforms, both lack it. A span is
 * open before the first release of its class: builds of it that came earlier lack the feature too.
 */

/** Classes without `SupportsLoRA`, which load_lora_model refuses ("does not support LoRA yet"). */
export const WITHOUT_LORA = `
  ArcticForCausalLM@-0.29.0 AriaForConditionalGeneration AyaVisionForConditionalGeneration@-0.25.0
  BailingMoeV2_5ForCausalLM BailingMoeV3ForCausalLM BailingMoeV3VLForConditionalGeneration
  BartForConditionalGeneration@-0.11.0 BartModel@-0.11.0 BeamForCausalLM BeeForConditionalGeneration BertForMaskedLM
  BertForSequenceClassification@-0.33.0 BertForTokenClassification@-0.33.0 BertModel@-0.32.0
  BertSpladeSparseEmbeddingModel@-0.32.0 BgeM3EmbeddingModel@-0.32.0 Blip2ForConditionalGeneration@-0.14.0
  BloomForCausalLM CLIPModel ChameleonForConditionalGeneration@-0.29.0 Cohere2MoeForCausalLM
  Cohere2VisionForConditionalGeneration CohereAsrForConditionalGeneration ColBERTJinaRobertaModel ColBERTLfm2Model
  ColBERTModernBertModel ColModernVBertForRetrieval ColUltraVBertForRetrieval Cosmos3EdgeForConditionalGeneration
  DbrxForCausalLM DeepseekForCausalLM@-0.10.2 DeepseekOCRForCausalLM@-0.14.0 DeepseekV2ForCausalLM@-0.10.2
  DeepseekV3ForCausalLM@-0.10.2 DeepseekV41ForCausalLM DeepseekV4ForCausalLM@-0.29.0 DeepseekVLV2ForCausalLM
  DiffusionGemmaForBlockDiffusion DomynEdgeForCausalLM DonutForConditionalGeneration@-0.11.0 DoryForCausalLM
  Dots1ForCausalLM@-0.10.1 Dots3NoteForCausalLM EmbeddingGemma2Model Ernie4_5_MoeForCausalLM@-0.10.0
  ErnieForSequenceClassification@-0.24.0 ErnieForTokenClassification@-0.24.0 ErnieModel@-0.24.0 FalconForCausalLM
  FalconMambaForCausalLM FireRedASR2ForConditionalGeneration FireRedLIDForConditionalGeneration@-0.29.0
  FlintForCausalLM Florence2ForConditionalGeneration@-0.11.0 FunASRForConditionalGeneration
  FunAudioChatForConditionalGeneration FuyuForCausalLM@-0.26.0 GPT2ForSequenceClassification GPT2LMHeadModel
  GPTJForCausalLM GPTNeoXForCausalLM@-0.32.0 Gemma3TextModel Gemma3nForCausalLM Gemma3nForConditionalGeneration
  Gemma4ForConditionalGeneration@-0.20.0 Glm4MoeForCausalLM@-0.10.1 Glm5NextForCausalLM GptOssForCausalLM@-0.11.1
  GteModel GteNewForSequenceClassification GteNewModel H2OVLChatModel@-0.9.1 HCXVisionForCausalLM@-0.29.0
  HCXVisionV2ForCausalLM HF_ColBERT@-0.32.0 HfMoondream HrmTextForCausalLM HunYuanMoEV1ForCausalLM@-0.10.0
  IQuestLoopCoderForCausalLM InternVLChatModel@-0.9.1 JAISLMHeadModel@-0.23.0 JinaForRanking
  KananaVForConditionalGeneration KimiK25ForConditionalGeneration KimiK3ForConditionalGeneration
  KimiLinearForCausalLM KimiVLForConditionalGeneration Lfm2BidirectionalModel Llama4ForConditionalGeneration@-0.11.1
  LlamaBidirectionalForSequenceClassification@-0.30.0 LlamaBidirectionalModel@-0.30.0
  LlavaForConditionalGeneration@-0.14.0 LlavaNextForConditionalGeneration@-0.29.0
  LlavaNextVideoForConditionalGeneration@-0.26.0 LlavaOnevision2ForConditionalGeneration
  LlavaOnevisionForConditionalGeneration MBartForConditionalGeneration@-0.11.0 MPTForCausalLM@-0.29.0
  Mamba2ForCausalLM MambaForCausalLM MantisForConditionalGeneration@-0.14.0 MiDashengLMModel MiMoV2FlashForCausalLM
  MiMoV2ForCausalLM MiMoV2OmniForCausalLM MiniCPMV4_6ForConditionalGeneration@-0.25.0 MiniMaxForCausalLM@-0.24.0
  MiniMaxM1ForCausalLM@-0.24.0 MiniMaxM2ForCausalLM@-0.15.0 MiniMaxM3SparseForCausalLM
  MiniMaxM3SparseForConditionalGeneration MiniMaxText01ForCausalLM@-0.24.0
  MiniMaxVL01ForConditionalGeneration@-0.24.0 Mistral3ForConditionalGeneration@-0.9.0
  MllamaForConditionalGeneration@-0.11.0 ModernBertForSequenceClassification ModernBertForTokenClassification
  ModernBertModel@-0.31.0 ModernVBertModel Moondream3ForCausalLM MoonshotKimiaForCausalLM
  MossTranscribeDiarizeForConditionalGeneration MptForCausalLM@-0.29.0 NVLM_D@-0.9.1
  NemotronH_Nano_Omni_Reasoning_V3@-0.31.0 NemotronH_Nano_VL@-0.11.0 NemotronH_Nano_VL_V2@-0.31.0
  NemotronH_Omni_Reasoning_V3@-0.31.0 NemotronH_Super_Omni_Reasoning_V3@-0.31.0 NemotronParseForConditionalGeneration
  NomicBertModel OPTForCausalLM@-0.11.1 Olmo2ForCausalLM@-0.10.2 OlmoForCausalLM@-0.10.2 OlmoeForCausalLM@-0.11.1
  OpenAIPrivacyFilterForTokenClassification OpenVLAForActionPrediction OrionForCausalLM Ovis Ovis2_5
  Ovis2_6ForCausalLM Ovis2_6_MoeForCausalLM PaddleOCRVLForConditionalGeneration
  PaliGemmaForConditionalGeneration@-0.14.0 PersimmonForCausalLM@-0.26.0 Phi3SmallForCausalLM@-0.10.0
  Phi3VForCausalLM Phi4FlashForCausalLM@-0.11.0 Phi4ForCausalLMV PixtralForConditionalGeneration@-0.14.0
  Plamo2ForCausalLM@-0.14.0 Plamo3ForCausalLM@-0.14.0 PrithviGeoSpatialMAE@-0.29.0 QuantMixtralForCausalLM@-0.10.2
  Qwen2AudioForConditionalGeneration Qwen2ForSequenceClassification@0.9.2-0.10.0 Qwen2MoeForCausalLM@-0.10.0
  Qwen2_5OmniForConditionalGeneration@-0.10.2 Qwen2_5OmniModel@-0.10.2 Qwen3ASRForConditionalGeneration@-0.20.0
  Qwen3ASRForcedAlignerForTokenClassification@-0.20.0 Qwen3ASRRealtimeGeneration@-0.20.0
  Qwen3ForSequenceClassification@-0.10.0 Qwen3MoeForCausalLM@-0.10.0 Qwen3OmniMoeForConditionalGeneration@-0.29.0
  RForConditionalGeneration RWForCausalLM@-0.29.0 RadioMBartPrefixForCausalLM RobertaForMaskedLM@-0.32.0
  RobertaForSequenceClassification@-0.31.0 RobertaForTokenClassification RobertaModel@-0.32.0 SiglipModel
  SkyworkR1VChatModel StableLMEpochForCausalLM@-0.29.0 StableLmForCausalLM Starcoder2ForCausalLM@-0.25.0
  Step1ForCausalLM Step3TextForCausalLM Step3VLForConditionalGeneration Step3p5ForCausalLM
  Step3p7ForConditionalGeneration StepVLForConditionalGeneration TarsierForConditionalGeneration@-0.25.0 Terratorch
  VoxtralForConditionalGeneration@-0.10.2 VoyageQwen3BidirectionalEmbedModel@-0.31.0
  WhisperForConditionalGeneration@-0.18.0 XLMRobertaForSequenceClassification@-0.31.0
  XLMRobertaForTokenClassification XLMRobertaModel@-0.32.0 Zamba2ForCausalLM`;

/** Classes without `SupportsPP`, which verify_with_parallel_config refuses. */
export const WITHOUT_STAGES = `
  AliceAIForCausalLM AriaForConditionalGeneration BartForConditionalGeneration@-0.11.0 BartModel@-0.11.0
  BertForMaskedLM BertForSequenceClassification BertForTokenClassification BertModel BertSpladeSparseEmbeddingModel
  BgeM3EmbeddingModel CLIPModel CohereAsrForConditionalGeneration ColBERTJinaRobertaModel ColBERTLfm2Model
  ColBERTModernBertModel ColModernVBertForRetrieval ColUltraVBertForRetrieval DeepseekV4ForCausalLM@-0.21.0
  DiffusionGemmaForBlockDiffusion@0.27.0- DomynEdgeForCausalLM DonutForConditionalGeneration@-0.11.0 DoryForCausalLM
  EmbeddingGemma2Model ErnieForSequenceClassification@-0.24.0 ErnieForTokenClassification@-0.24.0 ErnieModel@-0.24.0
  FireRedASR2ForConditionalGeneration FireRedLIDForConditionalGeneration@-0.29.0
  Florence2ForConditionalGeneration@-0.11.0 FunASRForConditionalGeneration GPT2ForSequenceClassification
  Gemma3TextModel Gemma3nForCausalLM Gemma3nForConditionalGeneration GptOssForCausalLM@-0.10.2 GteModel
  GteNewForSequenceClassification GteNewModel HF_ColBERT HrmTextForCausalLM HunYuanDenseV1ForCausalLM@-0.10.2
  HunYuanMoEV1ForCausalLM@-0.10.2 IQuestLoopCoderForCausalLM Idefics3ForConditionalGeneration JinaForRanking
  KimiVLForConditionalGeneration@-0.10.2 Lfm2BidirectionalModel Llama4ForConditionalGeneration@-0.8.4
  LlamaBidirectionalForSequenceClassification@-0.30.0 LlamaBidirectionalModel@-0.30.0
  MBartForConditionalGeneration@-0.11.0 Mamba2ForCausalLM MiniMaxForCausalLM@-0.24.0 MiniMaxM1ForCausalLM@-0.24.0
  MiniMaxM3SparseForCausalLM@-0.25.0 MiniMaxM3SparseForConditionalGeneration@-0.25.0 MiniMaxText01ForCausalLM@-0.24.0
  MllamaForConditionalGeneration@-0.11.0 ModernBertForSequenceClassification ModernBertForTokenClassification
  ModernBertModel ModernVBertModel NemotronH_Nano_Omni_Reasoning_V3 NemotronH_Nano_VL@-0.11.0 NemotronH_Nano_VL_V2
  NemotronH_Omni_Reasoning_V3 NemotronH_Super_Omni_Reasoning_V3 NemotronParseForConditionalGeneration NomicBertModel
  OpenAIPrivacyFilterForTokenClassification OuroForCausalLM@-0.27.0 Ovis@-0.9.1 PaddleOCRVLForConditionalGeneration
  Phi4FlashForCausalLM@-0.11.0 Phi4MMForCausalLM Phi4MultimodalForCausalLM@-0.13.0 Plamo2ForCausalLM@-0.10.1
  PrithviGeoSpatialMAE@-0.29.0 Qwen2ForSequenceClassification@0.9.2-0.10.0 Qwen3ForSequenceClassification@-0.10.0
  RadioMBartPrefixForCausalLM RobertaForMaskedLM RobertaForSequenceClassification RobertaForTokenClassification
  RobertaModel SiglipModel SmolVLMForConditionalGeneration Terratorch TransformersModel@-0.8.2
  VoyageQwen3BidirectionalEmbedModel WhisperForConditionalGeneration XLMRobertaForSequenceClassification
  XLMRobertaForTokenClassification XLMRobertaModel Zamba2ForCausalLM`;

type Feature = "adapters" | "stages";

const WITHOUT: Readonly<Record<Feature, ReadonlyMap<string, readonly Span[]>>> = {
  adapters: spansOf(WITHOUT_LORA),
  stages: spansOf(WITHOUT_STAGES),
};

function spansOf(text: string): ReadonlyMap<string, readonly Span[]> {
  return Map.groupBy(text.trim().split(/\s+/).map(readSpan), ({ name }) => name);
}

/** A class that does not support a feature, and the first release in which it does, if there is one. */
export interface Lacking {
  architecture: string;
  later?: string;
  /** Whether the release does not have the class yet: what runs instead may support the feature. */
  isLater?: true;
}

/**
 * The class of a model that does not support LoRA adapters or pipeline stages in a release: by the `architectures` of its
 * config, otherwise by its name. Undefined if it does, or if the class is not known.
 */
export function lacks(
  feature: Feature,
  { uri, stated }: { uri: string; stated: readonly string[] },
  release: number,
): Lacking | undefined {
  const name = lastPart(uri);
  const isLater = laterClass(name, stated, release) !== undefined;
  const found = classesOf(name, stated).map((architecture): Lacking | undefined => {
    const span = WITHOUT[feature].get(architecture)?.find((one) => positionIn(one, release) === "inside");
    return (
      span && { architecture, ...(span.until !== undefined && { later: span.until }), ...(isLater && { isLater }) }
    );
  });
  return found.every((one) => one !== undefined) ? found[0] : undefined;
}
