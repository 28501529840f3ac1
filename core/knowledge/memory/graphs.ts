import { positionIn, releaseNumber, type Span } from "../engine/release.ts";
import { GIB, type Rank } from "./rank.ts";
import { INTEL } from "./request.ts";
import { leavesGraphs } from "./runner.ts";

/**
 * From this release on graphs are counted before the cache is made. Source: VLLM_MEMORY_PROFILER_ESTIMATE_CUDAGRAPHS,
 * vllm/envs.py.
 */
const COUNTED = releaseNumber("0.20.0") ?? 0;
/** From this release on the variable exists, with which earlier ones may count graphs too. */
const ASKED = releaseNumber("0.18.0") ?? 0;
/**
 * GiB per graph and layer, more with experts, twice as much with latent attention and its many kernels, and GiB that all
 * graphs share. Logs of 0.19 to 0.25 report 1.7 to 2.4 ten thousandths for dense models, 1.1 to 2.2 for Qwen3-235B,
 * MiniMax-M2.7 and Gemma 4 26B, and 5 for DeepSeek V4.
 */
const EACH = 0.0002;
const FIRST = 0.1;
const WITH_EXPERTS = 1.25;
const WITH_LATENTS = 2;
/**
 * In these releases the first runner measures its first graph of a decoding step at a context of a whole step: layers
 * with a state then hold this many bytes for each token, which count as memory of graphs (vllm-project/vllm#50780).
 */
const OF_STATES: Span = { from: "0.26.0", until: "0.29.0" };
const STATE_TOKEN = 128 * 1024;
/**
 * Graphs on AMD, GiB, counted from this release on: capturing them took 2.6 to 8.9 GiB on MI300X (VME), and 3.9 in the first log that
 * counts them. Source: determine_available_memory, vllm/v1/worker/gpu_worker.py (vllm-project/vllm#44825).
 */
const AMD_GRAPHS = { from: releaseNumber("0.25.0") ?? 0, gib: 3 };

/** Graphs on Intel's GPUs, which before are captured only where a variable says so. Source: check_and_update_config, vllm/platforms/xpu.py, and VLLM_XPU_ENABLE_XPU_GRAPH. */
const INTEL_GRAPHS = releaseNumber("0.31.0") ?? 0;

/** With adapters, each batch is captured with and without one. Source: CudagraphDispatcher._get_lora_cases, vllm/v1/cudagraph_dispatcher.py. */
export function graphsGib(rank: Rank): number {
  const { vendor, sequences, layers, adapts } = rank;
  if (!countsGraphs(rank)) return 0;
  if (vendor === "amd.com") return AMD_GRAPHS.gib;
  const largest = Math.min(2 * sequences, LARGEST);
  const kinds = sizesUpTo(largest) + sizesUpTo(Math.min(sequences, largest));
  const graphs = adapts ? 2 * kinds : kinds;
  return Math.max(FIRST + EACH * kernelsOf(rank) * layers * graphs, stateGib(rank));
}

function countsGraphs(rank: Rank): boolean {
  const { vendor, release, eager, estimatesGraphs } = rank;
  if (eager || leavesGraphs(rank) || estimatesGraphs === false) return false;
  if (estimatesGraphs && vendor === "nvidia.com") return release >= ASKED;
  return release >= (vendor === "amd.com" ? AMD_GRAPHS.from : vendor === INTEL ? INTEL_GRAPHS : COUNTED);
}

/** How many times as much a layer takes in a graph as one of a dense model. */
function kernelsOf({ model: { expertWidth, latent } }: Rank): number {
  if (latent !== undefined) return WITH_LATENTS;
  return expertWidth === undefined ? 1 : WITH_EXPERTS;
}

function stateGib({ model: { states }, release, tokens }: Rank): number {
  const isMeasured = states !== undefined && positionIn(OF_STATES, release) === "inside";
  return isMeasured ? (tokens * STATE_TOKEN) / GIB : 0;
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
