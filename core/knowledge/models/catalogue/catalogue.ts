import { remembering } from "../../../kubernetes/remember.ts";
import { isSlash, withoutEnd } from "../../../kubernetes/text.ts";
import { GUESSED_CACHE } from "../config/cachetype.ts";
import type { ModelInfo } from "../config/config.ts";
import { bytesOf, factsOf, type ModelFacts } from "../facts.ts";
import { lastPart, named, withoutRevision } from "./named.ts";
import type { Variant } from "./names.ts";
import { hasWideInputs, publishedBytes } from "./published.ts";
import { isPublished, publisherOf } from "./publishers.ts";
import type { Row } from "./row.ts";
import { ROWS } from "./rows.ts";
import { idOfSize } from "./sizes.ts";

const GIB = 1024 ** 3;

/** The config that a row stands for. */
export function configOf([, layers, hidden, feedForward, heads, kvHeads, vocab, context, , more = {}]: Row): ModelInfo {
  const { also: _, beside: _unread, billions, gib, ...rest } = more;
  return {
    num_hidden_layers: layers,
    hidden_size: hidden,
    intermediate_size: feedForward,
    num_attention_heads: heads,
    num_key_value_heads: kvHeads,
    vocab_size: vocab,
    max_position_embeddings: context,
    ...rest,
    ...(billions !== undefined && { parameters: billions * 1e9 }),
    ...(gib !== undefined && { weightBytes: gib * GIB }),
  };
}

/** The names of a row, in lower case and without a publisher. */
export function namesOf([id, , , , , , , , , more]: Row): string[] {
  return [lastPart(id), ...(more?.also ?? [])];
}

/** Whether only the family of a model is known: the context of the row may differ from the model's. */
function isCounted([, , , , , , , , sources]: Row): boolean {
  return sources === "counted";
}

/** A model of the catalogue by its name; see {@link named}. */
export const modelNamed = remembering((name): ModelFacts | undefined => {
  const found = named(name, ROWS, namesOf);
  const facts = found && factsOf(configOf(found.row));
  const weightBytes = publishedBytes(name);
  return (
    facts && {
      ...asVariant(facts, found.variant),
      ...(hasWideInputs(name) && { wideInputs: true }),
      ...(found.variant.mayCacheShort && { cacheType: GUESSED_CACHE }),
      ...(weightBytes !== undefined && { weightBytes }),
      ...(isCounted(found.row) && { guessedPositions: true }),
    }
  );
});

/** The model in another form than its row describes; the form that the model already has changes nothing. */
function asVariant(facts: ModelFacts, variant: Variant): ModelFacts {
  const { format, method, isInBlocks, isInGroups, keepsStates, plainRows, groupSize = 128, bits } = variant;
  const bytes = format === undefined ? undefined : bits === undefined ? bytesOf(format) : bits / 8;
  if (bytes === undefined || bytes === facts.bytesPerParameter) return facts;
  const {
    weightBytes: _ofTheOriginal,
    weightBlock: _too,
    expertGroup: _also,
    group: _those,
    otherBytes,
    format: _its,
    ...rest
  } = facts;
  const isSparse = rest.expertParameters > 0;
  return {
    ...rest,
    bytesPerParameter: bytes,
    // A form of the experts alone leaves the rest unchanged.
    ...(isSparse && isOfExpertsAlone(rest, variant, bytes) && { otherBytes: otherBytes ?? 2 }),
    ...(keepsStates && { keepsStates }),
    ...(plainRows && { plainRows }),
    ...(isInBlocks && { weightBlock: 128 }),
    ...(bytes < 2 && { format: method ?? format }),
    ...(isInGroups && (isSparse ? { expertGroup: groupSize } : { group: { size: groupSize, guessed: true } })),
  };
}

/**
 * Whether the form only applies to the experts: FP4 always does, so do all forms of some families, and four bits in
 * models with state layers (GPTQ of Qwen3.5, by the size of its files).
 */
function isOfExpertsAlone(
  { expertsAlone, stateParameters = 0 }: Partial<ModelFacts>,
  { format = "" }: Variant,
  bytes: number,
): boolean {
  return format.endsWith("fp4") || expertsAlone === true || (bytes < 1 && stateParameters > 0);
}

/** The entry of a table for the model that a service serves: by its URI, otherwise by its name. */
export function ofModel<T>(
  { uri = "", name = "" }: { uri?: string; name?: string },
  lookUp: (name: string) => T | undefined,
): T | undefined {
  return lookUp(nameInUri(uri)) ?? lookUp(name);
}

const nameInUri = remembering((uri): string => {
  const [, path = ""] = /^[a-z][a-z0-9+.-]*:\/\/(.*)$/i.exec(uri) ?? [];
  return uri.startsWith("hf://") ? withoutRevision(path, ":", "@") : withoutRevision(withoutEnd(path, isSlash), ":");
});

/**
 * Whether a name gives the form of the weights of a model of the catalogue: it has a word for it, or is the name under
 * which the model was published. Others may publish the model in another form under the same name.
 */
export function namesForm(model: { uri?: string; name?: string }): boolean {
  const isGiven = (name: string): boolean | undefined => {
    const found = named(name, ROWS, namesOf);
    return found && (modelNamed(name)?.format !== undefined || publisherOf(found.row[0]) === publisherOf(name));
  };
  return ofModel(model, isGiven) === true;
}

/**
 * The id of the catalogue's model, if the served one only has its name: another publisher may have changed its shape.
 * The publisher of a model of the hub is in its URI; of one in other storage it may be in the URI or in the name.
 */
export function copiedFrom(model: { uri?: string; name?: string }): string | undefined {
  const { uri = "", name = "" } = model;
  const id = ofModel(model, (one) => named(one, ROWS, namesOf)?.row[0] ?? idOfSize(one));
  if (id === undefined) return undefined;
  const names = uri.startsWith("hf://") ? [nameInUri(uri)] : [nameInUri(uri), name];
  return names.some((one) => isPublished(one, id)) ? undefined : id;
}

/** The model that a service serves. */
export function modelOf(model: { uri?: string; name?: string }): ModelFacts | undefined {
  return ofModel(model, modelNamed);
}
