import { releaseNumber } from "../engine/release.ts";
import type { ModelFacts } from "../models/facts.ts";
import type { FitRequest } from "./request.ts";

/**
 * Before the first of these releases the V0 engine runs, before the second on GPUs older than Ampere too, and before the
 * third where a variable selects it. Source: VLLM_USE_V1 and EngineArgs._is_v1_supported_oracle,
 * vllm/engine/arg_utils.py, 0.8.0 to 0.10.2.
 */
const V1 = {
  byDefault: releaseNumber("0.8.0") ?? 0,
  onOlder: releaseNumber("0.10.2") ?? 0,
  always: releaseNumber("0.11.0") ?? 0,
};
const AMPERE = 80;

type Run = Pick<FitRequest, "engineV0" | "capability" | "vendor"> & { release: number };
type ModelRun = Run & { model: Pick<ModelFacts, "multimodal" | "latent"> };

/** The vendors whose workers measure memory with a whole step: TPUs, for example, measure with a batch of one. */
const MEASURED: readonly string[] = ["nvidia.com", "amd.com"];

export function isV0({ release, engineV0, capability = AMPERE, vendor = "nvidia.com" }: Run): boolean {
  if (!MEASURED.includes(vendor)) return false;
  if (engineV0) return release < V1.always;
  return release < (capability < AMPERE ? V1.onOlder : V1.byDefault);
}

/**
 * A prompt is processed whole in a step, or in parts if it may be longer than the first of these; with media a step has
 * at least the last. Source: EngineArgs.create_engine_config and _set_default_args_v0, 0.5 to 0.10, and
 * SchedulerConfig, vllm/config.py.
 */
const STEPS = { longest: 32_768, least: 2048, withMedia: 5120 };

/** Whether prompts are processed in parts. */
function isChunkedV0(run: ModelRun, maxModelLen: number): boolean {
  const { multimodal, latent } = run.model;
  const isLatent = latent !== undefined && run.release >= V1.byDefault;
  return isV0(run) && maxModelLen > STEPS.longest && !multimodal && !isLatent;
}

/** In such steps nothing is sampled while memory is measured, according to logs of 0.7; one of 0.8.5 says that it is. */
export function leavesSamplerV0(run: ModelRun, maxModelLen: number): boolean {
  return isChunkedV0(run, maxModelLen) && run.release < V1.byDefault;
}

export function tokensOfV0(run: ModelRun, maxModelLen: number): number {
  if (isChunkedV0(run, maxModelLen)) return STEPS.least;
  return Math.max(maxModelLen, run.model.multimodal ? STEPS.withMedia : STEPS.least);
}

/** The fewest tokens of a picture or a sound, of which each sequence has one while memory is measured. */
const MEDIA_TOKENS = 256;

/** The sequences of the step that measures memory: with media, as many as have room for one each. */
export function sequencesOfV0(model: ModelFacts, { tokens, sequences }: { tokens: number; sequences: number }): number {
  return model.multimodal ? Math.min(sequences, Math.ceil(tokens / MEDIA_TOKENS)) : sequences;
}
