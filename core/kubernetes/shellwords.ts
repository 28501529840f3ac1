/** A word as it is written, and as a shell reads it: without its quotes and the escapes in double ones. */
export interface ShellWord {
  written: string;
  read: string;
}

/**
 * The words that a shell would make of a text. An unclosed quote ends a word and is left out, as is white space. Each
 * character is looked at once or twice, whatever the text is.
 */
export function shellWordsOf(text: string): ShellWord[] {
  const words: ShellWord[] = [];
  const unclosed = new Set<string>();
  let word: ShellWord | undefined;
  for (let at = 0; at < text.length; ) {
    const piece = pieceAt(text, at, unclosed);
    at += piece?.written.length ?? 1;
    if (piece === undefined) {
      word = undefined;
      continue;
    }
    if (word === undefined) {
      word = { written: "", read: "" };
      words.push(word);
    }
    word.written += piece.written;
    word.read += piece.read;
  }
  return words;
}

/**
 * The items of a command line that was written as one text. Undefined for a text that only a shell can run (with a pipe, a redirection
 * or several commands), and for one with an unclosed quote or with escapes.
 */
export function commandWords(text: string): string[] | undefined {
  const joined = text.replace(/\\\r?\n/g, " ");
  const words = shellWordsOf(joined);
  const bare = (part: string): string => part.replace(/\s/g, "");
  const isWhole = bare(words.map(({ written }) => written).join("")) === bare(joined);
  const isPlain = words.every(({ written }) => !OF_SHELL.test(written.replace(QUOTED, "")));
  return isWhole && isPlain ? words.map(({ read }) => read) : undefined;
}
const QUOTED = /"[^"]*"|'[^']*'/g;
const OF_SHELL = /[|&;<>`\\]/;

const PLAIN = /[^\s"']+/y;

/** The part of a word that begins here; undefined for white space and for an unclosed quote. */
function pieceAt(text: string, at: number, unclosed: Set<string>): ShellWord | undefined {
  const quote = text.charAt(at);
  if (quote !== '"' && quote !== "'") {
    PLAIN.lastIndex = at;
    const plain = PLAIN.exec(text)?.[0];
    return plain === undefined ? undefined : { written: plain, read: plain };
  }
  const end = unclosed.has(quote) ? -1 : closingOf(text, at + 1, quote);
  // If this quote is unclosed, every later one is too: each of them was skipped as an escaped one.
  if (end < 0) {
    unclosed.add(quote);
    return undefined;
  }
  const inside = text.slice(at + 1, end);
  return {
    written: text.slice(at, end + 1),
    read: quote === "'" ? inside : inside.replace(/\\(["\\$`])/g, "$1"),
  };
}

function closingOf(text: string, start: number, quote: string): number {
  if (quote === "'") return text.indexOf(quote, start);
  for (let at = start; at < text.length; at++) {
    if (text[at] === "\\") at++;
    else if (text[at] === quote) return at;
  }
  return -1;
}
