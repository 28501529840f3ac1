import { releaseNumber } from "../engine/release.ts";
import type { Rank } from "./rank.ts";

/** Model Runner V2 runs dense models that keep no state from this release on, and every model from the second on. */
const DENSE = releaseNumber("0.25.0") ?? 0;
const EVERY = releaseNumber("0.29.0") ?? 0;
/**
 * From this release on it counts its graphs before the cache is made. Source: profile_cudagraph_memory,
 * vllm/v1/worker/gpu/model_runner.py.
 */
const COUNTS_GRAPHS = releaseNumber("0.29.0") ?? 0;

/**
 * The first release that runs models with it by default; the memory of earlier releases that select it is not known.
 */
const ASKED = releaseNumber("0.22.0") ?? 0;

type Run = Pick<Rank, "model" | "release" | "runnerV2">;

/**
 * Whether an engine runs Model Runner V2 by default. Models that only some releases run with it (0.22 to 0.24: Qwen3,
 * Llama and Mistral in 16 bits; DeepSeek V2 and V4) count as run by the first runner, which needs more memory. Source:
 * VllmConfig.use_v2_model_runner, vllm/config/vllm.py, in the wheels of 0.22.0 to 0.33.0.
 */
export function isRunnerV2({ model, release, runnerV2 }: Run): boolean {
  if (runnerV2 !== undefined && release >= ASKED) return runnerV2;
  if (release >= EVERY) return true;
  const { expertWidth, stateParameters = 0, pooling } = model;
  const isPlain = expertWidth === undefined && stateParameters === 0 && !pooling;
  return release >= DENSE && isPlain;
}

export function leavesGraphs(run: Run): boolean {
  return run.release < COUNTS_GRAPHS && isRunnerV2(run);
}
