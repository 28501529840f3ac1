import { positionIn, type Span } from "../release.ts";

/**
 * The experts of models in MXFP4 by Quark that a rank holds must be multiples of this width for AITER's kernels, which
 * vLLM uses on AMD's accelerators for MXFP4 if variables turn them on. From 0.18 on it falls back to other kernels.
 * Source: vllm-project/vllm#35637 (0.16.0) and its fix #35893; QuarkOCP_MX_MoEMethod in
 * vllm/model_executor/layers/quantization/quark/quark_moe.py of every release from 0.11.1 to 0.18.1.
 */
export const AITER_WIDTH = 256;
export const AITER_FALLS_BACK = "0.18";
const USED: Span = { from: "0.11.1", until: "0.18.0" };
/** The releases of the reports; in those before, the kernels may differ. */
const REPORTED: Span = { from: "0.16.0", until: "0.18.0" };

/** Accelerators that compute with MXFP4. Source: supports_mx, vllm/platforms/rocm.py (gfx95). */
const COMPUTES_MXFP4 = /^amd-mi35[05]x/;

/** Whether a release runs experts in MXFP4 with AITER on an accelerator, and whether it certainly fails for other widths. */
export function aiterRuns(accelerator: string, release: number): "certainly" | "perhaps" | undefined {
  if (!COMPUTES_MXFP4.test(accelerator) || positionIn(USED, release) !== "inside") return undefined;
  return positionIn(REPORTED, release) === "inside" ? "certainly" : "perhaps";
}

/** Whether variables turn AITER's kernels for experts on: the first one does, and the second one may turn it off. */
export function enablesAiter(variable: (name: string) => string | undefined): boolean {
  const isOn = (value: string | undefined): boolean => /^(?:1|true)$/i.test(value ?? "");
  const ofExperts = variable("VLLM_ROCM_USE_AITER_MOE");
  return isOn(variable("VLLM_ROCM_USE_AITER")) && (ofExperts === undefined || isOn(ofExperts));
}
