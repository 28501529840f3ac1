/** The position of a flag in the merged command line, and of each of its keys (`--flag.key`), to any depth. */
interface Written {
  places: number[];
  /** The values of a flag that may be repeated. */
  values: Set<string>;
  keys: Map<string, Written>;
}

/**
 * The arguments with the latest of each flag, in the place of the first. A flag also removes its keys; one that may be
 * repeated comes after the earlier ones, once with each value. The time is proportional to the length of the command
 * line.
 */
export function latestOfEach(args: readonly Arg[], isRepeated: (flag: string) => boolean): Arg[] {
  const merged: (Arg | undefined)[] = [];
  const root = nothingWritten();
  for (const arg of args) {
    const { flag = "" } = arg;
    const given = writtenOf(root, flag);
    const place = isRepeated(flag) ? nextPlace(given, arg, merged.length) : takenPlace(given, merged);
    if (place === undefined) continue;
    merged[place] = arg;
    given.places.push(place);
  }
  return merged.filter((arg) => arg !== undefined);
}

function nothingWritten(): Written {
  return { places: [], values: new Set(), keys: new Map() };
}

function writtenOf(root: Written, flag: string): Written {
  let given = root;
  for (const key of flag.split(".")) {
    const next = given.keys.get(key) ?? nothingWritten();
    given.keys.set(key, next);
    given = next;
  }
  return given;
}

/** A place after the others; undefined if the flag has this value already. */
function nextPlace({ values }: Written, arg: Arg, next: number): number | undefined {
  const value = arg.values.join("\n");
  if (values.has(value)) return undefined;
  values.add(value);
  return next;
}

/** The first place of a flag and its keys, all of which are removed; otherwise a place after the others. */
function takenPlace(given: Written, merged: (Arg | undefined)[]): number {
  let first = merged.length;
  const open = [given];
  for (let one = open.pop(); one !== undefined; one = open.pop()) {
    for (const place of one.places) {
      merged[place] = undefined;
      first = Math.min(first, place);
    }
    one.places = [];
    for (const key of one.keys.values()) open.push(key);
  }
  given.keys.clear();
  return first;
}

/**
 * Command lines of engines, merged flag by flag. The number of values is known for the flags of the table; for another
 * flag every following word that is not a flag is its value, unless its name implies a switch (`enable-`, `disable-`,
 * `--no-`).
 */
export interface Arg {
  /**
   * The flag's canonical name: long, with dashes, without `no-`; `--` for everything after that; undefined for a bare
   * word.
   */
  flag?: string;
  /** The values of the flag: none for a switch, several for a list. */
  values: string[];
  /** Whether it was written as `--no-FLAG`. */
  negated: boolean;
  /** The words that were written, the flag itself first. */
  words: string[];
}
