import type { ModelFacts } from "../../models/facts.ts";
import { positionIn, type Span } from "../release.ts";

/**
 * Releases whose Marlin kernels take FP8 only in whole tiles: later ones fill up the rest with zeros, layers one release
 * before experts. Source: prepare_fp8_layer_for_marlin and prepare_fp8_moe_layer_for_marlin,
 * vllm/model_executor/layers/quantization/utils/marlin_utils_fp8.py, from 0.8.0 to 0.25.0.
 */
const WHOLE_TILES = { layers: { until: "0.24.0" }, experts: { until: "0.25.0" } } as const satisfies Record<
  string,
  Span
>;

/** GPUs below this compute capability, times ten, multiply FP8 with Marlin. Source: Fp8LinearMethod.__init__. */
const OWN_FP8 = 89;
/** Rows and columns of a tile. Source: marlin::tile_n_size and tile_k_size, which gptq_marlin_repack requires; zai-org/GLM-4.5#94. */
const TILE = { rows: 64, columns: 16 };

/** A kind of layers of which ranks would hold a part of a tile, and the first release that takes it. */
interface Untiled {
  layers: string;
  width: number;
  until: string;
}

/**
 * The layers in FP8 of which ranks would hold a part of a tile, on a GPU and in a release that take only whole ones;
 * undefined if there are none.
 */
export function layersWithoutTiles(
  { width, experts, expertWidth, denseWidth, sharedWidth, keepsShared }: ModelFacts,
  ranks: { layers: number; experts: number },
  { capability, release }: { capability: number; release: number },
): Untiled | undefined {
  if (capability >= OWN_FP8) return undefined;
  const kinds = [
    { layers: "its layers are", width: experts === undefined ? width : denseWidth, of: "layers" },
    { layers: "its shared experts are", width: keepsShared ? undefined : sharedWidth, of: "layers" },
    { layers: "an expert is", width: expertWidth, of: "experts" },
  ] as const;
  for (const { layers, width: whole, of } of kinds) {
    const isWhole = whole === undefined || hasTiles(whole / ranks[of]);
    if (!isWhole && positionIn(WHOLE_TILES[of], release) === "inside")
      return { layers, width: whole, until: WHOLE_TILES[of].until };
  }
  return undefined;
}

/** Gate and up are one matrix with twice the rows; down has the width as its columns. */
function hasTiles(width: number): boolean {
  return (2 * width) % TILE.rows === 0 && width % TILE.columns === 0;
}
