import { positionIn, type Span } from "../release.ts";

/**
 * Releases that read GGUF themselves, from one file: `_prepare_weights` of vllm/model_executor/model_loader/gguf_loader.py
 * refuses a folder (vllm-project/vllm#17661). Later ones leave GGUF to plugins.
 */
const OWN: Span = { until: "0.24.0" };

/** Whether a release reads GGUF from one file only; of other releases that is not known. */
export function readsOneFile(release: number): boolean {
  return positionIn(OWN, release) === "inside";
}
