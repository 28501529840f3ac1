import { positionIn, type Span } from "../release.ts";

/**
 * Releases that compare the tokens of a step with the context if prompts are not split; earlier engines of V1 split them
 * whatever the flag is. Source: SchedulerConfig.verify_max_model_len, vllm/config/scheduler.py, each release from 0.11.1
 * to 0.33.0.
 */
const COMPARED: Span = { from: "0.11.1" };

export function comparesWholePrompts(release: number): boolean {
  return positionIn(COMPARED, release) === "inside";
}
