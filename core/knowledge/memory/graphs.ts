import { releaseNumber } from "../engine/release.ts";
import type { Rank } from "./rank.ts";
import { INTEL } from "./request.ts";
import { leavesGraphs } from "./runner.ts";

/**
 * From this release on graphs are counted before the cache is made. Source: VLLM_MEMORY_PROFILER_ESTIMATE_CUDAGRAPHS,
 * vllm/envs.py.
 */
const COUNTED = releaseNumber("0.20.0") ?? 0;
/**
 * GiB per graph and layer, twice as much with experts, and GiB that all graphs share: logs of 0.20 to 0.27 report 1.7
 * to 3.5 ten thousandths.
 */
const EACH = 0.0002;
const FIRST = 0.1;
/**
 * Graphs on AMD, GiB, counted from this release on: capturing them took 2.6 to 8.9 GiB on MI300X (VME), and 3.9 in the first log that
 * counts them. Source: determine_available_memory, vllm/v1/worker/gpu_worker.py (vllm-project/vllm#44825).
 */
const AMD_GRAPHS = { from: releaseNumber("0.25.0") ?? 0, gib: 3 };

/** Graphs on Intel's GPUs, which before are captured only where a variable says so. Source: check_and_update_config, vllm/platforms/xpu.py, and VLLM_XPU_ENABLE_XPU_GRAPH. */
const INTEL_GRAPHS = releaseNumber("0.31.0") ?? 0;

/** With adapters, each batch is captured with and without one. Source: CudagraphDispatcher._get_lora_cases, vllm/v1/cudagraph_dispatcher.py. */
export function graphsGib(rank: Rank): number {
  const { vendor, release, eager, sequences, layers, model, adapts } = rank;
  if (eager || leavesGraphs(rank)) return 0;
  if (vendor === "amd.com") return release >= AMD_GRAPHS.from ? AMD_GRAPHS.gib : 0;
  if (release < (vendor === INTEL ? INTEL_GRAPHS : COUNTED)) return 0;
  const largest = Math.min(2 * sequences, LARGEST);
  const kinds = sizesUpTo(largest) + sizesUpTo(Math.min(sequences, largest));
  const graphs = adapts ? 2 * kinds : kinds;
  return FIRST + EACH * (model.expertWidth === undefined ? 1 : 2) * layers * graphs;
}

/** The largest batch that a graph is captured for, of both kinds: mixed batches, and those that only decode. */
const LARGEST = 512;

/**
 * Batch sizes for which graphs are captured: 1, 2, 4, every eighth to 256, and every sixteenth beyond. Source:
 * _set_cudagraph_sizes, vllm/config/vllm.py.
 */
function sizesUpTo(most: number): number {
  const few = [1, 2, 4].filter((size) => size <= most).length;
  return few + Math.floor(Math.min(most, 256) / 8) + Math.floor(Math.max(0, most - 256) / 16);
}
