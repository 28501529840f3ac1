/** `did you mean X?` for the nearest of the known names; undefined if none is near. */
export function didYouMean(name: string, known: readonly string[]): string | undefined {
  const near = nearest(name, known);
  return near === undefined ? undefined : `did you mean ${near}?`;
}

/** How to correct a misspelt name next to the right one, which a second time would be a duplicate. */
export function removeBeside(name: string, near: string): string {
  return `remove ${name}: ${near} is also set`;
}

/**
 * The known name that needs the fewest changes; a name in another case first, then the only one whose first words the
 * name is (`llama3` of `llama3_json`), and none with more changes than a third of its letters.
 */
export function nearest(name: string, known: readonly string[]): string | undefined {
  const sameLetters = known.find((one) => one.toLowerCase() === name.toLowerCase());
  if (sameLetters !== undefined) return sameLetters;
  if (name.length > LONGEST) return undefined;
  const [longer, ...others] = name.length < FEWEST ? [] : known.filter((one) => beginsWith(one, name));
  if (longer !== undefined && others.length === 0) return longer;
  const furthest = Math.max(1, Math.floor(name.length / 3));
  const byDistance = known
    .filter((one) => Math.abs(one.length - name.length) <= furthest)
    .map((one) => ({ one, distance: editDistance(name, one, furthest) }))
    .filter(({ distance }) => distance <= furthest)
    .sort((a, b) => a.distance - b.distance);
  return byDistance[0]?.one;
}

/** Whether a name begins with whole words of another: with the letters of that, and a dash or underscore after them. */
function beginsWith(name: string, words: string): boolean {
  return /[-_]/.test(name.charAt(words.length)) && name.toLowerCase().startsWith(words.toLowerCase());
}

/**
 * The longest known name whose words are at the start or end of a name, or that has the words of the name at its own
 * start or end: `config` of `endpointPickerConfig`.
 */
export function sharingWords(name: string, known: readonly string[]): string | undefined {
  const words = wordsOf(name);
  return known
    .filter((one) => contains(words, wordsOf(one)) || contains(wordsOf(one), words))
    .sort((a, b) => b.length - a.length)[0];
}

/** The words of a name in camel case, in lower case. */
function wordsOf(name: string): string[] {
  return name
    .replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
    .split(" ")
    .filter((word) => word !== "");
}

function contains(words: readonly string[], others: readonly string[]): boolean {
  const isAt = (start: number): boolean => start >= 0 && others.every((word, index) => words[start + index] === word);
  return others.length > 0 && (isAt(0) || isAt(words.length - others.length));
}

/** Whether one name is the other with a typing error: near enough to write the other without asking. */
export function isSlip(name: string, other: string): boolean {
  const plain = (text: string): string => text.toLowerCase().replace(/[-_]/g, "");
  return plain(name) === plain(other) || (name.length <= LONGEST && editDistance(name, other, SLIP) <= SLIP);
}

const SLIP = 2;

/** Whether two names with dashes differ in one word, which begins alike: `max-model-length` and `max-model-len`. */
export function sameButOneWord(name: string, other: string): boolean {
  const [words, others] = [name.split("-"), other.split("-")];
  const different = words.flatMap((word, i) => (word === others[i] ? [] : [[word, others[i] ?? ""] as const]));
  const [[word, known] = ["", ""]] = different;
  const begin = known.slice(0, FEWEST);
  return words.length === others.length && different.length === 1 && begin.length === FEWEST && word.startsWith(begin);
}

/**
 * Whether each word of a name with dashes is like the other name's word at its place: `root-path` is not what
 * `lora-path` means. Names with other numbers of words may be alike.
 */
export function hasLikeWords(name: string, other: string): boolean {
  const [words, others] = [name.split("-"), other.split("-")];
  if (words.length !== others.length) return true;
  return words.every((word, i) => {
    const known = others[i] ?? "";
    return nearest(word, [known]) !== undefined || word.slice(0, FEWEST) === known.slice(0, FEWEST);
  });
}

/** Letters that begin both words of an abbreviation. */
const FEWEST = 3;

/** A longer name is not a typing error, and the time to compare grows with the square of the length. */
const LONGEST = 100;

/**
 * Levenshtein's distance, with a swap of neighbours as one change. The computation stops at a distance above `most`: a
 * command line may contain thousands of unknown flags, and each is compared with every flag of the engine.
 */
function editDistance(a: string, b: string, most: number): number {
  let older: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = rowAfter(row, older, a, b, i);
    if (Math.min(...next) > most && Math.min(...row) > most) return most + 1;
    older = row;
    row = next;
  }
  return row[b.length] ?? 0;
}

/** The next row of the table: the fewest changes from the first `i` letters of one word to each beginning of the other. */
function rowAfter(row: readonly number[], older: readonly number[], a: string, b: string, i: number): number[] {
  const next = [i];
  for (let j = 1; j <= b.length; j++) {
    const same = a[i - 1] === b[j - 1] ? 0 : 1;
    const fewest = Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + same);
    const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
    next.push(swapped ? Math.min(fewest, (older[j - 2] ?? 0) + 1) : fewest);
  }
  return next;
}
