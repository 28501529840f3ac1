import { numberOf } from "../../core/knowledge/models/config/config.ts";
import { type JsonObject, objectOf } from "../../core/kubernetes/json.ts";

export interface Weights {
  bytes?: number | undefined;
  /** Why the number of bytes is not known, or does not come from the files. */
  note?: string;
}

interface Source {
  index?: JsonObject | undefined;
  sizes?: ReadonlyMap<string, number> | undefined;
}

/**
 * Files that are smaller than this share of what the shape needs are unfinished downloads, or pointers to files of Git
 * LFS.
 */
const LEAST = 0.1;

/**
 * The bytes of the weights: those of the files that the index names, if all of them exist; otherwise the number in the
 * index; otherwise all files of weights. `expected` is what the model's shape needs, if it is known.
 */
export function weightsOf({ index, sizes }: Source, expected: number | undefined): Weights {
  const total = totalIn(index);
  const names = namesOf(index, sizes);
  const missing = missingOf(names, sizes);
  if (names.length === 0 || missing > 0) {
    if (total !== undefined) return { bytes: total };
    return { note: missing > 0 ? `${missing} of ${names.length} files of weights are missing; ${UNKNOWN}` : NONE };
  }
  const bytes = names.reduce((sum, name) => sum + (sizes?.get(name) ?? 0), 0);
  if (bytes > LEAST * (expected ?? 0) && bytes > 0) return { bytes };
  if (total !== undefined) return { bytes: total };
  return { note: `the files of weights have only ${bytes} bytes, which are too few for this model; ${UNKNOWN}` };
}

const UNKNOWN = "weightBytes is not set, so a plan estimates the weights from the shape";
const NONE = `no file of weights was found; ${UNKNOWN}`;

/** The total in an index of its files. */
function totalIn(index: JsonObject | undefined): number | undefined {
  const total = numberOf(objectOf(index?.["metadata"])["total_size"]);
  return total !== undefined && total > 0 ? total : undefined;
}

/**
 * The files that vLLM loads (default_loader.py): those of the index, else every safetensors file, else PyTorch's. The
 * same weights in Mistral's own layout (`consolidated…`) are not loaded if others exist.
 */
function namesOf(index: JsonObject | undefined, sizes: Source["sizes"]): string[] {
  const indexed = Object.values(objectOf(index?.["weight_map"])).filter((name) => typeof name === "string");
  if (indexed.length > 0) return [...new Set(indexed)];
  const all = [...(sizes?.keys() ?? [])];
  const safe = all.filter((name) => name.endsWith(".safetensors"));
  const usual = safe.filter((name) => !name.startsWith("consolidated"));
  const older = all.filter((name) => name.startsWith("pytorch_model") && name.endsWith(".bin"));
  const found = [usual, safe, older].find((names) => names.length > 0) ?? [];
  return withSiblings(found);
}

const PART = /^(.*-)(\d{5})-of-(\d{5})(\.\w+)$/;

/** The files, plus the other parts of files whose names contain the number of parts. */
function withSiblings(names: readonly string[]): string[] {
  const all = names.flatMap((name) => {
    const [, start, , count, end] = PART.exec(name) ?? [];
    if (start === undefined || count === undefined) return [name];
    const numbers = Array.from({ length: Number(count) }, (_, at) => String(at + 1).padStart(5, "0"));
    return numbers.map((part) => `${start}${part}-of-${count}${end}`);
  });
  return [...new Set(all)];
}

function missingOf(names: readonly string[], sizes: Source["sizes"]): number {
  return names.filter((name) => sizes?.get(name) === undefined).length;
}
