import type { Behaviour } from "../../contract/behaviour.ts";
import { CONVENIENCES } from "../../contract/lowering.ts";
import type { AppliedConfig, ConfigOrigin, PlanInput, Trace } from "../../contract/plan.ts";
import { isObject, type JsonObject } from "../../kubernetes/json.ts";
import { ROOT_TYPE } from "../../kubernetes/patch/schema.ts";
import { entryOf } from "../../kubernetes/table.ts";
import { lower } from "../../stages/lower/lower.ts";

import { readConfigs, readService } from "../../stages/read/read.ts";
import { type Leaves, leavesOf } from "../leaves.ts";

/** How a leaf came into a layer. */
export type Origin = "merge" | "accelerator" | "tuning" | "defaults";

/** One layer of the merge: what it says, and how each leaf came into it. */
export interface ExplainedLayer {
  /** As people know it: the service's accelerator and tuning are the service. */
  label: string;
  leaves: Leaves;
  originOf(path: string): Origin;
}

/** The layers of a plan, lowest precedence first. */
export function explainedLayers(trace: Trace, applied: readonly AppliedConfig[]): ExplainedLayer[] {
  const { patches } = trace.merged;
  const documents = [...applied.map((one) => configOf(trace.input, one)), trace.input.service];
  let place = 0;
  return patches.flatMap(({ label, spec }, index): ExplainedLayer[] => {
    const leaves = leavesOf(spec, ROOT_TYPE);
    // Conveniences are a layer right below the document that has them.
    if (label === CONVENIENCES) {
      const isRemoved = (path: string): boolean => leaves.get(path) === null;
      const owner = patches[index + 1]?.label ?? label;
      return [{ label: owner, leaves, originOf: (path) => (isRemoved(path) ? "merge" : convenience(path)) }];
    }
    const { namespace, name } = applied[place] ?? {};
    const origins = entryOf(trace.input.origins, `${namespace}/${name}`);
    const document = documents[place++];
    if (origins !== undefined) return originLayers(origins, leaves);
    const written = once(() => writtenIn(document, trace));
    return [{ label, leaves, originOf: (path) => origin(path, written()) }];
  });
}

/** A config that was merged before, in the layers that it was merged of; what none of them says is a default. */
function originLayers(origins: readonly ConfigOrigin[], merged: Leaves): ExplainedLayer[] {
  const layers = origins.map(({ label, spec, conveniences }): ExplainedLayer => {
    const leaves = leavesOf(spec as JsonObject, ROOT_TYPE);
    return { label, leaves, originOf: conveniences === true ? convenience : () => "merge" };
  });
  const [lowest, ...others] = layers;
  if (lowest === undefined) return [];
  const unsaid = [...merged].filter(([path]) => !layers.some(({ leaves }) => leaves.has(path)));
  const leaves = new Map([...lowest.leaves, ...unsaid]);
  const filled = new Set(unsaid.map(([path]) => path));
  return [{ ...lowest, leaves, originOf: (path) => (filled.has(path) ? "defaults" : "merge") }, ...others];
}

function configOf({ configs }: PlanInput, applied: AppliedConfig | undefined): unknown {
  return configs.find((config) => {
    const metadata = isObject(config) && isObject(config["metadata"]) ? config["metadata"] : {};
    return metadata["name"] === applied?.name && (metadata["namespace"] ?? "default") === applied?.namespace;
  });
}

interface Written {
  /** The document before defaults are filled in, in the form of the current version of the API. */
  own: Leaves;
  /** What of it follows from `tuning`: sizes that it does not say by itself. */
  tuned: ReadonlySet<string>;
}

function writtenIn(document: unknown, { input, behaviour }: Trace): Written {
  const plain: Behaviour = { ...behaviour, schemaDefaults: false };
  const lowered = behaviour.conveniences ? lower(document, "", input.lowering).document : document;
  const spec = isService(document)
    ? readService(lowered, plain).service?.spec
    : readConfigs([lowered], plain).configs[0]?.spec;
  const named = isService(document) ? withoutGivenName(spec ?? {}, document) : spec;
  const own = leavesOf((named ?? {}) as JsonObject, ROOT_TYPE);
  const raw = isObject(document) && isObject(document["spec"]) ? leavesOf(document["spec"], ROOT_TYPE) : own;
  const sizes = [...own.keys()].filter((path) => SIZE.test(path) && !raw.has(path));
  return { own, tuned: new Set(behaviour.conveniences ? sizes : []) };
}

const SIZE = /^(?:prefill\.)?parallelism\./;

function isService(document: unknown): document is JsonObject {
  return isObject(document) && document["kind"] === "LLMInferenceService";
}

/** Without the model's name where nobody wrote one: reading fills in the service's. */
function withoutGivenName(spec: object, document: JsonObject): object {
  const written = isObject(document["spec"]) && isObject(document["spec"]["model"]) ? document["spec"]["model"] : {};
  const model = (spec as JsonObject)["model"];
  if (written["name"] || !isObject(model)) return spec;
  const { name: _given, ...others } = model;
  return { ...spec, model: others };
}

function origin(path: string, { own, tuned }: Written): Origin {
  if (tuned.has(path)) return "tuning";
  return own.has(path) ? "merge" : "defaults";
}

/** Flags come from `tuning`, everything else from `accelerator`. */
function convenience(path: string): Origin {
  return /\.args(\[|$)/.test(path) ? "tuning" : "accelerator";
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
