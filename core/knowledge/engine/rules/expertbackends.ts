import { entryOf } from "../../../kubernetes/table.ts";
import { positionIn, readSpan, type Span } from "../release.ts";

/** The releases that were read: before, no flag names a backend. */
const READ: Span = { from: "0.17.0", until: "0.34.0" };

/**
 * The backends of experts (--moe-backend) by how the weights are stored, `NAME` or `NAME@FROM-`. Experts in 16 bits are run by vLLM's own choice
 * where `humming` is named, from its first release on, and where `marlin` is named, from 0.33.0 on.
 * Source: map_fp8_backend, map_unquantized_backend, select_unquantized_moe_backend and map_nvfp4_backend in vllm/model_executor/layers/fused_moe/oracle, each release from 0.17.0
 * to 0.33.0.
 */
const BACKENDS: Readonly<Record<string, string>> = {
  fp8: "triton deep_gemm cutlass flashinfer_trtllm flashinfer_cutlass marlin humming@0.25- aiter hpc@0.25-",
  bfloat16: "triton batched_triton@0.27- flashinfer_trtllm flashinfer_cutlass aiter humming@0.25- marlin@0.33-",
  nvfp4: `b12x@0.29- cutlass emulation@0.20- flashinfer_trtllm flashinfer_cutlass flashinfer_cutedsl
    flashinfer_b12x@0.22- humming@0.25- marlin`,
};
/** Backends that some models have in their own code, for whatever they are stored as. */
const OWN = /^auto$|mega|_ep_/;

/** The backends of a release for experts that are stored so, where it does not have the one that is named among them. */
export function otherBackends(backend: string, stored: string, release: number): string[] | undefined {
  const row = entryOf(BACKENDS, stored);
  if (row === undefined || OWN.test(backend) || positionIn(READ, release) !== "inside") return undefined;
  const spans = row.split(/\s+/).map(readSpan);
  const names = spans.filter((span) => positionIn(span, release) === "inside").map(({ name }) => name);
  return names.includes(backend) ? undefined : names;
}
