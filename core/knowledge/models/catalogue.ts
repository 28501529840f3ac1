import { remembering } from "../../kubernetes/remember.ts";
import { isSlash, withoutEnd } from "../../kubernetes/text.ts";
import type { ModelInfo } from "./config.ts";
import { bytesOf, factsOf, type ModelFacts } from "./facts.ts";
import { type Variant, variantOf } from "./names.ts";
import { ROWS, type Row } from "./table.ts";

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

/** The names that a row goes by, in lower case and without a publisher. */
export function namesOf([id, , , , , , , , , more]: Row): string[] {
  return [lastPart(id), ...(more?.also ?? [])];
}

let byName: ReadonlyMap<string, Row> | undefined;
function rowNamed(name: string): Row | undefined {
  byName ??= new Map(ROWS.flatMap((row) => namesOf(row).map((one): [string, Row] => [one, row])));
  return byName.get(name);
}

/**
 * A model of the catalogue by its name (`Qwen/Qwen3-8B-FP8`); the publisher does not count. Of the row with the longest name that
 * the model's begins with, and only where nothing follows but what leaves the model the same or says how it is quantised:
 * anything else (another size, a draft head, a longer context) is another model, of which nothing is known.
 */
export const modelNamed = remembering((name): ModelFacts | undefined => {
  const last = lastPart(name);
  for (const end of [last.length, ...separators(last)]) {
    const row = rowNamed(last.slice(0, end));
    if (row === undefined) continue;
    const variant = variantOf(name, last.slice(end));
    const facts = factsOf(configOf(row));
    return variant && facts && asVariant(facts, variant);
  }
  return undefined;
});

/** Where a name could end, the longest first. */
function separators(name: string): number[] {
  return [...name].flatMap((character, i) => (/[-_.]/.test(character) ? [i] : [])).reverse();
}

function lastPart(name: string): string {
  return (name.split("/").at(-1) ?? "").toLowerCase();
}

/** The model in another form than its row describes; a form that is the model's own changes nothing. */
function asVariant(facts: ModelFacts, { format, isInBlocks, isInGroups }: Variant): ModelFacts {
  const bytes = format === undefined ? undefined : bytesOf(format);
  if (bytes === undefined || bytes === facts.bytesPerParameter) return facts;
  const { weightBytes: _ofTheOriginal, weightBlock: _too, expertGroup: _also, otherBytes: _it, ...rest } = facts;
  const isSparse = rest.expertParameters > 0;
  return {
    ...rest,
    bytesPerParameter: bytes,
    ...(isSparse && format?.endsWith("fp4") && { otherBytes: 2 }),
    ...(isInBlocks && { weightBlock: 128 }),
    ...(isSparse && isInGroups && { expertGroup: 128 }),
  };
}

/** The model that a service serves: by its URI, else by its name. */
export function modelOf({ uri = "", name = "" }: { uri?: string; name?: string }): ModelFacts | undefined {
  const [, path = ""] = /^[a-z][a-z0-9+.-]*:\/\/(.*)$/i.exec(uri) ?? [];
  const fromUri = uri.startsWith("hf://")
    ? withoutRevision(path, ":", "@")
    : withoutRevision(withoutEnd(path, isSlash), ":");
  return modelNamed(fromUri) ?? modelNamed(name);
}

/** A path without a tag or revision behind its last part. */
function withoutRevision(path: string, ...marks: readonly string[]): string {
  const folder = path.lastIndexOf("/") + 1;
  const at = marks.map((mark) => path.indexOf(mark, folder)).filter((index) => index >= 0);
  return path.slice(0, Math.min(path.length, ...at));
}
