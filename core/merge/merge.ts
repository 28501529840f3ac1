import type { Behaviour } from "../behaviour.ts";
import type { Issue } from "../errors.ts";
import type { LLMInferenceServiceSpec } from "../spec/service.ts";
import type { Layer } from "./layers.ts";

/** By field path: the label of the layer that set it, and the labels of those whose value it replaced, latest first. */
export type Provenance = Record<string, { layer: string; overrode?: string[] }>;

export function mergeLayers(
  _layers: readonly Layer[],
  _behaviour: Behaviour,
): { spec: LLMInferenceServiceSpec; provenance: Provenance; issues: Issue[] } {
  throw new Error("in work");
}
