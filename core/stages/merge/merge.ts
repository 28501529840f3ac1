import { specSchema } from "../../api/schemas.ts";
import { asSpec, type LLMInferenceServiceSpec } from "../../api/service.ts";
import type { Behaviour } from "../../contract/behaviour.ts";
import type { Issue } from "../../contract/issues/issue.ts";
import type { Layer, MergeRules, Patch, Provenance } from "../../contract/layer.ts";
import { SHORTHANDS } from "../../contract/lowering.ts";
import { type EngineKind, engineOf } from "../../knowledge/engine/engines.ts";
import { policyOf } from "../../knowledge/mergepolicy.ts";
import { asJson, isObject, type JsonObject } from "../../kubernetes/json.ts";
import { ROOT_TYPE } from "../../kubernetes/patch/schema.ts";
import { applyPatch } from "../../kubernetes/patch/strategic.ts";
import { typedPatch, typedSpec } from "../../kubernetes/patch/typed.ts";
import { rememberingLast, rememberingOfBoth } from "../../kubernetes/remember.ts";
import { withDefaults } from "../../kubernetes/schema/shape.ts";
import { declareUnchanging } from "../../kubernetes/unchanging.ts";
import { traceLayers } from "./provenance.ts";

/**
 * Merges the layers, lowest precedence first, pair by pair. By default a layer is a strategic merge patch as written:
 * zeros override, null deletes. In KServe's mode, layers pass through Go's types first, which lose both. Source of the
 * latter: MergeSpecs in config_merge.go, KServe v0.20.0.
 */
export function mergeLayers(
  layers: readonly Layer[],
  behaviour: MergeRules,
): { spec: LLMInferenceServiceSpec; provenance: Provenance; patches: readonly Patch[]; issues: Issue[] } {
  const { patches, spec, issues } = comingTo(layers, behaviour);
  return { spec: asServiceSpec(spec), provenance: traceLayers(patches, spec, behaviour), patches, issues };
}

/**
 * Merges the layers of a service, and fills in the API's defaults if the behaviour does so after the merge: a default
 * does not override anything. Its spec has a model: if a directive of a patch removes it, an empty one, as Go's types
 * write it.
 */
export function mergeService(layers: readonly Layer[], behaviour: ServiceRules): ReturnType<typeof mergeLayers> {
  const merged = mergeLayers(layers, behaviour);
  const { model = { uri: "" } } = merged.spec as Partial<LLMInferenceServiceSpec>;
  const spec = { ...merged.spec, model };
  if (behaviour.apiDefaults !== "merged") return { ...merged, spec };
  const schema = specSchema("LLMInferenceService", { dialect: behaviour.dialect });
  const filled = withDefaults(asJson(spec), schema);
  return { ...merged, spec: isObject(filled) ? asServiceSpec(filled) : spec };
}

type ServiceRules = MergeRules & Pick<Behaviour, "apiDefaults" | "dialect">;

/** The merge alone, without provenance. */
export function mergeQuietly(
  layers: readonly Layer[],
  behaviour: MergeRules,
): { spec: LLMInferenceServiceSpec; issues: Issue[] } {
  const { spec, issues } = comingTo(layers, behaviour);
  return { spec: asServiceSpec(spec), issues };
}

/** The same for specs from anywhere: `[base, …, override]`. Returns no spec if two cannot be merged. */
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

function asPatch({ label, spec, args, config }: Layer, behaviour: MergeRules): Patch {
  const { zeroOverrides, alternatives } = behaviour;
  const rules = { args: args ?? behaviour.args, zeroOverrides, alternatives, flagsAlone: label === SHORTHANDS };
  const patch = zeroOverrides ? (spec as JsonObject) : typedPatch(spec);
  return { label, spec: patch, rules, isKept: zeroOverrides && config !== undefined };
}

/**
 * The merge of some layers. The last results are kept, because a plan reads the merged spec before it adds another
 * layer.
 */
function comingTo(layers: readonly Layer[], behaviour: MergeRules): MergedLayers {
  const before = mergedBefore(layers, behaviour);
  return before.behaviour === behaviour ? before : allMerged(layers, behaviour);
}
const mergedBefore = rememberingLast(allMerged);

function allMerged(layers: readonly Layer[], behaviour: MergeRules): MergedLayers {
  const patches = layers.map((layer) => asPatch(layer, behaviour));
  return { behaviour, patches, ...applyAll(patches, behaviour) };
}

interface MergedLayers {
  behaviour: MergeRules;
  patches: readonly Patch[];
  spec: JsonObject;
  issues: Issue[];
}

/** The merge of some patches, lowest precedence first. */
interface Merged {
  spec: JsonObject;
  issues: readonly Issue[];
}

function applyAll(patches: readonly Patch[], { zeroOverrides }: MergeRules): { spec: JsonObject; issues: Issue[] } {
  // A null removes the runtime of lower layers, if the behaviour supports null.
  const says = ({ spec: { runtime } }: Patch): boolean => (zeroOverrides ? runtime !== undefined : Boolean(runtime));
  const engine = engineOf({ runtime: patches.findLast(says)?.spec["runtime"] });
  const changing = patches.findIndex(({ isKept }) => !isKept);
  const kept = changing < 0 ? patches : patches.slice(0, changing);
  const below = kept.reduce((merged, patch) => applyOnce(merged, patch, engine), NOTHING);
  const { spec, issues } = patches.slice(kept.length).reduce((merged, patch) => apply(merged, patch, engine), below);
  return { spec: zeroOverrides ? spec : typedSpec(spec), issues: [...issues] };
}

const NOTHING: Merged = { spec: {}, issues: [] };

function apply({ spec: below, issues }: Merged, { label, spec, rules }: Patch, engine: EngineKind): Merged {
  const found: Issue[] = [];
  const report = (path: string, message: string, fix: string): void => {
    found.push({ code: "MergeFailed", severity: "error", path: `spec.${path}`, layer: label, message, fix });
  };
  const merged = applyPatch(below, spec, ROOT_TYPE, { policy: policyOf({ ...rules, engine }), report });
  return { spec: merged, issues: found.length === 0 ? issues : [...issues, ...found] };
}

/**
 * The same, done once for patches that are kept: all services of a topology use the same presets, and a plan merges
 * them several times. The result is kept as long as the lowest of them.
 */
function applyOnce(below: Merged, patch: Patch, engine: EngineKind): Merged {
  const byRules = appliedBefore(below, patch.spec);
  const { args, zeroOverrides, alternatives, flagsAlone } = patch.rules;
  const key = [patch.label, args, zeroOverrides, alternatives, flagsAlone, engine].join();
  const known = byRules.get(key);
  if (known !== undefined) return known;
  const merged = apply(below, patch, engine);
  declareUnchanging(merged.spec);
  byRules.set(key, merged);
  return merged;
}
const appliedBefore = rememberingOfBoth((_below: Merged, _spec: object) => new Map<string, Merged>());

/** Layers are checked against the schema one by one; their merge has no other fields. */
function asServiceSpec(spec: JsonObject): LLMInferenceServiceSpec {
  return asSpec(spec);
}
