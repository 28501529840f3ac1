import { type OpenedDocument, openConfig } from "../../contract/input/document.ts";
import { FITTED } from "../../contract/layer.ts";
import { SHORTHANDS } from "../../contract/lowering.ts";
import type { AppliedConfig, ConfigOrigin, Trace } from "../../contract/plan.ts";
import { isObject, type Json, type JsonObject } from "../../kubernetes/json.ts";
import { ROOT_TYPE } from "../../kubernetes/patch/schema.ts";
import { entryOf } from "../../kubernetes/table.ts";
import { type Leaves, leavesOf } from "../leaves.ts";

/** How a leaf came into a layer. */
type Origin = "merge" | "accelerator" | "tuning" | "defaults";

/** One layer of the merge: its values, and how each leaf came into it. */
export interface ExplainedLayer {
  /** The name for users: the service's accelerator and tuning count as the service. */
  label: string;
  leaves: Leaves;
  originOf(path: string): Origin;
}

/** The layers of a plan, lowest precedence first. */
export function explainedLayers(trace: Trace, applied: readonly AppliedConfig[]): ExplainedLayer[] {
  const { patches } = trace.merged;
  const { group } = trace.lowered;
  const sources = [
    ...applied.map((one) => ofConfig(trace, one)),
    ofService(trace),
    ...(group === undefined ? [] : [ofOpened(group.own.opened)]),
  ];
  let place = 0;
  return patches.flatMap(({ label, spec }, index): ExplainedLayer[] => {
    const leaves = leavesOf(spec, ROOT_TYPE);
    // Shorthands are a layer directly below the document that contains them.
    if (label === SHORTHANDS) {
      const isRemoved = (path: string): boolean => leaves.get(path) === null;
      const owner = patches[index + 1]?.label ?? label;
      return [{ label: owner, leaves, originOf: (path) => (isRemoved(path) ? "merge" : originOfShorthand(path)) }];
    }
    if (label.startsWith(FITTED)) return [{ label, leaves, originOf: () => "merge" }];
    const { namespace, name } = applied[place] ?? {};
    const origins = entryOf(trace.input.origins, `${namespace}/${name}`);
    const source = sources[place++] ?? NOTHING;
    if (origins !== undefined) return originLayers(origins, leaves);
    const written = once(() => writtenIn(source, trace));
    return [{ label, leaves, originOf: (path) => origin(path, written()) }];
  });
}

/** A config that was merged before, split into its source layers; a value that none of them has is a default. */
function originLayers(origins: readonly ConfigOrigin[], merged: Leaves): ExplainedLayer[] {
  const layers = origins.map(({ label, spec, shorthands }): ExplainedLayer => {
    const leaves = leavesOf(spec as JsonObject, ROOT_TYPE);
    return { label, leaves, originOf: shorthands === true ? originOfShorthand : () => "merge" };
  });
  const [lowest, ...others] = layers;
  if (lowest === undefined) return [];
  const unsaid = [...merged].filter(([path]) => !layers.some(({ leaves }) => leaves.has(path)));
  const leaves = new Map([...lowest.leaves, ...unsaid]);
  const filled = new Set(unsaid.map(([path]) => path));
  return [{ ...lowest, leaves, originOf: (path) => (filled.has(path) ? "defaults" : "merge") }, ...others];
}

/** A document of the input, and its spec before defaults are filled in, in the form of the current version of the API. */
interface Source {
  document: unknown;
  spec: Json | undefined;
}
const NOTHING: Source = { document: undefined, spec: undefined };

function ofConfig({ input, lowered, behaviour }: Trace, applied: AppliedConfig): Source {
  const index = input.configs.findIndex((config) => {
    const metadata = isObject(config) && isObject(config["metadata"]) ? config["metadata"] : {};
    return metadata["name"] === applied.name && (metadata["namespace"] ?? "default") === applied.namespace;
  });
  const opened = openConfig(lowered.configs[index]?.document, behaviour);
  return { document: input.configs[index], spec: opened.content?.current["spec"] };
}

/** The fields that a replica group sets itself; its sizes are at the paths of its document. */
function ofOpened({ content }: OpenedDocument): Source {
  return { document: content?.object, spec: content?.current["spec"] };
}

/** Without a name of the model that is empty: reading fills in the name of the service. */
function ofService({ input, lowered }: Trace): Source {
  const { spec } = lowered.service.opened.content?.current ?? {};
  const model = isObject(spec) ? spec["model"] : undefined;
  if (!isObject(spec) || !isObject(model) || model["name"]) return { document: input.service, spec };
  const { name: _empty, ...others } = model;
  return { document: input.service, spec: { ...spec, model: others } };
}

interface Written {
  /** The document before defaults are filled in, in the form of the current version of the API. */
  own: Leaves;
  /** Sizes that follow from `tuning`, except those that the document also writes directly. */
  tuned: ReadonlySet<string>;
}

function writtenIn({ document, spec }: Source, { behaviour }: Trace): Written {
  const own = leavesOf(isObject(spec) ? spec : {}, ROOT_TYPE);
  const raw = isObject(document) && isObject(document["spec"]) ? leavesOf(document["spec"], ROOT_TYPE) : own;
  const sizes = [...own.keys()].filter((path) => SIZE.test(path) && !raw.has(path));
  return { own, tuned: new Set(behaviour.shorthands ? sizes : []) };
}

const SIZE = /^(?:prefill\.)?parallelism\./;

function origin(path: string, { own, tuned }: Written): Origin {
  if (tuned.has(path)) return "tuning";
  return own.has(path) ? "merge" : "defaults";
}

/** Flags come from `tuning`, everything else from `accelerator`. */
function originOfShorthand(path: string): Origin {
  return /\.args(\[|$)/.test(path) ? "tuning" : "accelerator";
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
