import type { Behaviour } from "../behaviour.ts";
import { isObject, type JsonObject } from "../json.ts";
import { type Leaves, leavesOf } from "../leaves.ts";
import { CONVENIENCES, lower } from "../lower/lower.ts";
import { ROOT_TYPE } from "../merge/schema.ts";
import type { AppliedConfig, PlanInput } from "../plan.ts";
import { readConfigs, readService } from "../spec/read.ts";
import type { Trace } from "./trace.ts";

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
  return trace.merged.patches.map(({ label, spec }, index) => {
    const leaves = leavesOf(spec, ROOT_TYPE);
    if (label === CONVENIENCES) return { label: "service", leaves, originOf: convenience };
    const document = index < applied.length ? configOf(trace.input, applied[index]) : trace.input.service;
    const written = once(() => writtenIn(document, trace));
    return { label, leaves, originOf: (path) => origin(path, written()) };
  });
}

function configOf({ configs }: PlanInput, applied: AppliedConfig | undefined): unknown {
  return configs.find((config) => {
    const metadata = isObject(config) && isObject(config["metadata"]) ? config["metadata"] : {};
    return metadata["name"] === applied?.name && (metadata["namespace"] ?? "default") === applied?.namespace;
  });
}

interface Written {
  own: Leaves;
  conveniences: Leaves;
}

/** A document before defaults are filled in, in the form of the current version of the API. */
function writtenIn(document: unknown, { input, behaviour }: Trace): Written {
  const plain: Behaviour = { ...behaviour, schemaDefaults: false };
  const lowered = behaviour.conveniences ? lower(document, "", input.lowering) : { document };
  const conveniences = "conveniences" in lowered && isObject(lowered.conveniences) ? lowered.conveniences : {};
  const spec = isService(document)
    ? readService(lowered.document, plain).service?.spec
    : readConfigs([lowered.document], plain).configs[0]?.spec;
  const named = isService(document) ? withoutGivenName(spec ?? {}, document) : spec;
  return {
    own: leavesOf((named ?? {}) as JsonObject, ROOT_TYPE),
    conveniences: leavesOf(conveniences, ROOT_TYPE),
  };
}

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

function origin(path: string, { own, conveniences }: Written): Origin {
  if (own.has(path)) return "merge";
  if (conveniences.has(path)) return convenience(path);
  return "defaults";
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
