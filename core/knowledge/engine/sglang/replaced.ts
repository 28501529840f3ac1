/**
 * What replaces a flag that a release of SGLang no longer has, or does not have yet. Source: the deprecation texts next
 * to the flags (sglang/srt/server_args.py); flags without an entry were removed without a successor.
 */
const CUDA_GRAPH = "use --cuda-graph-config, or the flags --cuda-graph-max-bs-decode and --disable-decode-cuda-graph";

export const SUCCESSORS: Readonly<Record<string, string>> = {
  "cuda-graph-bs": "use --cuda-graph-bs-decode",
  "cuda-graph-max-bs": "use --cuda-graph-max-bs-decode",
  "enable-breakable-cuda-graph": CUDA_GRAPH,
  "enforce-piecewise-cuda-graph": CUDA_GRAPH,
  "oltp-traces-endpoint": "use --otlp-traces-endpoint",
  "stream-output": "use --incremental-streaming-output",
};

/** What an older release has instead of a later flag. */
export const PREDECESSORS: Readonly<Record<string, string>> = {
  "cuda-graph-bs-decode": "use --cuda-graph-bs",
  "cuda-graph-max-bs-decode": "use --cuda-graph-max-bs",
  "disable-decode-cuda-graph": "use --disable-cuda-graph",
  "disable-prefill-cuda-graph": "use --disable-cuda-graph",
  "incremental-streaming-output": "use --stream-output",
  "otlp-traces-endpoint": "use --oltp-traces-endpoint, as SGLang 0.5.4 spells it, or run SGLang 0.5.5 or later",
};
