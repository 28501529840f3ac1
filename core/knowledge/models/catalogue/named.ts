import { type Variant, variantOf } from "./names.ts";

/** A row, and how the requested model differs from it. */
interface Named<R> {
  row: R;
  variant: Variant;
}

/** The rows of a table by each of their names, and the length of the longest name. */
interface Index<R> {
  byName: ReadonlyMap<string, R>;
  longest: number;
}

/** A table never changes, so it is indexed once. */
const read = new WeakMap<readonly unknown[], Index<unknown>>();

/**
 * The row of a table that a model's name (`Qwen/Qwen3-8B-FP8`) refers to; the publisher is ignored. It is the row
 * with the longest name with which the model's begins, if the rest of the name only describes tuning or quantisation:
 * anything else (another size, a draft head, a longer context) is another, unknown model.
 */
export function named<R>(
  name: string,
  rows: readonly R[],
  namesOf: (row: R) => readonly string[],
): Named<R> | undefined {
  const { byName, longest } = (read.get(rows) ?? index(rows, namesOf)) as Index<R>;
  const last = lastPart(name);
  // To look up each beginning of a long text would cost the square of its length.
  for (const end of [last.length, ...separators(last.slice(0, longest + 1))]) {
    const row = byName.get(last.slice(0, end));
    if (row === undefined) continue;
    const variant = variantOf(name, last.slice(end));
    return variant && { row, variant };
  }
  return undefined;
}

function index<R>(rows: readonly R[], namesOf: (row: R) => readonly string[]): Index<R> {
  const byName = new Map(rows.flatMap((row) => namesOf(row).map((one): [string, R] => [lastPart(one), row])));
  const indexed = { byName, longest: Math.max(0, ...[...byName.keys()].map(({ length }) => length)) };
  read.set(rows, indexed);
  return indexed;
}

/** Positions at which a name could end, the longest first. */
function separators(name: string): number[] {
  return [...name].flatMap((character, i) => (/[-_.]/.test(character) ? [i] : [])).reverse();
}

/** A name in lower case and without a publisher. */
export function lastPart(name: string): string {
  return (name.split("/").at(-1) ?? "").toLowerCase();
}

/** A path without a tag or revision after its last part. */
export function withoutRevision(path: string, ...marks: readonly string[]): string {
  const folder = path.lastIndexOf("/") + 1;
  const at = marks.map((mark) => path.indexOf(mark, folder)).filter((index) => index >= 0);
  return path.slice(0, Math.min(path.length, ...at));
}
