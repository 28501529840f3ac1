import { asSpec, type LLMInferenceServiceSpec } from "../../api/service.ts";
import type { Issue } from "../../contract/issue.ts";
import type { Layer, MergeRules, Patch, Provenance } from "../../contract/layer.ts";
import { CONVENIENCES } from "../../contract/lowering.ts";
import { engineOf } from "../../knowledge/engine/engines.ts";
import { policyOf } from "../../knowledge/mergepolicy.ts";
import { isObject, type JsonObject } from "../../kubernetes/json.ts";
import { ROOT_TYPE } from "../../kubernetes/patch/schema.ts";
import { applyPatch } from "../../kubernetes/patch/strategic.ts";
import { typedPatch, typedSpec } from "../../kubernetes/patch/typed.ts";
import { traceLayers } from "./provenance.ts";

/**
 * Merges the layers, lowest precedence first, pair by pair. In our own mode a layer is a strategic merge patch as it is
 * written: zeros override, null deletes. In KServe's, layers pass through Go's types first, which lose both.
 * Source of the latter: MergeSpecs in config_merge.go, KServe v0.20.0.
 */
export function mergeLayers(
  layers: readonly Layer[],
  behaviour: MergeRules,
): { spec: LLMInferenceServiceSpec; provenance: Provenance; patches: readonly Patch[]; issues: Issue[] } {
  const patches = layers.map((layer) => asPatch(layer, behaviour));
  const { spec, issues } = applyAll(patches, behaviour);
  return { spec: asServiceSpec(spec), provenance: traceLayers(patches, spec, behaviour), patches, issues };
}

/** Merges the layers of a service. Its spec has a model: where a directive of a patch removes it, an empty one, as Go's types write it. */
export function mergeService(layers: readonly Layer[], behaviour: MergeRules): ReturnType<typeof mergeLayers> {
  const merged = mergeLayers(layers, behaviour);
  const { model } = merged.spec as Partial<LLMInferenceServiceSpec>;
  return model === undefined ? { ...merged, spec: { ...merged.spec, model: { uri: "" } } } : merged;
}

/** The merge alone, without telling where fields came from. */
export function mergeQuietly(
  layers: readonly Layer[],
  behaviour: MergeRules,
): { spec: LLMInferenceServiceSpec; issues: Issue[] } {
  const { spec, issues } = applyAll(
    layers.map((layer) => asPatch(layer, behaviour)),
    behaviour,
  );
  return { spec: asServiceSpec(spec), issues };
}

/** The same for specs from anywhere: `[base, …, override]`. Without a spec where two cannot be merged. */
export function mergeSpecs(
  specs: readonly unknown[],
  behaviour: MergeRules,
): { spec?: LLMInferenceServiceSpec; issues: Issue[] } {
  const layers = specs.map(
    (spec, i): Layer => ({ label: `spec ${i}`, spec: isObject(spec) ? asServiceSpec(spec) : {} }),
  );
  const merged = mergeQuietly(layers, behaviour);
  return merged.issues.length > 0 ? { issues: merged.issues } : merged;
}

function asPatch({ label, spec, args }: Layer, rules: MergeRules): Patch {
  const patch = rules.zeroOverrides ? (spec as JsonObject) : typedPatch(spec);
  return { label, spec: patch, rules: { ...rules, ...(args && { args }), flagsAlone: label === CONVENIENCES } };
}

function applyAll(patches: readonly Patch[], { zeroOverrides }: MergeRules): { spec: JsonObject; issues: Issue[] } {
  const issues: Issue[] = [];
  let merged: JsonObject = {};
  const engine = engineOf({
    runtime: patches.findLast(({ spec }) => (spec["runtime"] ?? null) !== null)?.spec["runtime"],
  });
  for (const { label, spec, rules } of patches) {
    const report = (path: string, message: string, fix: string): void => {
      issues.push({ code: "MergeFailed", severity: "error", path: `spec.${path}`, layer: label, message, fix });
    };
    merged = applyPatch(merged, spec, ROOT_TYPE, { policy: policyOf({ ...rules, engine }), report });
  }
  return { spec: zeroOverrides ? merged : typedSpec(merged), issues };
}

/** Layers are read against the schema one by one; a merge of them has no other fields. */
function asServiceSpec(spec: JsonObject): LLMInferenceServiceSpec {
  return asSpec(spec);
}
