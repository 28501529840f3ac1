import type { LLMInferenceServiceSpec } from "../../api/service.ts";
import type { Trace } from "../../contract/plan.ts";
import type { JsonObject } from "../../kubernetes/json.ts";
import { ROOT_TYPE } from "../../kubernetes/patch/schema.ts";
import { betweenActions, isMadeOf, isTemplate } from "../../kubernetes/text.ts";
import { type Leaves, leavesOf } from "../leaves.ts";

/** The spec's leaves after each stage. */
export interface Stages {
  merged: Leaves;
  derived: Leaves;
  expanded: Leaves;
  final: Leaves;
  /** A leaf's path before its templates were expanded: merge keys and flags can contain templates. */
  pathBefore(path: string): string;
}

/** The stages of a plan. If it ended before its spec was complete, templates appear as they are written. */
export function stagesOf({ trace, spec }: { trace: Trace; spec?: LLMInferenceServiceSpec }): Stages {
  const { merged, derived } = trace;
  const expanded = spec === undefined ? derived : trace.expanded;
  const mergedLeaves = leaves(merged.spec);
  const derivedLeaves = derived === merged.spec ? mergedLeaves : leaves(derived);
  const templated = [...derivedLeaves.keys()].filter(isTemplate);
  const patterns = templated.map((path) => ({ path, pieces: betweenActions(path) }));
  return {
    merged: mergedLeaves,
    derived: derivedLeaves,
    expanded: leaves(expanded),
    final: leaves(spec ?? derived),
    pathBefore(path) {
      if (derivedLeaves.has(path)) return path;
      return patterns.find(({ pieces }) => isMadeOf(path, pieces))?.path ?? path;
    },
  };
}

function leaves(spec: object): Leaves {
  return leavesOf(spec as JsonObject, ROOT_TYPE);
}
