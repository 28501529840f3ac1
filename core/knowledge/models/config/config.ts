export type { ModelInfo } from "../../../contract/options/modelinfo.ts";

/** The fields of a config from which sizes follow first. */
export interface Shape {
  layers: number;
  hidden: number;
  heads: number;
  kvHeads: number;
  headDim: number;
  vocab: number;
}

/** A field of a config without a schema here, as a number. */
export function numberOf(value: unknown): number | undefined {
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}
