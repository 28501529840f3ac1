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
/**
 * Rows and columns of a matrix that the kernels take: multiples of either pair. Source: marlin_padded_nk and
 * marlin_moe_padded_intermediate, vllm/model_executor/layers/quantization/utils/marlin_utils.py, 0.25; "Invalid thread
 * config" of vllm-project/vllm#28363 and the tiles of zai-org/GLM-4.5#94.
 */
const TILES = [
  { rows: 64, columns: 128 },
  { rows: 128, columns: 64 },
] as const;

/** A kind of layers of which ranks would hold a part of a tile, and the first release that takes it. */
interface Untiled {
  layers: string;
  width: number;
  until: string;
  isOfExperts: boolean;
}

/** The layers in FP8 of which ranks would hold a part of a tile, on a GPU and in a release that take only whole ones. */
export function layersWithoutTiles(
  { hidden, width, experts, expertWidth, denseWidth, sharedWidth, keepsShared, expertsAlone }: ModelFacts,
  ranks: { layers: number; experts: number },
  { capability, release }: { capability: number; release: number },
): Untiled[] {
  if (capability >= OWN_FP8) return [];
  // Publishers of some models leave all layers but the experts in 16 bits.
  const shared = keepsShared || expertsAlone ? undefined : sharedWidth;
  const ofLayers = experts === undefined ? width : expertsAlone ? undefined : denseWidth;
  const kinds = [
    { layers: "its layers are", width: ofLayers, of: "layers" },
    { layers: "its shared experts are", width: shared, of: "layers" },
    { layers: "an expert is", width: expertWidth, of: "experts" },
  ] as const;
  return kinds.flatMap(({ layers, width: whole, of }): Untiled[] => {
    const isTaken = whole === undefined || hasTiles(whole / ranks[of], hidden);
    if (isTaken || positionIn(WHOLE_TILES[of], release) !== "inside") return [];
    return [{ layers, width: whole, until: WHOLE_TILES[of].until, isOfExperts: of === "experts" }];
  });
}

/** Gate and up are one matrix with twice the rows; down has the width as its columns. */
function hasTiles(width: number, hidden: number): boolean {
  return isTiled(2 * width, hidden) && isTiled(hidden, width);
}

function isTiled(rows: number, columns: number): boolean {
  return TILES.some((tile) => rows % tile.rows === 0 && columns % tile.columns === 0);
}
